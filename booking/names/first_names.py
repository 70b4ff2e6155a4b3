"""Which first names are different people, and which are one person said in two ways.

Recognisers turn names into other real names, and families share a number and a surname: whether
`Jana` is a misheard `Jan` or his sister is not to be read off the letters. Common names of both
languages are listed by gender, short forms and pronunciations that no rule predicts in groups.
A name that is on no list is judged by its sound alone.
"""

from collections.abc import Mapping

from booking.names.fold import fold
from booking.names.lexicon import block

WOMEN = block(
    """
    tino lio pepe bo bruce alfie freddie teddy jude ezra rory finn angus hamish iain ewan euan
    alistair alasdair gregor ruaridh rhys owain gethin dewi emrys barnaby tarquin rupert desmond
    cecil percy reginald wilfred clarence horace ernest thaddeus jasper elliott harvey toby reece
    zack kai zane tristan wendelin wenzel ladislaus fridolin gotthilf hinnerk jasper jelto jorrit
    keno enno tjark tamme wiard volkmar winrich wigbert wolfhard eckehard ottfried siegbert helge
    ingvar torge hartwig burak baris serkan tolga tuncay umit yavuz selcuk ercan erkan fikret
    goksel osman oguz cemil ismet levent metin okan orkun rifat sedat taner ugur vedat slavko
    zoran dusan nebojsa bojan miodrag wojtek jacek jerzy kazimierz leszek maciej stanislaw tadeusz
    witold zbigniew sergei dmitri oleksandr yevgeny jurij gemma poppy millie evie esme orla maisie
    imogen harriet matilda elodie tia juna enya lotte henny carlotta philippa rhiannon winifred
    doris joy ruby pearl nia sian ffion bronwyn erin kiera tamsin verity juno thelma agatha
    cordelia lavinia octavia portia ottoline hilda hettie wilhelmina leontine mathea merit tjorven
    svantje wiebe gesine gesa imke antke frauke heinke silvana ornella sevgi zeliha meltem burcu
    gizem tugba nilay sila defne asya elisabetta giulietta alessandra donatella paola raffaella
    ewa kasia beata dorota grazyna halina iwona jolanta katarzyna malgosia ola zofia olena oksana
    lyudmila tatiana galina raisa ada adele agnes agnieszka aicha aida aileen aisha alba alessia
    alexa alexandra alexia alice alicia alina alisa alison alma almut alva alwine amanda amelia
    amelie amina amy ana anastasia andrea angela angelika angelina anika anita anja anke ann anna
    annabell annabelle annalena anne annegret anneke annelie anneliese annemarie annett annette
    anni annie anouk antje antonia april arabella ariane arzu asli astrid audrey aurelia aurora
    ava ayla ayse aysel babette barbara beate beatrice beatrix bella berit bernadette bertha beth
    bettina betty beverley bianca birgit birte bonnie branka brenda brianna bridget brigitte
    britta brooke bruna camilla cara carina carla carlotta carmen carol carola carole caroline
    cassandra catarina caterina catharina catherine cathrin cecilia cecilie celina celine chantal
    charlotte chelsea cheryl chiara chloe christa christel christiane christin christina christine
    cindy claire clara claudia claudine clementine colette conny constanze cora corinna cornelia
    courtney cristina cynthia dagmar daisy dana daniela danielle daria deborah debra deniz denise
    derya desiree diana diane dilek dina dora doreen doris dorothea dorothee dorothy ebru edda
    edeltraud edith edna eileen elaine eleanor elena eleni eleonore elfriede elif elina elisa
    elisabeth elise elizabeth elke ella ellen ellie elmira elsa elsbeth else elvira emilia emilie
    emily emine emma erica erika erna esin esma esmeralda esra estelle esther eugenia eva evelin
    evelyn evi fabienne faith fatima fatma faye felicia felicitas felicity finja fiona fiore flora
    florence florentine franca frances francesca franziska freya frida frieda friederike
    friedericke gabi gabriela gabriele gabriella gaby genevieve georgia georgina geraldine gerda
    gerlinde gertraud gertrud gesa gesche gillian gina gisela giulia gloria grace greta gretchen
    grete gudrun gulsen gundula hailey hana hanna hannah hanne hannelore hatice hayley hazel
    heather hedwig heide heidemarie heidi heidrun heike helen helena helene helga henriette
    henrike herma hermine herta hildegard holly hope hulya ida ilka ilona ilse imke ina ines inga
    inge ingeborg ingrid inka insa ira irem irena irene irina iris irma irmgard isabel isabell
    isabella isabelle isla ivana ivonne ivy jacqueline jade jadwiga jamila jana jane janet janice
    janin janina janine janna jasmin jasmina jasmine jean jeannette jelena jenna jennifer jenny
    jessica jessika jill joan joana joanna joanne jodie johanna jolanda jolene jordan josefine
    josephine josie joyce juana judith judy julia juliana juliane julie juliet jutta kaitlyn karen
    karin karina karla karolin karolina karoline kasia katarina kate katharina katherine kathleen
    kathrin kathryn kathy katja katrin kay kayla keira kelly kerstin kiara kim kimberly kira
    kirsten kirstin klara konstanze kornelia kristen kristin kristina kyra lana lara larissa laura
    lauren layla lea leah leila lena leni leonie leonora leyla lia liana liesel liliana lillian
    lilly lily lina linda lindsay linnea lisa lisbeth liv livia lola lore lorena loretta lotta
    lotte louisa louise lucia lucie lucy ludmila luisa luise luna lydia lynn mabel madeleine
    madison magda magdalena maike maja malgorzata malin malina mandy manja manuela mara mareike
    mareile maren margarete margaret margarethe margherita margit margot margret maria mariana
    mariann marianne marie marieke marietta marika marilyn marina marion marisa marit marita
    marlene marlies marlis marta martha martina mary mathilda mathilde maud maura maureen maya
    meike melanie melike melina melissa mercedes merle meryem mia michaela michelle mila milena
    mildred mina mira miranda miriam mirja mirjam mirjana moira molly mona monica monika monique
    morgan nadia nadine nadja naomi natalia natalie natascha natasha nele nevin niamh nicola
    nicole nicoletta nina noemi nora norma nurcan nuray octavia odette olga olivia ornella ottilie
    paige pamela pat patricia paula pauline peggy penelope petra pia polly priscilla priya rachel
    ramona raphaela rebecca rebekka regina regine reinhild renate renee rhonda ricarda rike rita
    roberta ronja rosa rosalie rosalind rosamunde rose rosemarie rosemary rosi rosina roswitha
    roxana ruby ruth sabina sabine sabrina sadie sally samantha samira sandra sandy saoirse sara
    sarah saskia selda selin selina selma serena sevim shannon sharon sheila shirley sibel sibylle
    sienna sieglinde sigrid silke silvia silvana simona simone sinead siobhan sofia sofie sonia
    sonja sophia sophie soraya stefania stefanie stella stephanie summer susan susann susanna
    susanne suse svea svenja svetlana sybille sylvia sylvie tabea tamara tania tanja tara tatjana
    teresa tessa thea theresa therese theresia tiffany tilda tina tine tomke traudel tracy traute
    trixi trudi ulla ulrike una undine ursel ursula uschi uta ute valentina valerie vanessa vera
    verena verona veronica veronika vesna vicky victoria viktoria viola violet violetta vivian
    vivien viviane waltraud wanda wencke wendy wiebke wilhelmine wilma xenia yasemin yasmin
    yasmina yolanda ysabel yvette yvonne zara zehra zeynep zoe zofia zora zuzanna
    """
)
MEN = block(
    """
    tino lio pepe bo bruce alfie freddie teddy jude ezra rory finn angus hamish iain ewan euan
    alistair alasdair gregor ruaridh rhys owain gethin dewi emrys barnaby tarquin rupert desmond
    cecil percy reginald wilfred clarence horace ernest thaddeus jasper elliott harvey toby reece
    zack kai zane tristan wendelin wenzel ladislaus fridolin gotthilf hinnerk jasper jelto jorrit
    keno enno tjark tamme wiard volkmar winrich wigbert wolfhard eckehard ottfried siegbert helge
    ingvar torge hartwig burak baris serkan tolga tuncay umit yavuz selcuk ercan erkan fikret
    goksel osman oguz cemil ismet levent metin okan orkun rifat sedat taner ugur vedat slavko
    zoran dusan nebojsa bojan miodrag wojtek jacek jerzy kazimierz leszek maciej stanislaw tadeusz
    witold zbigniew sergei dmitri oleksandr yevgeny jurij aaron abdul abdullah abel abraham achim
    adam adem adnan adolf adrian ahmed ahmet alan alastair albert albrecht aldo alejandro
    aleksander alessandro alex alexander alexis alfons alfred ali alois alwin amir anders andre
    andreas andrej andrew andrzej andy angelo angus anselm anthony anton antonio archie arend ari
    armin arndt arne arno arnold arthur artur ashley attila august aurel axel aydin barry bartosz
    bastian ben benedikt benjamin benno beni berat bernard bernd bernhard bert berthold berti
    bertram bilal bill birger bjarne bjoern bob bodo bogdan boris bradley brandon brendan brian
    bruce bruno bryan burak burkhard callum calvin cameron can carl carlo carlos carsten caspar
    cedric cem cengiz charles charlie chris christian christof christoph christopher claas claudio
    claus clemens clement cliff clive colin conrad constantin craig curt cyril damian damir dan
    daniel danny dario darius darren dave david davide dean denis deniz dennis derek detlef diego
    dieter dietmar dietrich dimitri dimitrios dirk domenico dominic dominik don donald dorian
    douglas duncan dustin dwayne dylan eamon eberhard eckart eckhard eddie edgar edmund eduard
    eduardo edward edwin egon ehsan eike elias elliot elmar emanuel emil emilio emin emir emre
    enes engin enno enrico enrique eoin erdem erhard eric erich erik ernst erwin ethan eugen
    eugene evan ewald fabian fabio falk farid fatih federico felix ferdinand fernando fiete filip
    finley finn florian francesco francis francisco franco frank franz fred frederic frederick
    frederik friedemann friedhelm friedrich fritz gabor gabriel gareth gary gavin geoffrey georg
    george gerald gerard gerd gerhard gernot gero giacomo gilbert giorgio giovanni giulio giuseppe
    glenn goekhan goetz gonzalo gordon goran graham grant greg gregor gregory grzegorz guenter
    guenther guido guillermo gunnar gunter guenay gustav guy hakan halil hamza hannes hanno hans
    hansjoerg harald hardy hario harold harry hartmut harun hasan hassan hauke heiko heiner heino
    heinrich heinz hellmut helmut helmuth hendrik hennes henning henri henrik henry herbert
    hermann hilmar hinrich holger horst howard hubert hubertus hugh hugo huseyin hussein ian
    ibrahim igor ilja immanuel ingo ingolf isaac ismail ivan ivo jack jacob jacques jaime jakob
    jamal james jamie jan janek janis jannik jannis janosch jaromir jaroslaw jason jasper javier
    jean jens jeremias jeremy jerome jerry jesse jesus jim jimmy jiri joachim joao jobst jochen
    joe joel joerg joern joerdis johann johannes john jon jonah jonas jonathan jordan jorge jose
    josef joseph joshua josua juan juergen jules julian julien julio julius jupp jurek justin
    justus kadir kai karim karl karsten kaspar keith kemal ken kenan kenneth kerem kevin kieran
    kilian kim klaas klaus klemens knut konrad konstantin korbinian krzysztof kuno kurt kyle lars
    lasse laszlo laurence laurenz laurin lawrence lee leif len lennard lennart lennox leo leon
    leonard leonardo leonhard leopold leroy levi levin lewis liam linus lion logan lorenz lorenzo
    lothar louis luan luc luca lucas lucian luciano ludger ludwig luigi luis luka lukas lukasz
    luke luther lutz maik malcolm malik malte manfred manuel marc marcel marcin marco marcos
    marcus marek marian mario marius mark marko markus marlon marten martin marvin massimo mateo
    mateusz mathias mats matteo matthew matthias matthis mattis maurice mauro max maximilian mehdi
    mehmet meinhard meinolf melvin mert micha michael michal michel miguel mika mike mikkel milan
    milo milos mirco mirko miroslav mitchell mohamed mohammed moritz morten muhammad murat mustafa
    nathan nathaniel neil nelson nick nico nicholas nicolas nicolai nigel nihat niklas niko
    nikolai nikolaus nikos nils noah noel norbert norman nuri oemer oezguer olaf ole oleg oliver
    oliwer omar onur orhan oscar oskar osman oswald othmar otmar otto owen pablo paolo pascal
    patrick paul paulo pavel pawel pedro peer per peter phil philip philipp philippe phillip
    pierre pietro piotr quentin quirin rafael raimund rainer ralf ralph ramon randolf raoul
    raphael rasmus raul raymond recep reiner reinhard reinhold reinhart rene reto ricardo richard
    rico robert roberto robin rocco rodney roger roland rolf roman romeo ron ronald ronny rory
    ross roy ruben rudi rudolf rufus ruediger russell ryan salvatore sam sami samir samuel sandro
    santiago sascha scott sean sebastian selim semih serdar serge sergej sergio severin shane
    shaun shawn siegbert siegfried siegmar sigmund silas silvio simeon simon sinan slawomir soenke
    soeren spencer stanislaw stanley stefan stefano steffen sten stephan stephen steve steven
    stuart sven tarek tariq ted teo terence terry thaddaeus theo theodor theodore thies thilo
    thomas thorben thore thorsten tilman till tilo tim timo timothy titus tiziano tobias todd tom
    tomas tomasz tomek tommaso tommy toni tony torben torsten travis trevor tristan tyler udo ufuk
    uli ulf ulrich umut urban urs utz uwe valentin vasco veit veli viktor victor vikram vincent
    vincenzo vinzenz vitali vito vittorio vladimir volkan volker waldemar walter warren wayne
    werner wesley wilfried wilhelm will willi william willy winfried wladimir wojciech wolf
    wolfgang wolfram xaver xavier yannick yannik yannis yasin yavuz yildirim yilmaz yunus yusuf
    yves zachary zdenek zoltan
    """
)

