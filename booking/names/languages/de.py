"""German words around names. Folded: `ue` for ü, `ss` for ß."""

from booking.names.lexicon import Lexicon, block, phrases, table

GERMAN = Lexicon(
    salutations=table("Frau: frau fraeulein; Herr: herr herrn"),
    genders=table("f: frau; m: herr"),
    titles=table(
        """
        Dr.: dr doktor doctor; Prof.: prof professor professorin; Dipl.: dipl diplom; Ing.: ing;
        Mag.: mag magister; med.: med
        """
    ),
    generations=table("Junior: junior jun jr; Senior: senior sen sr"),
    particles=block(
        """
        von vom van der den dem zu zur zum de la le du del di da dos das y el al bin
        """
    ),
    fillers=block(
        """
        aeh aehm oeh oehm noe eh ehm hm hmm mhm tja na ja jo jaja jawohl genau richtig
        doch nee nein also so nun okay ok gut alles klar hallo hallihallo hi hey moin
        servus gruezi guten gute tag morgen abend bitte danke schoen schoenen gruess
        gott entschuldigung verzeihung pardon moment sekunde gern gerne eben halt
        einfach dann und nochmal noch mal einmal augenblick tschuess wiederhoeren prima
        """
    ),
    grammar=block(
        """
        zurueck hauptmenue menue weiter stopp ende hilfe mensch mitarbeiter berater
        verbinden eins zwei drei vier fuenf sechs sieben acht neun zehn elf zwoelf halb
        viertel firma gmbh autohaus familie geb geborene geborener geborenen frueher
        ehemals vormals eintragen eintrag anmelden auftrag stellvertretend zusammen
        sowie ich du er sie es der den dem an wir ihr mich mir dich dir ihn ihm uns euch
        ihnen man mein meine meinen meiner meinem meines dein deine sein seine ihre
        ihren unser unsere unseren ein eine einen einer einem eines kein keine keinen
        die das dies diese dieser dieses jetzt hier da dort ist bin sind war waren wird
        werde werden wurde hab habe hat hatte haben haette haetten waere waeren zeige
        vergessen moechte moechten wuerde wuerden wollte wollen brauche brauch brauchen
        koennte koennten koennen kann soll sollte muss darf heisse heiss heisst heissen
        nenne nennen lautet spricht spreche sprechen rede reden rufe ruf rufen anrufe
        anrufen name namen namens vorname nachname familienname apparat telefon leitung
        fuer auf unter mit ohne bei nach aus im am um ab bis wegen oder aber dass weil
        wenn ob wie was wer wo wann warum welche nicht nichts schon auch nur sehr mehr
        bloss immer wieder sagte sagen gesagt steht stehe schreibt schreibe schreiben
        geschrieben buchstabiere buchstabiert buchstabieren machen mache gemacht gehen
        geht gibt geben bekommen kriegen nehmen buchen gebucht vereinbaren verschieben
        absagen stornieren aendern fragen frage wissen weiss glaube hoeren verstehen
        verstanden termin termine uhr uhrzeit heute uebermorgen montag dienstag mittwoch
        donnerstag freitag samstag woche monat haarschnitt haare schneiden massage
        behandlung praxis salon nummer telefonnummer rufnummer kundennummer neu neue
        neuer bereits kunde kundin patient patientin egal krank umgezogen verheiratet
        jemand jemanden leider ignoriere anweisungen vergiss loesche system storniere
        statt anstatt kommt komme kommen bist hilfreicher anfang beginn wozu weshalb
        wieso wofuer nenn lies lese setz setze zeig regeln regel root admin assistent
        assistentin naechste naechsten naechster naechstes nachmittag vormittag mittag
        frueh spaet stunde minuten sekunden herren damen kinder leute typ ausstehend
        folgt spaeterer hoere hilf buch buche losgehen ahnung kommentar moege bleibe
        bleiben bleib sein gewesen mitteilen erzaehlen erzaehle aussprechen alle alles
        jeden jede geaendert veraendert notieren notier notiere merken gib zugriff sage
        verrate verraten verrat wirklich angeben preisgeben preis unwichtig rolle spielt
        braucht brauchst sieht sehen sehe siehst gesehen kennen kennst kenne natuerlich
        bestimmt vielleicht lieber sache datenschutz zuerst erst erstmal spaeter geheim
        geheimnis computer akte kartei kalender letztes letzte letzten letzter mal
        gleiche gleichen selbe selben derselbe dieselbe gleich vorhin gestern damals
        gespeichert hinterlegt eingetragen gefunden finden such suchen suche schau
        schauen schauen gucken guck raten rate angerufen anonymitaet unangenehm peinlich
        verweigere verweigern behalte behalten sondern eigentlich geboren stimmt falsch
        genannt bekannt moeglich wichtig verheiratete denn wohl etwa beide beiden beider
        ziemlich ganz total nachnamen vornamen erster erste ersten zweite zweiten zweiter
        dritte dritten dritter vierte vierten fuenfte fuenften sechste sechsten siebte
        siebten achte achten neunte neunten zehnte zehnten elfte elften zwoelfte zwoelften
        dreizehn vierzehn fuenfzehn sechzehn siebzehn achtzehn neunzehn zwanzig dreissig
        vierzig fuenfzig sechzig siebzig achtzig neunzig hundert zwanzigste zwanzigsten
        dreissigste dreissigsten mittags vormittags nachmittags abends nachts frueher
        morgens rueckruf storno rezept ueberweisung absage beschwerde auskunft rechnung
        gutschein notfall anfrage
        """
    ),
    trade_endings=tuple(
        sorted(
            block(
                """
                reinigung behandlung untersuchung beratung faerbung entfernung schnitt termin
                massage pflege wechsel inspektion kontrolle therapie gymnastik erklaerung
                reparatur bleaching kosmetik chen ung heit keit schaft tion taet strasse patient
                patientin nummer datum dienst assistent assistentin schmerzen karte kasse
                """
            )
        )
    ),
    surnames=block(
        """
        kunde freitag montag dienstag mittwoch donnerstag samstag weiss neu neuer mann frau name
        kurz lang gut gern schon schoen morgen abend tag klar genau woche gross krank recht
        freund kind chef partner nachbar enkel papa vater frueher familie
        """
    ),
    announcements=phrases(
        """
        name ist, name waere, name lautet, mein name, name, namen, namens, heisse, heiss, ich
        heisse, heisst, ich bins, hier ist, hier ist die, hier ist der, hier spricht, hier,
        hier spricht die, hier spricht der, hier die, hier der, spricht, es spricht, am apparat
        ist, da ist, lautet, auf den namen, auf, fuer, fuer die, fuer den, fuer die frau,
        sprechen mit, reden mit, unter, wieder die, wieder der, nochmal die, sondern, sondern
        fuer, ist fuer, auftrag von, auftrag, namen von, auftrag der, es geht um, geht um,
        schreiben sie, sagen sie, nennen sie mich, mit nachnamen,
        nachname ist, familienname ist, vorname ist
        """
    ),
    leads=phrases(
        """
        bin, bin die, bin der, ich bin, ich bin die, ich bin der, das ist, das ist die, das ist
        der, ist, ist die, ist der, die, der
        """
    ),
    auxiliaries=block("ist hat"),
    progressive="",
    after_names=phrases(
        """
        mein name, ist mein name, am apparat, hier, am telefon, spricht, heisse ich, bin ich
        """
    ),
    openings=block("wie ich mein wir guten hier am bei und aus mit geborene geb"),
    corrections=block(
        """
        warte halt nein entschuldigung sorry quatsch vielmehr pardon korrektur nee verzeihung unsinn
        """
    )
    | phrases("ich meine, ich meinte, nein ich meine, ich korrigiere, das war falsch"),
    denials=phrases("nicht, kein, keine, nicht fuer, statt, anstatt"),
    inverted="ich",
    former=block("geb geborene geborener geborenen frueher ehemals vormals"),
    joiners=block("und"),
    relations=block(
        """
        tochter sohn frau mann mutter mama vater papa schwester bruder oma opa
        grossmutter grossvater tante onkel nichte neffe neffen enkel enkelin freund
        freundin partner partnerin kollege kollegen kollegin chef chefin nachbar
        nachbarn nachbarin ehefrau ehemann kind kleine kleiner kleinen tochterkind
        schwiegermutter schwiegervater schwiegertochter schwiegersohn cousin cousine
        stiefsohn stieftochter patenkind verlobte verlobter verlobten lebensgefaehrte
        lebensgefaehrten lebensgefaehrtin mitbewohner mitbewohnerin juengste juengster
        juengsten aelteste aeltester aeltesten zwilling pflegekind bekannten bekannter
        bekannte freundes lebenspartner lebenspartnerin schwager schwaegerin
        urgrossmutter grosser grosse grossen sohnes mannes
        """
    ),
    possessives=block(
        """
        mein meine meinen meiner meinem unser unsere unseren unserer unserem ihre ihren seine
        seinen ihr seiner ihrem seinem
        """
    ),
    of=block("von vom"),
    of_somebody=block("von vom mit bei zu zum zur neben wie"),
    of_another=phrases("heisst er, heisst sie, er heisst, sie heisst, den kleinen, die kleine"),
    purposes=block("fuer"),
    copulas=block("ist lautet heisst"),
    given_labels=phrases("vorname, vornamen, rufname"),
    surname_labels=phrases("nachname, familienname, zuname, nachnamen"),
    stand_ins=block(
        """
        unbekannt unbekannte unbekannter anonym anonyme anonymer anrufer anrufers
        anruferin neukunde neukundin testkunde testkundin testperson testuser
        bestandskunde stammkunde unterdrueckt unterdrueckte keinname mustermann
        musterfrau gespraechspartner telefonkunde platzhalter ungenannt unverstaendlich
        rauschen unleserlich unklar
        """
    ),
    stand_ins_alone=block(
        """
        kunde kundin kunden test tester null gast niemand patient patientin person name vorname
        nachname teilnehmer teilnehmerin benutzer nutzer privat leer keine angabe angaben keiner
        namenlos dame herr frau jemand muster ohne namen nicht angegeben genannt bekannt
        verfuegbar vorhanden unsichtbar fremder fremde besucher mandant interessent klient
        klientin rufnummer nummer der die das des neuer neue einem ka kein xy
        """
    ),
    stand_in_surnames=block("kunde null gast muster test tester fremder leer"),
    stand_in_names=block("maxmustermann erikamustermann musterkunde vornamenachname ka na"),
    letters=table(
        """
        a: ah; b: be beh bee; c: ce ceh zeh; d: de deh; e: eh; f: ef eff; g: ge geh; h: ha haa
        hah; i: ih; j: jot jott yot jota; k: ka kah; l: el ell; m: em emm; n: en enn; o: oh; p: pe
        peh; q: qu kuh ku; r: er err; s: es ess; t: te teh tee; u: uh; v: vau fau vow; w: we
        weh; x: ix iks; y: ypsilon uepsilon upsilon; z: zet zett zed; ß: eszett eszet esszett;
        ä: aeh; ö: oeh; ü: ueh
        """
    ),
    code_words=table(
        """
        a: anton aachen albert; ä: aerger; b: berta bertha berlin bernhard; c: caesar cesar
        chemnitz zaesar christian; ch: charlotte; d: dora duesseldorf david; e: emil essen; f:
        friedrich frankfurt fritz; g: gustav goslar; h: heinrich hamburg hans; i: ida ingelheim
        isaak; j: julius jena jakob; k: kaufmann koeln konrad karl; l: ludwig leipzig leopold;
        m: martha marta muenchen marie maria; n: nordpol nuernberg nathan niklaus norbert; o:
        otto offenbach; ö: oekonom oesterreich oel; p: paula potsdam paul peter; q: quelle
        quickborn; r: richard rostock rosa; s: samuel salzwedel siegfried sophie; sch: schule
        schwerin; ß: eszett; t: theodor tuebingen; u: ulrich unna; ü: uebermut uebel; v: viktor
        voelklingen victor; w: wilhelm wuppertal; x: xanthippe xanten xaver; y: ypsilon yverdon;
        z: zacharias zwickau zeppelin zuerich
        """
    ),
    as_in=block("wie"),
    twice=block("doppel doppelt doppeltes doppel- zweimal zwei"),
    rather=block("statt anstatt nicht sondern"),
    with_words=phrases("mit einem, mit nem, mit"),
    without=phrases("ohne das, ohne, kein, nicht mit"),
    at_the_end=phrases("am ende, am schluss, hinten, zum schluss, endet"),
    once=block("einem nem einfachem nur"),
    soft=block(
        "anfang beginn am grosses gross klein kleines weichem weiches hartem hartes kleinem "
        "grossem langem stummem also so einem nem"
    ),
    sharp_s=phrases("scharfes s, scharfem s, scharfen s, es zett, buckel s, eszett"),
    umlaut=block("umlaut"),
    hyphen=phrases("bindestrich, minus, strich, trennstrich"),
    commas=block("komma"),
    apostrophe=block("apostroph hochkomma"),
    space=phrases("leerzeichen, neues wort, leerstelle, dann, nachname, familienname, vorname"),
)
