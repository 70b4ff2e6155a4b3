"""German words around services. Folded without marks: `u` for ü, `ss` for ß."""

from booking.services.wording import Wording, block, table

GERMAN = Wording(
    fillers=block(
        "ich wir du er sie es ihr mich mir uns man mein meine meinen meiner meinem unser unsere"
        " unseren ihr ihre ihren sein seine ein eine einen einer einem eines der die das den dem des"
        " bitte danke hallo guten tag morgen abend gruss gott moin servus ja nein ah ahm hm oh also"
        " so mal einmal zweimal nochmal noch halt eben gern gerne sehr schon auch nur bloss einfach"
        " doch denn da dort hier jetzt dann heute morgen ubermorgen bald nachste nachsten nachster"
        " woche montag dienstag mittwoch donnerstag freitag samstag sonntag vormittag nachmittag"
        " uhr um am im in an auf zu zur zum fur bei von vom bis ab aus nach wegen uber ob wenn"
        " dass weil wie was wo wann wer mochte mochten wurde wurden wollte will wollen brauche"
        " brauch brauchen hatte hatten habe hab haben kann konnte konnten konnen soll sollte muss"
        " musste musst darf bin ist sind war ware waren wird werden lassen lass lasse bekommen"
        " kriegen bekomme kriege geht ginge gehen gabe gibt geben nehmen nehme komme kommen"
        " buchen buche buchung gebucht reservieren vereinbaren ausmachen machen mache gemacht tun"
        " anmelden eintragen termin termine terminwunsch behandlung leistung service angebot"
        " interessiere interesse bitteschon mit"
        " wieder mehr ganz bisschen wenig etwas gar eigentlich vielleicht ungefahr circa etwa"
        " dringend schnell moglichst frei freien freie sprechstunde anrufen rufe brauchts vorbei"
        " neu neue neuen neuer neues richtig gut schone schonen sich selbst lange kurz eure eurer"
        " euch ihnen rein raus hin weg dran gerade kurzfristig mochtest wollt alles beide beides"
        " freund bekannte person personen leute"
    ),
    vague=block(
        "irgendwas irgendetwas egal ubliche ubliches gleiche gleiches selbe dasselbe immer sonst"
        " normal normale normales normalen standard letztes letzte gewohnte wissen weiss ahnung"
        " empfehlen empfehlung passendes keine sicher unsicher verschiedenes"
    ),
    joiners=block("und plus sowie inklusive samt inkl dazu ausserdem"),
    deeds=block("mach tu richt auffrisch auffrischen erneuer beseitig behandl verschoner"),
    negations=block("nicht kein keine keinen keiner ohne statt anstatt ausser"),
    turns=block("sondern aber nur lieber bloss dafur stattdessen"),
    corrections=frozenset(
        {
            "nein doch", "ach nein", "nein warte", "nein moment", "ich meine", "ich meinte",
            "meine ich", "entschuldigung", "doch lieber", "lieber doch", "besser gesagt",
            "beziehungsweise nein", "quatsch", "stimmt nicht", "korrigiere", "nee doch", "ach quatsch",
            "nein lieber",
        }
    ),
    audiences=table(
        "herren|herrn|manner|mann|mannern|herr|manner=@men"
        " damen|frauen|frau|dame|ladies=@women"
        " kinder|kind|kindern|sohn|tochter|junge|jungen|madchen|kleinen|kleine|enkel|enkelin"
        "|kleinkind|sohnes=@children"
    ),
    stems=table(
        "schneid|schneiden|schneidet|geschnitten|schnitt|schnitte|schneide|nachschneiden|abschneiden"
        "=schnitt farbe|farben|farbung|farbt|gefarbt|farb|einfarben|nachfarben|farbungen=farb"
        " massieren|massage|massagen|massiert|massiere|massag=massag"
        " rasur|rasieren|rasiert|rasuren|rasierung|rasier=rasur"
        " zahn|zahne|zahnen|zahns|zahnes=zahn fuss|fusse|fussen|fusses=fuss"
        " nagel|nageln|nagels=nagel haar|haare|haaren|haars|haares=haar"
        " fohn|fohnen|fonen|gefohnt|gefont|fon|foen=fon beratung|beraten|beratungsgesprach"
        "|beratungen|berat=berat waschen|gewaschen|wasche|wascht|wasch=wasch"
        " pflege|pflegen|gepflegt|pfleg|pflegung=pfleg reinigung|reinigen|gereinigt|reinig=reinig"
        " auge|augen=aug wimper|wimpern=wimper braue|brauen|augenbraue|augenbrauen=brau"
        " strahne|strahnen|strahnchen=strahn locke|locken=lock spitze|spitzen=spitz"
        " verlangerung|verlangern|verlangert=verlanger untersuchung|untersuchen|untersucht"
        "=untersuch kontrolle|kontrollieren|kontrolltermin=kontroll impfung|impfen|impf|geimpft=impf"
        " wurzel|wurzeln=wurzel fullung|fullungen|fullen=full vorsorge|vorsorgeuntersuchung=vorsorg"
        " bart|barte|bartes|barts=bart glatze=glatz tonung|tonen|getont|ton=ton"
        " reparatur|reparieren|repariert=reparatur inspektion=inspektion reifen=reif"
        " wechsel|wechseln|gewechselt=wechsel ruckenmassage=ruckenmassag"
    ),
    endings=(
        "ungen", "ung", "ieren", "iert", "ern", "en", "er", "es", "em", "et", "st", "e", "t", "n", "s",
    ),
    prefixes=("ge",),
    numbers=table(
        "funfzehn=15 zwanzig=20 funfundzwanzig=25 dreissig=30 vierzig=40 funfundvierzig=45"
        " funfzig=50 sechzig=60 funfundsiebzig=75 neunzig=90 hundertzwanzig=120 einhundertzwanzig=120"
    ),
    hours={
        "halbe stunde": 30, "halbstundige": 30, "halbstundig": 30, "viertelstunde": 15,
        "viertel stunde": 15, "dreiviertelstunde": 45, "dreiviertel stunde": 45,
        "anderthalb stunden": 90, "eineinhalb stunden": 90, "anderthalbstundige": 90,
        "eine stunde": 60, "einstundige": 60, "ganze stunde": 60, "1 stunde": 60,
        "zwei stunden": 120, "zweistundige": 120, "2 stunden": 120, "stunde": 60,
    },
    units=block("minuten minute min minutig minutige minutiger minutigen stunden std"),
)  # fmt: skip
