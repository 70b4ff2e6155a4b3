"""Names that are said or written otherwise against all rules: short forms and pronunciations."""

from collections.abc import Mapping

from booking.names.fold import fold
from booking.names.sound import ear, sound

_LONG = 6
"""Letters from which another spelling of a listed sound counts as that sound."""

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
trudi | gisela gisi | gregor greg | gregory greg | guenther guenni | hannelore hanne lore |
hansjoachim hajo achim hans jochen | hans hansi | harold harry hal | heinrich heiner heinz hein |
helene leni lene | helena lena | helmut
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
wolfgang wolfi wolf wolle | zachary zach zack | winifred winnie | thaddeus thad ted | millicent
millie | tabitha tabby | gwendolyn gwen | imogen immy | georgina georgie gina | harriet hattie |
matilda tilda tilly mattie | beatrice bea trixie | rosalind ros roz | judith judy jude | lillian
lily lil | nancy nan | nathan nate nat | reuben rube | solomon sol | isaac ike | archibald archie
| barnaby barney | bartholomew bart | cameron cam | clifford cliff | douglas doug | desmond des |
duncan dunc | gilbert gil bert | herbert herb bert | jeremy jez | jeffrey jeff | joel jo | leslie
les | melvin mel | neville nev | percival percy | quentin quen | raymond ray | rodney rod | rupert
rupe | russell russ | stanley stan | sidney sid | stewart stu | stuart stu | terence terry |
vernon vern | wilfred wilf fred | francesca fran | genevieve gen | gillian gill jill | jocelyn
joss | kirsten kirsty | marjorie marge | meredith merry | miriam mim | rosamund ros | roxanne roxy
| sheila shell | susannah sue | sylvester sly | theodora thea dora | veronica ronnie vron | yvonne
von | annika anni | bartholomaeus bartel | burkhard burki | dagmar daggi | detlef detti | eberhard
ebi | edeltraud traudl | ekkehard ekki | elfriede friedel | engelbert bert | friedhelm friedel |
gottfried friedel | hartmut harti | heidemarie heidi | helmut helle | herbert herbi | hermine mine
| joerg joergi | juliane juli | karoline line caro | katharina nina kathrin | leopoldine poldi |
lieselotte lilo liesel | marlene leni | mechthild mechti | patricia patti | renate reni nate |
roswitha rosi | ruediger ruedi | thorsten totti | ulf uli | ute utchen | yannick nick | mehmet
memo | mustafa musti | sueleyman suele | ibrahim ibo | hatice hati | katarzyna kasia | malgorzata
gosia malgosia | agnieszka aga | aleksandra ola | joanna asia | krzysztof krzysiek | tomasz tomek
| wojciech wojtek | stanislaw staszek | zbigniew zbyszek | aleksandar sasa | dimitri dima mitja |
ekaterina katja | natalia natascha | sergei serjoscha | tatiana tanja
"""
_SOUNDS = """
katherine catherine kathryn cathryn katharine katharina catharina katarina caterina | deborah
debra debora | theresa teresa | isabel isabelle isobel isabell | caroline carolyn carolin karolin
karoline | lindsay lindsey | alan allan allen | katrin kathrin catrin cathrin katherin kathryn |
karen karin carin caren | kirsten kirstin | ann anne | marlis marlies | annett annette anett
anette | jon john | lawrence laurence lorenz | nicolas nicholas niklas nikolas niclas | siobhan
shivon chevonne shevaun shavon shivaun shiwon schiwon | niamh neve neeve nieve neev niev | saoirse
sersha seersha sorsha surscha sirscha | aoife eefa efa ifa ifer | sean shaun shawn schon | sinead
shinade shinaid schined | caoimhe keeva kweeva kiva | ciaran kieran kiran | eoin owen ewan euan |
aisling ashling ashlin | roisin rosheen | oisin osheen usheen | cillian killian kilian | padraig
porrick | hugh hue hew | joaquin wakeen hwakin joakin | jorge horhay | jose hosay | jesus haysus |
javier havier xavier | guillermo giyermo gijermo | geoffrey jeffrey | geoff jeff | stephen steven
| phoebe feebee fibi | zoe zoey zoi | chloe cloey khloe | isla eila ayla | graham graeme gram |
jacques jack schack zhak | guillaume giyom | wojciech wojtek voytek woitschech | lukasz wukasz
lukas wukash | krzysztof christoph kristof kschischtof | grzegorz gregor gschegosch | malgorzata
margareta | agnieszka agneska agnischka | giovanni jovanni | giuseppe jusepe | xiao shao | zhou
joe jou | xu shoe schu su | zhang jang tschang chang | qian chien tschien chan | nguyen win wynn
newen nwen nuyen newjen gujen | tran tren chan | ngo ngoh | ng ing | huynh win | leigh lee li |
wright right | knight night | knightley nightly | hughes hews hues | cholmondeley chumley |
beauchamp beecham | featherstonehaugh fanshaw | mainwaring mannering | menzies mingis | dalziel
deal diel | leicester lester | worcester wooster | gloucester gloster | marjoribanks marchbanks |
urquhart urkert | colquhoun cahoon | maclean maclain | macleod mccloud | kowalski kovalski |
wojcik voychik woitschik | celik tschelik chelik | yilmaz jilmas | cetin tschetin chetin |
oeztuerk ostuerk | sahin schahin | erdogan erdoan | guel guell | aksoy aksoi | yildiz jildis |
joerg york juerg | bjoern biorn | dwayne duane | yvonne ivon ivonne | hermione hermini | penelope
penelopi | persephone persefoni | seamus shamus schemas | sioned shoned | ieuan yeyan | llewellyn
luellen | siân shan | rhys reese reece ries | anais anaiis | noel nowel | renee renay | andre
ondray | desiree dezeray | thierry tieri | aleksander alexander | jonas yonas | jan yan | johann
yohan | juergen yurgen urgen | st sankt saint | meghan megan | colm collum | diarmuid dermot |
fionnuala finola | grainne gronya | beatrice beatris | cecile sesil | thibault tibo | benoit benoa
| quentin kantan | dvorak dworschak | novak nowak | szymanski schimanski shimanski | szczepanski
schtschepanski | neil neal niall | mihai mihaly mihaj michai | alistair alastair alasdair alister
| stuart stewart | gerry jerry | iain ian | bryan brian | sara sarah | marjorie marjory margery |
catriona katrina katriona | jacqueline jaqueline jacquelyn jacklyn | micheal michael | aisha
aischa ayesha aysha | mohammed mohamed muhammad mohamad mohammad muhammed | yusuf youssef yousef
jussuf | ahmed ahmad achmed achmad ahmet | hussein hussain hueseyin huseyin | dmitri dimitri
dmitry | sergei sergej sergey | alexei aleksey alexej | yuri juri jurij | svitlana svetlana |
mahmoud mahmut | khaled khalid chaled kalid | leila layla leyla | reinhard reinhart | gerhard
gerhart | eckhard eckart eckehard eckhart | ludwig ludwich | bernd bernt | guenther guenter |
walter walther | matthias mathias | thomas tomas tomasz | joerg jork | ralf ralph | gerd gert |
kurt curt | horst hoarst | detlef detlev | rudolf rudolph | adolf adolph | christoph christof
kristof | stephan stefan | philipp phillip philip filip | margot margo | lucja lucia luzia lucie |
christin christine kristin kristine | gwendolyn gwendoline gwendolen
"""


def _forms(text: str) -> Mapping[str, frozenset[str]]:
    """Short form to the full names it may stand for."""
    forms: dict[str, set[str]] = {}
    for group in text.split("|"):
        full, *short = (fold(name) for name in group.split())
        for name in short:
            forms.setdefault(name, set()).add(full)
    return {name: frozenset(full) for name, full in forms.items()}


def _groups(groups: list[list[str]]) -> Mapping[str, frozenset[int]]:
    numbers: dict[str, set[int]] = {}
    for number, group in enumerate(groups):
        for name in group:
            numbers.setdefault(name, set()).add(number)
    return {name: frozenset(found) for name, found in numbers.items()}


_SAID_ALIKE = [[fold(name) for name in group.split()] for group in _SOUNDS.split("|")]
_GROUPS = _groups(_SAID_ALIKE)
_EAR_GROUPS = _groups([[ear(name) for name in one if len(name) >= _LONG] for one in _SAID_ALIKE])
_FULL_NAMES = _forms(_SHORT_FORMS)
_NONE: frozenset[str] = frozenset()
_NOWHERE: frozenset[int] = frozenset()


def full_names(word: str) -> frozenset[str]:
    """The full names that a folded short form stands for; empty if it is none."""
    return _FULL_NAMES.get(word, _NONE)


def is_short_form(one: str, other: str) -> bool:
    """Whether one folded first name is a short form of the other: `bob` and `robert`."""
    return other in full_names(one) or one in full_names(other)


def is_said_alike(one: str, other: str) -> bool:
    """Whether two folded names sound the same against all rules: `siobhan` and `shivon`."""
    return not _sounded(one).isdisjoint(_sounded(other))


def _sounded(word: str) -> frozenset[int]:
    """The groups of a name: `christof` sounds as the listed `christoph`; short ones say little."""
    listed = _GROUPS.get(word, _NOWHERE)
    return listed | _EAR_GROUPS.get(sound(word).ear, _NOWHERE) if len(word) >= _LONG else listed
