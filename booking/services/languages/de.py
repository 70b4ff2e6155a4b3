"""German words around services. Folded without marks: `u` for ü, `ss` for ß."""

from booking.services.wording import Wording, block, durations, listed, phrases, table

GERMAN = Wording(
    fillers=block(
        """
        zahn zahne zahnen auto wagen fahrzeug werkstatt irgendwann gebiss
        haar haare haaren kopf mutter vater mama papa oma opa bruder schwester schwiegermutter
        schwiegervater onkel tante nachbarin nachbar freundin zahnarzt arzt friseur friseurin
        praxis salon studio beim ich wir du er sie es ihr mich mir uns man mein meine meinen
        meiner meinem unser unsere unseren ihre ihren sein seine ein eine einen einer einem
        eines der die das den dem des bitte danke hallo guten tag morgen abend gruss gott moin
        servus ja nein ah ahm hm oh also so mal einmal zweimal nochmal noch halt eben gern gerne
        sehr schon auch nur bloss einfach doch denn da dort hier jetzt dann heute ubermorgen
        bald nachste nachsten nachster woche montag dienstag mittwoch donnerstag freitag samstag
        sonntag vormittag nachmittag uhr um am im in an auf zu zur zum fur bei von vom bis ab
        aus nach wegen uber ob wenn dass weil wie was wo wann wer mochte mochten wurde wurden
        wollte will wollen brauche brauch brauchen hatte hatten habe hab haben kann konnte
        konnten konnen soll sollte muss musste musst darf bin ist sind war ware waren wird
        werden lassen lass lasse bekommen kriegen bekomme kriege geht ginge gehen gabe gibt
        geben nehmen nehme komme kommen buchen buche buchung gebucht reservieren vereinbaren
        ausmachen machen mache gemacht tun anmelden eintragen termin termine terminwunsch
        behandlung leistung service angebot interessiere interesse bitteschon mit wieder mehr
        ganz bisschen wenig etwas gar eigentlich vielleicht ungefahr circa etwa dringend schnell
        moglichst frei freien freie sprechstunde anrufen rufe brauchts vorbei neu neue neuen
        neuer neues richtig gut schone schonen sich selbst lange kurz eure eurer euch ihnen rein
        raus hin weg dran gerade kurzfristig mochtest wollt alles beide beides eins zwei drei
        vier funf sechs sieben acht neun zehn elf zwolf halb halber viertel dreiviertel
        besprochen besprochene geredet gesagt erwahnt nix freund bekannte person personen leute
        """
    ),
    vague=block(
        """
        irgendwas irgendetwas egal ubliche ubliches gleiche gleiches selbe dasselbe immer sonst
        normal normale normales normalen standard letztes letzte gewohnte wissen weiss ahnung
        empfehlen empfehlung passendes keine sicher unsicher verschiedenes
        """
    ),
    selves=block("mich mir selbst"),
    joiners=block("und plus sowie inklusive samt inkl dazu ausserdem"),
    deeds=block(
        """
        mach tu richt auffrisch auffrischen erneuer beseitig behandl verschoner stutz trimm kurz
        form konturier nachmach ausbesser frisch
        """
    ),
    negations=block("nicht kein keine keinen keiner ohne statt anstatt ausser"),
    turns=block("sondern aber nur lieber bloss dafur stattdessen"),
    corrections=phrases(
        """
        nein doch, ach nein, nein warte, nein moment, ich meine, ich meinte, meine ich,
        entschuldigung, doch lieber, lieber doch, besser gesagt, beziehungsweise nein, quatsch,
        stimmt nicht, korrigiere, nee doch, ach quatsch, nein lieber
        """
    ),
    audiences=table(
        """
        @men: herren herrn manner mann mannern herr; @women: damen frauen frau dame ladies;
        @children: kinder kind kindern sohn tochter junge jungen madchen enkel enkelin kleinkind
        sohnes
        """
    ),
    stems=table(
        """
        schnitt: haarschnitt haarschnitte haareschneiden schneid schneiden schneidet geschnitten
        schnitt schnitte schneide nachschneiden abschneiden; farb: farbe farben farbung farbt
        gefarbt farb einfarben nachfarben farbungen; massag: massieren massage massagen massiert
        massiere massag; rasur: rasur rasieren rasiert rasuren rasierung rasier; zahn: zahn
        zahne zahnen zahns zahnes; fuss: fuss fusse fussen fusses; nagel: nagel nageln nagels;
        haar: haar haare haaren haars haares; fon: fohn fohnen fonen gefohnt gefont fon foen;
        berat: beratung beraten beratungsgesprach beratungen berat; wasch: waschen gewaschen
        wasche wascht wasch; pfleg: pflege pflegen gepflegt pfleg pflegung; reinig: reinigung
        reinigen gereinigt reinig; aug: auge augen; wimper: wimper wimpern; brau: braue brauen
        augenbraue augenbrauen; strahn: strahne strahnen strahnchen; lock: locke locken; spitz:
        spitze spitzen; verlanger: verlangerung verlangern verlangert; untersuch: untersuchung
        untersuchen untersucht; kontroll: kontrolle kontrollieren kontrolltermin; impf: impfung
        impfen impf geimpft; wurzel: wurzel wurzeln; full: fullung fullungen fullen; vorsorg:
        vorsorge vorsorgeuntersuchung; bart: bart barte bartes barts; glatz: glatze; ton: tonung
        tonen getont ton; reparatur: reparatur reparieren repariert; inspektion: inspektion;
        reif: reifen; wechsel: wechsel wechseln gewechselt; ruckenmassag: ruckenmassage
        """
    ),
    endings=listed("ationen ation ungen ung ieren iert ern en er es em et st e t n s"),
    prefixes=("ge",),
    numbers=table(
        """
        15: funfzehn; 20: zwanzig; 25: funfundzwanzig; 30: dreissig; 40: vierzig; 45:
        funfundvierzig; 50: funfzig; 60: sechzig; 75: funfundsiebzig; 90: neunzig; 120:
        hundertzwanzig einhundertzwanzig
        """
    ),
    hours=durations(
        """
        30: halbe stunde, halbstundige, halbstundig;
        15: viertelstunde, viertel stunde;
        45: dreiviertelstunde, dreiviertel stunde;
        90: anderthalb stunden, eineinhalb stunden, anderthalbstundige;
        60: eine stunde, einstundige, ganze stunde, 1 stunde, stunde;
        120: zwei stunden, zweistundige, 2 stunden
        """
    ),
    units=block("minuten minute min minutig minutige minutiger minutigen stunden std"),
)
