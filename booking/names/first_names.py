"""Which first names are different people.

Recognisers turn names into other real names, and families share a number and a surname: whether
`Jana` is a misheard `Jan` or his sister is not to be read off the letters. Common names of both
languages are listed by gender; what is given to both stands apart.
A name that is on no list is judged by its sound alone.
"""

from booking.names.lexicon import block
from booking.names.said_otherwise import full_names

WOMEN = block(
    """
    aaliyah abena ada adaeze addison adele aditi agatha agnes agnieszka aicha aida aideen aileen
    aisha akiko alba alberta aleksandra alena alessandra alessia alexa alexandra alexia alexis
    alfonso alice alicia alicja alina alisa alisha alison allison alma almut alva alwine alyssa amal
    amalie amanda amara amber amelia amelie amina amira amy ana ananya anastasia anastasija andrea
    anett angela angelika angelina angelique angharad anika anita anja anjali anke ann anna annabell
    annabelle annalena annalisa anne annegret anneke anneli annelie anneliese annelore annemarie
    annett annette anni annie annina anouk antje antke antoinette antonella antonia aoife april
    arabella ariane arlene arlo armando arzu asher ashlee asli astrid asya athena aubrey audrey
    aurelia aurora ava ayla ayleen aylin ayse aysel babette babsi barbara beata beate beatrice
    beatrix beatriz bella benedikta berenike berit bernadette bernice berta bertha beryl bessie beth
    bethan bethany bettina betty beverley bianca bianka biljana billie birgit birke birte birthe
    blair blaire blanche bobbie bonnie bozena branka brayden brenda brianna bridget bridgette
    brigitte britta brittany bronwyn brooke brooklyn bruna burcu burghard caitlin caleb callie
    camilla candace candice caoimhe cara carey carina carla carlotta carmel carmela carmen carol
    carola carole caroline carys cassandra cassie catarina caterina catharina catherine cathleen
    cathrin catrin cecilia cecilie celeste celin celina celine cerys cesar chantal charlene
    charlotte charmaine chelsea chelsey cherie cheryl chiara chloe christa christel christiane
    christin christina christine ciara cindy claire clara clarissa claudia claudine clementine cleo
    colette colton conny constance constanze consuelo cora cordelia corinna corinne cornelia cosima
    courtney cristina cynthia dagmar dahlia daisy dajana dana danica daniela danielle danuta daphne
    darcy daria darnell dawn deanna deborah debra dee deepa deepika defne delia delilah della denise
    deniz derya deshawn desiree diana diane dietlinde dilek dina divya doerte dolly dolores
    donatella donna dora doreen doris dorle dorota dorothea dorothee dorothy dragica ebru edda
    edelgard edeltraud edeltraut edie edith edna effie ehrenfried eileen elaine eleanor elena eleni
    eleonore elfi elfriede elif elin elina elinor elisa elisabeth elisabetta elise elisha elizabeth
    elke ella ellen ellie elmira elodie eloise elouise elsa elsbeth else elspeth elvira elzbieta
    emely emilia emiliano emilie emily emine emma emmeline emmett emmi enid enie enya erica erika
    erin erna ernestine ernesto esin esma esme esmeralda esra esteban estelle esther ethel etta
    eugenia eunice eva evangeline eve evelin evelyn evelyne everett evi evie ewa ewelina eylem
    ezekiel fabienne faith fanny farida fatima fatma fatme fatou fay faye felicia felicitas felicity
    femi fenja fenna ferdl ffion filiz finja fiona fiore fleur flora florence florentine florrie
    folake franca frances francesca frankie franziska frauke freda frederike freya frida frieda
    friedegard friedericke friederike gabi gabriela gabriele gabriella gaby gail galina gaynor gemma
    genevieve genowefa georgia georgie georgina geraldine gerda gerhild gerlind gerlinde gerti
    gertie gertraud gertrud gesa gesche gesine gilda gillian gina ginny giorgia gisela giselle
    giulia giulietta gizem glenda glenys gloria glynis gordana grace grainne grayson grazyna greta
    gretchen grete guadalupe gudrun gulsen gunda gundel gundula gunhild gurpreet gustavo gwen gwenda
    gwendoline gwendolyn gwyneth hailey haley halina hana hanife hanka hanna hannah hanne hannelore
    hari harpreet harriet hatice hattie hayley hazel heather hedda hedwig heide heidelinde
    heidemarie heiderose heidi heidrun heike heinke helen helena helene helga hella helma henny
    henrietta henriette henrike herma hermine hernan herta hertha hettie hetty hilary hilda
    hildegard hilke hillary hiltrud hollie holly hope houda hulya huong ida ignacio ilaria ilka
    ilona ilse imani imelda imke imogen ina ines inez inga inge ingeborg ingrid inka inken inna insa
    iona ira irem irena irene irina iris irma irmela irmgard irmhild irmtraud irmtrud iryna isabel
    isabell isabella isabelle isaiah isla isobel isolde ivana ivonne ivy iwona izabela jace jacinta
    jackie jacqueline jada jade jadwiga jamila jana jane janelle janet janette janey janice janika
    janin janina janine janna janne jara jasmin jasmina jasmine jasna jaspreet jaxon jayden jayne
    jean jeanette jeanne jeannette jeannie jelani jelena jemima jenna jennifer jenny jess jessica
    jessika jette jill jillian joan joana joann joanna joanne jocelyn jodi jodie joelle joerdis
    johanna johanne jolanda jolanta jolene jolina joni jordan josefine josephine josie joy joyce
    juana juanita judit judith judy julia juliana juliane julie juliet juliette julija juna june
    juno justyna jutta kaitlyn kamila kara karen karin karina karla karolin karolina karoline kasey
    kasia katalin katarina katarzyna kate katharina katherina katherine kathie kathleen kathrin
    kathryn kathy kati katinka katja katrin kavita kavya kay kaye kayla kaylee keanu keira keisha
    kelli kelly kendra keri kerri kerstin khadija kiara kiera kim kimberley kimberly kinga kira
    kirsten kirstin kirsty klara klothilde konstanze kornelia kreszenz krishna krista kristen
    kristie kristin kristina kristine kristy krystyna kunigunde kyra lacey lakshmi lamar lamia lana
    landon lara larissa larysa latifa latoya laura lauren lavinia layla lea leah leanne leila
    leilani lena lene leni leona leonel leonie leonora leonore leontine lesley leticia levke leyla
    lia liana lidia liesbeth liesel lieselotte lila lilian liliana lilith lilli lillian lilly lilo
    lily lina linda lindsay linh linn linnea lisa lisbeth liselotte lisette liska liv livia ljiljana
    lois lola loraine lore loreen lorena loretta lorna lorraine lotta lotte lottie lou louisa louise
    luana lucia lucie lucienne lucille lucinda lucja lucy lucyna ludmila luella luisa luise luna
    luzia luzie lydia lyn lynda lynette lynn lynne lyudmila mabel maddie madeleine madelyn madison
    madita mae maeve magda magdalena maggie maike maisie maja majbritt maleen malgorzata malgosia
    malia malika malin malina malwina malwine mamadou mandy manja manpreet manuela mara maraike
    marcia mareen mareike mareile maren margaret margarete margarethe margarita marge margherita
    margit margo margot margret margrit marguerite maria mariah mariam marian mariana mariann
    marianna marianne maribel marie marieke mariella marielle marieluise marietta marijke marika
    marilyn marina marion marisa marisol marissa marit marita marjorie marjory marleen marlen
    marlena marlene marlies marlis marnie marta martha martina mary maryam maryann maryanne marzena
    mathea mathilda mathilde matilda mattie maud maura maureen mavis maxi maxine maya mechthild
    meera meg meike melanie melba melike melina melinda melissa meltem mercedes meredith merit merle
    meryem meta mette mia michaela michelle mila mildred milena milla millie mina minnie mira
    miranda mirella miriam mirijam mirja mirjam mirjana moira mollie molly momme mona monica monika
    monique morag morgan moyra muriel myra myrtle nada nadia nadine nadja naime nancy nane nanette
    naomi nasrin natalia natalie natalja natascha natasha nathalie nazan nazli neele neha neithard
    nele nell nelli nellie nelly nena nerys netta nevaeh nevin ngoc ngozi nia niamh nichola nicola
    nicole nicoletta nicolette nike nikola nilay nina nisha noemi nola noor nora noreen norma
    notburga nour noura nuray nurcan nurten octavia oda odette oezge oezlem oksana ola olena olga
    olivia oonagh opal orla orlaith ornella ortrud ortrun ottilie ottoline oxana ozge ozlem paige
    paisley paloma pamela paola parisa pat patricia patrycja paula paulette paulina pauline pearl
    peggy pelin penelope petra petula philine philippa philomena phoebe phuong phyllida phyllis pia
    piet pilar pinar piper polly pooja poppy portia priscilla priya priyanka rachel radhika
    raffaella rahel raisa raissa ramona randi rania raphaela raquel rebecca rebekka reem regina
    regine reinhild reinhilde renata renate renee reni resi rhea rhiannon rhonda ricarda rieke rike
    rita roberta robyn rochelle rocio rodrigo roisin romina romy ronda ronja rosa rosalia rosalie
    rosalind rosalinde rosalyn rosamunde rosanna rose rosel rosella rosemarie rosemary rosi rosie
    rosina roslyn roswita roswitha rowena roxana roxanne rubina ruby ruth sabeth sabina sabine
    sabrina sadie sakura sallie sally salma salvador samantha samara samia samira sandra sandy sanja
    saoirse sara sarah sarina saskia savannah scarlett segun seher selda selena selin selina selma
    sema senem senta seren serena sevda sevgi sevim shalini shanice shannon sharon sharron shawna
    sheena sheila shelby shelley sherri sherry shirin shirley shona shreya sian sibel sibylle
    sieghild sieglinde siegmund sienna sigrid sigrun sila silja silke silvana silvia silvie simona
    simone sina sinead sinja siobhan sioned sita skye slavica snezana sofia sofie solveig songuel
    sonia sonja sonya sophia sophie soraya sorcha stacey stacy stefania stefanie steffi stella
    stephanie sue sumaya summer sunita susan susann susanna susanne suse suzanne suzy svantje svea
    svenja svetlana svitlana swantje swati sybil sybille sylvia sylvie sylwia tabea tabitha takumi
    talea tamara tamika tamina tammy tamsin tania tanja tanya tara tasha tatiana tatjana telse
    teresa teri terrell terri tess tessa thalia thao thea thekla thelma theodora theres theresa
    therese theresia thuy tia tiana tiffany tilda tilla tilly tina tine tjorven tomke tomma tonya
    tori tracey tracy trang traudel traute tricia trina trish trisha trixi trudi trudy tuelay
    tuerkan tugba tulay tunde tyrell ulla ulrike una undine ursel ursula urszula uschi usha usman
    uta ute val valentina valerie valeska vanessa velma vera verena verity verna verona veronica
    veronika vesna vicki vickie vicky victoria viktoria viola violet violetta vivi vivian viviane
    vivien walburga waltraud waltraut wanda wencke wendy wenke weronika wibke wiebe wiebke wieslawa
    wilhelma wilhelmina wilhelmine willa willow wilma winifred winnie wyatt xenia yagmur yara
    yasemin yasmin yasmina yasmine yeliz ylva yoko yolanda ysabel yuki yulia yvette yvonne zahra
    zainab zaneta zara zaynab zehra zeinab zelda zeliha zena zeynep zion zita zoe zofia zora zorica
    zuhal zuzanna
    """
)
MEN = block(
    """
    aarav aaron abbas abdul abdullah abel abraham achim adam adem adnan adolf adrian ahmad ahmed
    ahmet aidan aiden alan alasdair alastair albert albrecht aldo aled alejandro aleksandar
    aleksander aleksey alessandro alex alexander alexei alexis alfie alfons alfred ali alistair
    alois alper alwin amin amine amir amit ammar anas anatoli anders andre andreas andrei andrej
    andrew andrzej andy angelo angus anil ankit anno anselm ansgar anthony anton antonio
    archibald archie arda arend ari arjun armin arndt arne arnim arno arnold arthur artur arun
    arvid ashley ashok attila august aurel axel aydin aykut ayman aziz balthasar baris barnaby
    barry bartek bartosz basil bassam bastian bayram bekir bela ben benedikt beni benjamin benno
    bent berat bernard bernd bernhard bero bert berthold berti bertie bertram bilal bill birger
    bjarne bjoern blair bo bob bodo bogdan boguslaw bojan boje bolko bora boris bosse bradley
    brandon branko brendan brett brian bruce bruno bryan bryn buelent bulent burak burchard
    burkhard byron callum calvin cameron can carl carlo carlos carsten caspar cecil cedric celal
    cem cemil cengiz charles charlie chidi chinedu chris christian christof christoph
    christopher cihan claas clarence claudio claus clemens clement cliff clive colin connor
    conor conrad constantin corey cormac corvin craig curt cyril czeslaw damian damien damir dan
    daniel dankwart danny dario darius dariusz darragh darrell darren darryl daryl dave david
    davide dawid dean declan deepak dejan denis deniz dennis derek dermot desmond detlef detlev
    dewi dexter diego dieter diethard dietmar dietrich dillon dimitri dimitrios dinesh dirk
    dmitri dogan domenico dominic dominick dominik don donald dorian dougal douglas dragan drew
    duc duncan dursun dusan dustin dwayne dwight dylan eamon eamonn eberhard eckart eckehard
    eckhard eddie edgar edmund eduard eduardo edward edwin edzard efe egbert eggert egon ehsan
    eike einar ekkehard ekrem eli elias elijah elimar elliot elliott elmar elmo emanuel emeka
    emil emilio emin emir emirhan emmanuel emmerich emre emrys enes engelbert engin enno enrico
    enrique ensar eoin erasmus ercan erdem erhard eric erich erik erkan ernest ernst erol ersin
    erwin ethan euan eugen eugene evan ewald ewan ezra fabian fabio fadi faisal falk falko farid
    farouk fatih federico felix ferdinand fergus ferhat fernando fiete fietje fikret filip
    finley finn flemming florentin florian focko folkert francesco francis francisco franciszek
    franco frank franz fred freddie frederic frederick frederik fridolin friedemann frieder
    friedhelm friedrich fritjof fritz furkan fynn gabor gabriel ganesh gangolf gareth gary gavin
    gebhard gene geoffrey georg george gerald gerard gerd gereon gerhard gernot gero gerold
    gerrit gerry gethin giacomo gideon gilbert giles giorgio giovanni gisbert giulio giuseppe
    glen glenn godfrey goekhan goetz goksel golo gonzalo gopal goran gordon gottfried gotthard
    gotthilf gotthold gottlieb graeme graham grant greg gregor gregory grzegorz guenay guenter
    guenther guido guillermo gundolf gunnar gunter gunther guntram gurkan gus gustav guy habib
    hadrian haitham hajo hakan halil halit hamid hamish hamza hani hanjo hannes hanno hans
    hansjoerg harald hardy hario harley harold harro harry hartmann hartmut hartwig harun haruto
    harvey hasan hasko hassan hasso hauke hector heiko hein heiner heino heinrich heinz helfried
    helge hellmut helmut helmuth hendrik henner hennes henning henri henrik henry henryk herbert
    heribert hermann hicham hideo hieu hilko hilmar hinnerk hinrich hiroshi hoang holger horace
    horst hossam howard hubert hubertus hueseyin hugh hugo huseyin hussein huw iain ian ibrahim
    idris ifan ignaz igor ilhan ilja ilker ilyas immanuel immo imran ingbert ingmar ingo ingolf
    ingvar ireneusz irfan isaac ishaan ismail ismet issa ivan iven ivica ivo ivor jaap jacek
    jack jacob jacques jaime jakob jamal james jamie jan janek janis janko jannes jannik jannis
    janosch jared jarne jaromir jaroslaw jason jasper javier jean jeff jeffrey jelto jens jenson
    jeremiah jeremias jeremy jerome jerry jerzy jesse jesus jim jimmy jiri joachim joao jobst
    jochen joe joel joerdis joerg joern joey johann johannes john jolyon jon jonah jonas
    jonathan jonte joost jordan jorg jorge joris jorrit jose josef joseph joshua josiah jost
    josua jovan juan jude juergen jules julian julien julio julius jupp jurek juri jurij justin
    justus kaan kacper kadir kai kamil kareem karim karl karol karsten karthik kaspar kazim
    kazimierz keir keith kelvin kemal ken kenan kenji kenneth keno kerem kevin khaled khalid
    khanh kieran kilian kim kirk kit kjell klaas klaus klemens knud knut kofi kojo konrad
    konstantin koray korbinian kresimir kris krystian krzysztof kunibert kuno kurt kwame kyle
    lachlan ladislaus lambert lars lasse laszlo laurence laurenz laurie laurin lawrence leander
    lech lee leif len lenn lennard lennart lennert lennox leo leon leonard leonardo leonhard
    leopold leroy leszek levent levi levin lewin lewis liam lienhard linus lio lion ljubomir
    lloyd logan lorcan lorenz lorenzo lorin loris lothar louis luan luc luca lucas lucian
    luciano lucjan ludger ludwig luigi luis luka lukas lukasz luke luther lutz maciej maciek
    magnus mahdi mahesh mahir mahmoud mahmut maik majid malcolm malek malik malte mandus manfred
    manish manuel marc marcel marcell marcin marco marcos marcus marek marian marijan marinus
    mario marius mark marko markus marlon marten martin marty marvin marwan massimo mateo
    mateusz mathias mathis mats matteo mattes matthew matthias matthis matti mattis maurice
    maurits mauritz mauro max maxim maximilian mazen mehdi mehmet meik meinert meinhard meinolf
    melchior melvin melvyn menno merlin mert mervyn mesut mete metin mevlut mewes micah micha
    michael michal michel mieczyslaw miguel mika mike mikkel milan miles milo milorad milos minh
    miodrag mirco mirko miroslav miroslaw mitch mitchell mladen mohamad mohamed mohammad
    mohammed mohan moritz morten mounir moussa muhammad muhammed mukesh murat musa mustafa
    muzaffer myles nabil nader nando nasser nathan nathaniel naveen nazim neal nebojsa necati
    ned nedim neidhart neil nelson nenad nepomuk neville niall nicholas nick nico nicolai
    nicolas niels nigel nihat nikhil nikita niklas niko nikolai nikolaus nikos nils nis nizar
    noah noel norbert norman norwin nuri nusret odo oemer oezguer oguz okan okke olaf olav ole
    oleg oleh oleksandr oliver oliwer olly oluf oluwaseun omar omer onno onur orhan orkun ortwin
    osama oscar oskar osman oswald othmar otis otmar ottfried ottmar otto ottokar owain owe owen
    pablo paco padraig paolo pascal patrice patrick paul paulo pavel pawel pedro peer pepe per
    percy petar peter phil philip philipp philippe phillip philo phuc pierre piers pietro piotr
    pirmin pradeep prakash predrag przemyslaw quang quentin quincy quirin rachid radoslaw rafael
    rafal ragnar rahul raik raimund rainer raj rajesh rajiv rakesh ralf ralph ramazan ramesh
    rami ramon randall randolf randolph randy raoul raphael rashid rasmus ratko raul ravi ray
    raymond recep reece reemt reginald reimar reimer reinald reiner reinhard reinhart reinhold
    remo remzi rene reto reuben rhodri rhys riad ricardo richard rico rifat riko riza robert
    roberto robin rocco roderick rodney roger rohan rohit roland rolf roman romeo romuald ron
    ronald ronny rory ross roy royston ruairi ruaridh ruben rudi rudolf ruediger rufus rupert
    ruprecht russell rusty ruwen ryan ryszard saad sabri salah saleh salih salim salvatore sam
    sami samir samson samuel sandeep sandro sanjay santiago sascha satish satoshi saul scott
    seamus sean sebald sebastian sedat sefa selcuk selim semih seraphin serdar serge sergei
    sergej sergio serkan severin sezer shane shankar shaun shawn sheldon sherif sid sidney
    siegbert siegfried siegmar sigi sigmund sigurd silas silvio simeon simon sinan sinisa sixten
    slavko slawomir slobodan soenke soeren solomon spencer srdjan stan stanislaw stanley stefan
    stefano steffen sten stephan stephen steve steven stewart stjepan stuart sueleyman
    sukhvinder suleyman sunil suresh sven sverre sylvester szymon tade tadeusz tahir takeshi
    talal tamer tamme tammo taner tarek tariq tarkan tarquin tassilo tayfun tebbe ted teddy
    temel teo terence terrance terry thad thaddaeus thaddeus thanh thassilo theis theo theobald
    theodor theodore thies thilo thomas thoralf thorben thore thorsten thorwald thure tibor
    tiemo tihomir till tilman tilo tim timo timothy timur tino titus tiziano tjard tjark tobi
    tobias toby todd tolga tom tomas tomasz tomek tomislav tommaso tommy tomos toni tony toralf
    torben tore torge torsten traugott travis trevor tristan tronje tuan tuncay turan ture
    turgay turgut tyler tyrone ubbo udo ufuk ugur ulf ulfert uli ulrich umit umut urban urs utz
    uwe valentin valerian vasco vasyl vedat veit veli vernon vico victor viet vigo vihaan vijay
    vikram viktor vince vincent vincenzo vinod vinzent vinzenz vitali vitaliy vito vittorio
    vivek vladimir vlado volkan volker volkhard volkmar volodymyr vural wael waldemar walid
    walter warren warwick wayne wendel wendelin wenzel werner wesley wiard wichard wiegand
    wieland wieslaw wigbert wilbur wilf wilfred wilfried wilhelm wilko will willi william
    willibald willy wim winfried winrich winston wito witold wladimir wlodzimierz wojciech
    wojtek wolf wolfgang wolfhard wolfhart wolfram wulf xaver xavier yahya yakup yannick yannik
    yannis yasar yasin yasser yavuz yevgeny yildirim yilmaz yorick yousef youssef yunus yuri
    yusuf yves zachary zack zafer zaid zane zbigniew zdenek zdravko zdzislaw zeki zeljko zenon
    ziad zoltan zoran
    """
)
EITHER = block(
    """
    alex angel ashley avery blake casey charlie dakota dominique eike emerson hayden jamie jona
    jules kai kelly kerry leslie luca mika morgan noa peyton quinn reese remy riley robin rowan sam
    sascha shay skylar skyler taylor toni yemi
    """
)


def is_first_name(word: str) -> bool:
    """Whether the folded word is a first name that we know; many are surnames too."""
    return word in WOMEN or word in MEN or word in EITHER or bool(full_names(word))


def genders(word: str) -> frozenset[str]:
    """`m`, `f`, both or, for a name we do not know, neither; a short form has its full names'."""
    names = {word} | full_names(word)
    either = not names.isdisjoint(EITHER)
    women, men = either or not names.isdisjoint(WOMEN), either or not names.isdisjoint(MEN)
    return frozenset(gender for gender, fits in (("f", women), ("m", men)) if fits)