_SHORT_FORMS = """
abigail abby | alexander alex lex sascha sandro alec | alexandra alex sandra sascha lexi | alfred
fred alf fredi | amanda mandy | andreas andi andy | andrew andy drew | angelika geli angie |
angela angie | anneliese anneli liese liesel annelie | annemarie anne annemie | annette netti |
anthony tony | anton toni | antonia toni tonia | barbara babs barb bärbel | benedikt ben bene |
benjamin ben benny beni | bernhard bernd berni | bettina tina betti | birgit biggi | brigitte
gitte gitti biggi | carolin caro | caroline caro carrie | charles charlie chuck | charlotte lotte
charly charlie | christian chris christl | christiane christl chris | christina tina chris chrissy
tine | christine tina chris tine christl | christoph chris stoffel | christopher chris kit topher
| constanze conny | cornelia conny nele | daniel dan danny dani | daniela dani ela | david dave
davy | deborah debbie deb | dennis denny | dietrich dieter | dorothea doro thea dorle | dorothee
doro | dorothy dot dottie | dominik nick domi | donald don | eduard edi | edward ed eddie ted ned
| eleanor ellie nell nora | elisabeth lisa elli sissi lisbeth betty liesl else | elizabeth liz
lizzie beth betty eliza libby lisa | emanuel manu manuel | emily em emmy | erika eri | eugene gene
| evelyn eve evi | felicitas fee | ferdinand ferdi | florian flo | frances fran francie | francis
frank | franz franzl | franziska franzi | frederick fred freddy freddie | friederike rike frieda
fritzi | friedrich fritz fiete | gabriele gabi gaby | gabriela gabi gaby gabby | geoffrey geoff |
george georgie | georg schorsch | gerald gerry jerry | gerhard gerd gert | gertrud gerti trude
trudi | gisela gisi | gregor greg | gregory greg | guenther guenni | hannelore hanne lore | hans
hansi | harold harry hal | heinrich heiner heinz hein | helene leni lene | helena lena | helmut
helli | henrietta hetty | henry harry hank | henriette jette jetti | hermann manni | hildegard
hilde | hubertus hubert | ingeborg inge | irmgard irmi | isabella bella isa izzy | isabel bella
isa | isabelle isa belle | jacob jake | jakob jake | jacqueline jacky jackie | james jim jimmy
jamie | jennifer jenny jen jenn jenni | jessica jess jessy jessie | joachim achim jochen jo |
johann hans jo | johanna hanna hanni jo | johannes hannes hans jo jojo | john jack johnny |
jonathan jon jonny | josef sepp jupp joe | joseph joe joey | josefine josi fine | josephine jo
josie | joshua josh | juergen juerg | julia jule juli julie | julian jule | juliane jule juli |
juergen jogi | karl kalle charly | karlheinz kalle karl heinz | katharina kathi katha kati kathrin
käthe | katherine kate kathy katie kat kitty kay | catherine cathy kate katie cat | kathleen kathy
kate | katrin kati kathi | kenneth ken kenny | kimberly kim | klaus klausi | konrad conny konni |
konstantin konsti | kristina tina | laurence larry laurie | lawrence larry laurie | leonard leo
len lenny | leonhard leo leon hardy | leonie leo | leopold leo poldi | louis lou louie lewis |
louise lou | lucas luke | ludwig lutz wiggerl | luise lulu | lukas luke luki | magdalena lena
magda leni | manfred manni fred | manuel manu | manuela manu ela | margaret maggie meg peggy marge
margie greta daisy | margarete grete gretel gretl margret greta | maria mia mitzi | marianne mari
| markus maggus | martin maddin | mary molly polly | martina tina | mathilda tilda tilly | matthew
matt matty | matthias matze hias matthi | maximilian max maxi | melanie mel melli | michael mike
mick micky michi micha mikey michel | michaela michi ela micha | mohammed mo | monika moni |
nathaniel nathan nate | nicholas nick nicky | nicole nicky nikki niki | nikolaus niko klaus nick
nikolas | norbert nobby | oliver olli ollie | olivia liv livvy | pamela pam | patricia pat patty
trish tricia | patrick pat paddy rick | penelope penny | peter pete | philip phil pip | philipp
phil lipp | priscilla cilla | raphael raffi rafi | rebecca becky becca | rebekka becki | reginald
reg reggie | reinhard reini | reinhold reini | richard rick dick richie rich ricky | robert rob
bob bobby robbie bert | roberta bobbie | roger rodge | ronald ron ronnie | rosemarie rosi romy |
rosemary rosie rose | rudolf rudi | sabine bine biene | samantha sam sammy | samuel sam sammy |
sandra sandy | sebastian basti seb bastian wastl | sebastian seb | siegfried siggi sigi | sigrid
siggi | simon si | sophia sophie | stefan steff stevie | stefanie steffi stefi | stephanie steph
stephie steffi | stephen steve stevie | steven steve | susan sue susie suzie | susanne susi sanne
susann | susanna susi sanna | sylvia silvi | tabea tabby | tatjana tanja | teresa tess terry tessa
| theodor theo | theodore ted theo teddy | theresa resi terry tess | theresia resi | therese resi
| thomas tom tommy thommy | timothy tim timmy | tobias tobi toby | ulrich uli ulli | ulrike uli
rike ulli ulla | ursula uschi ulla ursel | valentin vali | valentina vali tina | valerie val |
vanessa nessa | verena vreni vera | veronika vroni moni | victor vic | victoria vicky tori vic |
viktoria vicky viki | vincent vince vinnie | walter walt wally | waltraud traudl traudel | wilhelm
willi willy will | wilhelmine minna mina | william will bill billy willy liam | winfried winni |
wolfgang wolfi wolf wolle | zachary zach zack
"""
_SOUNDS = """
katherine catherine kathryn cathryn katharine katharina catharina katarina caterina | deborah
debra debora | theresa teresa | isabel isabelle isobel isabell | caroline carolyn carolin karolin
karoline | lindsay lindsey | marian marion | alan allan allen | katrin kathrin catrin cathrin
katherin kathryn | karen karin carin caren | kirsten kirstin | ann anne | marlis marlies | annett
annette anett anette | jon john | lawrence laurence lorenz | nicolas nicholas niklas nikolas
niclas | siobhan shivon chevonne shevaun shavon shivaun shiwon schiwon | niamh neve neeve nieve
neev niev | saoirse sersha seersha sorsha surscha sirscha | aoife eefa efa ifa ifer | sean shaun
shawn schon | sinead shinade shinaid schined | caoimhe keeva kweeva kiva | ciaran kieran kiran |
eoin owen ewan euan | aisling ashling ashlin | roisin rosheen | oisin osheen usheen | cillian
killian kilian | padraig porrick | hugh hue hew | joaquin wakeen hwakin joakin | jorge horhay |
jose hosay | jesus haysus | javier havier xavier | guillermo giyermo gijermo | geoffrey jeffrey |
geoff jeff | stephen steven | phoebe feebee fibi | zoe zoey zoi | chloe cloey khloe | isla eila
ayla | graham graeme gram | jacques jack schack zhak | guillaume giyom | wojciech wojtek voytek
woitschech | lukasz wukasz lukas wukash | krzysztof christoph kristof kschischtof | grzegorz
gregor gschegosch | malgorzata margareta | agnieszka agneska agnischka | giovanni jovanni |
giuseppe jusepe | xiao shao | zhou joe jou | xu shoe schu su | zhang jang tschang chang | qian
chien tschien chan | nguyen win wynn newen nwen nuyen newjen gujen | tran tren chan | ngo ngoh |
ng ing | huynh win | leigh lee li | wright right | knight night | knightley nightly | hughes hews
hues | cholmondeley chumley | beauchamp beecham | featherstonehaugh fanshaw | mainwaring mannering
| menzies mingis | dalziel deal diel | leicester lester | worcester wooster | gloucester gloster |
marjoribanks marchbanks | urquhart urkert | colquhoun cahoon | maclean maclain | macleod mccloud |
kowalski kovalski | wojcik voychik woitschik | celik tschelik chelik | yilmaz jilmas | cetin
tschetin chetin | oeztuerk ostuerk | sahin schahin | erdogan erdoan | guel guell | aksoy aksoi |
yildiz jildis | joerg york juerg | bjoern biorn | dwayne duane | yvonne ivon ivonne | hermione
hermini | penelope penelopi | persephone persefoni | seamus shamus schemas | sioned shoned | ieuan
yeyan | llewellyn luellen | siân shan | rhys reese reece ries | anais anaiis | noel nowel | renee
renay | andre ondray | desiree dezeray | thierry tieri | aleksander alexander | jonas yonas | jan
yan | johann yohan | juergen yurgen urgen | st sankt saint | meghan megan | colm collum | diarmuid
dermot | fionnuala finola | grainne gronya | beatrice beatris | cecile sesil | thibault tibo |
benoit benoa | quentin kantan | dvorak dworschak | novak nowak | szymanski schimanski shimanski |
szczepanski schtschepanski
"""


def _forms(text: str) -> Mapping[str, frozenset[str]]:
    """Short form to the full names it may stand for."""
    forms: dict[str, set[str]] = {}
    for group in text.split("|"):
        full, *short = (fold(name) for name in group.split())
        for name in short:
            forms.setdefault(name, set()).add(full)
    return {name: frozenset(full) for name, full in forms.items()}


def _groups(text: str) -> Mapping[str, frozenset[int]]:
    groups: dict[str, set[int]] = {}
    for number, group in enumerate(text.split("|")):
        for name in group.split():
            groups.setdefault(fold(name), set()).add(number)
    return {name: frozenset(numbers) for name, numbers in groups.items()}


_FULL_NAMES = _forms(_SHORT_FORMS)
_SOUND_GROUPS = _groups(_SOUNDS)
_NONE: frozenset[str] = frozenset()
_NOWHERE: frozenset[int] = frozenset()


def is_first_name(word: str) -> bool:
    """Whether the folded word is a first name that we know; many are surnames too."""
    return word in WOMEN or word in MEN or word in _FULL_NAMES


def genders(word: str) -> frozenset[str]:
    """`m`, `f`, both or, for a name we do not know, neither; a short form has its full names'."""
    names = {word} | _FULL_NAMES.get(word, _NONE)
    women, men = not names.isdisjoint(WOMEN), not names.isdisjoint(MEN)
    return frozenset(gender for gender, fits in (("f", women), ("m", men)) if fits)


def is_short_form(one: str, other: str) -> bool:
    """Whether one folded first name is a short form of the other: `bob` and `robert`."""
    return other in _FULL_NAMES.get(one, _NONE) or one in _FULL_NAMES.get(other, _NONE)


def is_said_alike(one: str, other: str) -> bool:
    """Whether two folded names sound the same against all rules: `siobhan` and `shivon`."""
    return not _SOUND_GROUPS.get(one, _NOWHERE).isdisjoint(_SOUND_GROUPS.get(other, _NOWHERE))
