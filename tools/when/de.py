"""German."""

from tools.when import calendar
from tools.when.language import Language, in_order
from tools.when.nodes import Dates, Part
from tools.when.rules import Setting, rule

_ONES = in_order(
    "null, eins, zwei, drei, vier, fünf, sechs, sieben, acht, neun, zehn, elf, zwölf, dreizehn, "
    "vierzehn, fünfzehn, sechzehn, siebzehn, achtzehn, neunzehn"
)
_TENS = {
    word: 10 * number
    for number, word in enumerate(
        in_order("zwanzig, dreißig, vierzig, fünfzig, sechzig, siebzig, achtzig, neunzig"), start=2
    )
}
_DAYS = range(1, 32)
_YEARS = range(20, 40)
_STEMS = {1: "erst", 3: "dritt", 7: "siebt", 8: "acht"}


def _cardinals() -> dict[str, int]:
    words = {word: number for number, word in enumerate(_ONES) if number} | _TENS
    for ten, value in _TENS.items():
        for one in range(1, 10):
            head = "ein" if one == 1 else _ONES[one]
            words[f"{head}und{ten}"] = words[f"{head} und {ten}"] = value + one
    return (
        words
        | {"zwo": 2, "fumf": 5, "drey": 3, "dreizig": 30, "zwoundzwanzig": 22}
        | {f"{_ONES[number]}e": number for number in (2, 3, 4, 5, 6, 7, 9, 10, 11, 12)}
    )


def _years() -> dict[str, str]:
    """Years as said: "zweitausendsechsundzwanzig"."""
    return {
        f"year:{2000 + number}": f"zweitausend{word}, zweitausendund{word}, zweitausend {word}"
        for word, number in _cardinals().items()
        if " " not in word and number in _YEARS
    }


def _ordinals() -> dict[str, int]:
    words: dict[str, int] = {}
    for word, number in _cardinals().items():
        if number not in _DAYS or " " in word:
            continue
        stem = _STEMS.get(number, f"{word}t" if number < _TENS["zwanzig"] else f"{word}st")
        for ending in ("e", "en", "er", "em", "es"):
            words[stem + ending] = number
    for ending in ("e", "en", "er"):
        words["siebent" + ending] = 7
    return words


def _tomorrow(setting: Setting) -> Dates:
    return Dates((calendar.plus(setting.today, 1),))


GERMAN = Language(
    code="de",
    numbers=_cardinals(),
    ordinals=_ordinals(),
    bare_half=-30,
    dotted_ordinals=True,
    hesitations=frozenset(
        in_order("aeh, aehm, oeh, hm, hmm, mhm, ah, ja, also, bitte, halt, eben, dann, gern, gerne")
    ),
    endings=("e", "en", "er", "es", "em"),
    rules=(
        # "Morgen" is the next day, unless a day stands before it or "am" does.
        rule("before N U", lambda _, n, u: (n, u, "ago")),
        rule("before a U", lambda _, u: ("a", u, "ago")),
        # "Früher" and "später" compare, unless a part of the day follows.
        rule("early_in in? on? P", lambda _, p: ("early", p)),
        rule("late_in in? on? P", lambda _, p: ("late", p)),
        rule("morgen morgen", lambda s: (_tomorrow(s), Part("dawn"))),
        rule("D morgen", lambda _, d: (d, Part("dawn"))),
        rule("W morgen", lambda _, w: (w, Part("dawn"))),
        rule("given at? on? morgen", lambda _: ("given", Part("dawn"))),
        rule("on morgen", lambda _: Part("dawn")),
        rule("morgen", _tomorrow),
    ),
    words=_years()
    | {
        # Days
        "day:0": "heute später, später heute, heute, heut, heute noch, noch heute, im laufe des "
        "tages, heute irgendwann",
        "morgen": "morgen, morgn, moregn",
        "day:2": "übermorgen, über morgen",
        "day:3": "überübermorgen",
        "day:-1": "gestern",
        "day:-2": "vorgestern",
        "feast:0101": "neujahr, neujahrstag",
        "feast:0106": "dreikönig, dreikönigstag, heilige drei könige, heiligen drei könige",
        "feast:0501": "tag der arbeit, maifeiertag",
        "feast:1003": "tag der deutschen einheit",
        "feast:1031": "reformationstag",
        "feast:1101": "allerheiligen",
        "feast:1206": "nikolaus, nikolaustag",
        "feast:1224": "heiligabend, heilig abend, heiligen abend",
        "feast:1225": "weihnachtstag, erster weihnachtstag, ersten weihnachtstag",
        "feast:1226": "zweiter weihnachtstag, zweiten weihnachtstag",
        "feast:1231": "silvester, sylvester",
        "feast:-46": "aschermittwoch",
        "feast:-3": "gründonnerstag",
        "feast:-2": "karfreitag",
        "feast:-48": "rosenmontag",
        "feast:+0": "ostersonntag",
        "feast:+1": "ostermontag",
        "feast:+39": "himmelfahrt, christi himmelfahrt, vatertag",
        "feast:+49": "pfingstsonntag",
        "feast:+50": "pfingstmontag",
        "feast:+60": "fronleichnam",
        "weekday:0": "montag, montags, montach, mo",
        "weekday:1": "dienstag, dienstags, dienstach, di",
        "weekday:2": "mittwoch, mittwochs, mi",
        "weekday:3": "donnerstag, donnerstags, donnerstach, do",
        "weekday:4": "freitag, freitags, freitach, fr",
        "weekday:5": "samstag, samstags, sonnabend, sonnabends, samstach, sa",
        "weekday:6": "sonntag, sonntags, sonntach",
        "month:1": "januar, jänner, jan, januars",
        "month:2": "februar, feber, feb, februars",
        "month:3": "märz, mrz",
        "month:4": "april, apr, aprils",
        "month:5": "mai, mais",
        "month:6": "juni, jun, juno",
        "month:7": "juli, jul, julei",
        "month:8": "august, aug, augusts",
        "month:9": "september, sep, sept",
        "month:10": "oktober, okt",
        "month:11": "november, nov",
        "month:12": "dezember, dez",
        "unit:minute": "minute, minuten, min",
        "unit:hour": "stunde, stunden, std",
        "unit:day": "tag, tage, tagen, tags",
        "unit:week": "woche, wochen",
        "unit:month": "monat, monate, monaten, monats",
        "unit:year": "jahr, jahre, jahren, jahres",
        "unit:weekend": "wochenende, wochenenden, wochenend, wochenendes",
        "number:15 unit:minute": "viertelstunde, viertel stunde",
        "number:45 unit:minute": "dreiviertelstunde, dreiviertel stunde, drei viertel stunde",
        "number:30 unit:minute": "halben stunde, halbe stunde, halbstunde",
        "number:1 half": "anderthalb, eineinhalb",
        "few_days": "nächsten tage, nächsten tagen, nächsten paar tage, nächsten paar tagen, "
        "kommenden tage, kommenden tagen, paar tage, paar tagen",
        "start unit:week": "wochenanfang, wochenbeginn",
        "mid unit:week": "wochenmitte",
        "end unit:month": "monatsende",
        "start unit:month": "monatsanfang, monatsbeginn",
        "mid unit:month": "monatsmitte",
        "kw": "kw, kalenderwoche",
        # Which
        "this": "dies~, laufend~, aktuell~",
        "coming": "kommend~, nächstkommend~, nächstfolgend~",
        "next": "nechst~, nächst~, nächste, naechst",
        "after_next": "übernächst~, über nächst~",
        "last": "letzt~, vergangen~, vorig~",
        "start": "anfang, beginn, anfangs, zu beginn",
        "mid": "mitte",
        "end": "ende",
        "early": "früh, in der früh, in der frühe",
        "early_in": "früh~",
        "late": "spät, spätabends",
        "late_in": "spät~",
        # Small words
        "in": "in, im",
        "from_now": "von heute an, von jetzt an, ab heute gerechnet",
        "ago": "her",
        "a": "ein, ein~",
        "of": "des, vom",
        "on": "am, den, dem, der, die, das, zum, an, beim",
        "at": "um, punkt, genau um",
        "about": "gegen, ungefähr, circa, zirka, ca, etwa, so um, so gegen, so etwa, rum, herum, "
        "so circa, so um die, kurz vor, kurz nach, etwas nach, etwas vor, ein bisschen nach, "
        "ein bisschen vor, ein wenig nach, ein wenig vor, knapp nach, knapp vor, kurz nachdem, "
        "um die, so ungefähr, irgendwie um",
        "from": "ab, von, nicht vor, ab frühestens, frühestens ab, frühestens um, frühestens am, "
        "nicht früher als, nicht eher als, seit, ab circa, ab etwa, ab so, ab ca",
        "until": "bis, bis spätestens, spätestens bis, bis maximal, bis höchstens, nicht später "
        "als, nicht nach, bis um, bis zum, spätestens um, spätestens am, bis gegen, bis circa, "
        "bis etwa, bis ca, bis einschließlich, bis kurz vor",
        "onwards": "oder später, oder danach, aufwärts, und später, frühestens, frühstens, an "
        "aufwärts",
        "at_latest": "spätestens, oder früher, oder davor, oder eher, maximal, allerspätestens",
        "between": "zwischen, irgendwo zwischen",
        "and": "und",
        "but": "aber",
        "or": "oder, beziehungsweise, bzw",
        "within": "innerhalb, binnen, im laufe, innerhalb von",
        "after": "nach, später als",
        "before": "vor, früher als, eher als, noch vor",
        "half": "halb, halb~, einhalb",
        "quarter": "viertel, virtel, viertl",
        "threequarters": "dreiviertel, drei viertel, dreivirtel, dreiviertl",
        "uhr": "uhr, ur, uhren",
        "uhr number:0": "uhr null",
        "number:1 uhr": "ein uhr",
        "number:0 uhr": "null uhr",
        "clock:720": "zwölf uhr mittags, mittags um zwölf, zwölf mittags, mittags zwölf",
        "midnight": "mitternacht",
        "no_time": "nicht zu früh, nicht zu spät, nicht so früh, nicht so spät",
        "instead": "statt, anstatt, anstelle, anstelle von",
        "not": "es sei denn, ohne, unmöglich, schlecht, ungünstig, "
        "verhindert, nicht, kein, kein~, außer, ausgenommen, bloß nicht, auf keinen fall, nie",
        "several": "werktag, werktage, werktagen, werktags, arbeitstag, arbeitstage, arbeitstagen, "
        "wochentag, wochentags, wochentage, paar, einig~, mehrer~, wenig~, viel~",
        "zone": "mez, mesz, utc, gmt",
        "every": "jed~, alle",
        "that": "danach, ander~, eher, früher als sonst, früherer, früheren, späterer, späteren, "
        "frühere, spätere, anders, gleiche, derselbe, dieselbe, dasselbe, jener, vorher, nachher, "
        "davor, selb~, demselben, derselben, gleich~ zeit, gleich~ uhrzeit, selb~ zeit, folgend~, "
        "wie immer, wie letztes mal, wie beim letzten mal, gleich~ tag, selb~ tag, dem tag, an dem "
        "tag, diesem tag, an diesem tag",
        "correct": "nein, nee, ne, quatsch, sondern, ich meine, ich meinte, vielmehr, besser "
        "gesagt, entschuldigung, ach nein, doch lieber, lieber, stattdessen, moment, pardon, "
        "verzeihung, verzeihen sie, sorry, korrektur, falsch, stopp, stop, blödsinn, vertan, "
        "versprochen",
        # Wishes without a day
        "soon": "so bald wie möglich, sobald wie möglich, so schnell wie möglich, "
        "schnellstmöglich, baldmöglichst, schnellstmöglich~, nächstmöglich~, frühestmöglich, "
        "frühestmöglich~, so früh wie möglich, möglichst bald, möglichst schnell, möglichst früh, "
        "sofort, jetzt, umgehend, ehestmöglich, ehestmöglich~, so zeitnah wie möglich, möglichst "
        "zeitnah, baldigst, nächst~ frei~, erst~ frei~, nächst~ termin, schnellst~, erst~ best~, "
        "asap, so bald es geht, so schnell es geht, sobald es geht, nächst~ verfügbar~, früheste, "
        "frühest~ termin, frühestmögliche, so schnell es möglich ist, zum nächsten freien, bald "
        "wie möglich, schnell wie möglich, frühstmöglich, gleich jetzt, so schnell wie es geht",
        "any": "egal, mir egal, egal wann, ist egal, jederzeit, flexibel, beliebig, wann immer, "
        "jeder tag, jeden tag, alles, immer, any, ganz egal, irgendein tag, ganztägig, ganztags, "
        "jede zeit, keine präferenz, irgendein~, offen, den ganzen tag, spielt keine rolle, ist "
        "mir gleich, zeitlich flexibel, jede uhrzeit, wann auch immer",
        "blank": "none, null, undefined, unbekannt, keine angabe, nicht angegeben, unknown, n a, "
        "nicht genannt, leer, k a, kein datum, keine uhrzeit, kein termin, offen gelassen, nan, "
        "nil, nicht bekannt, nichts, noch offen",
        "vague": "bald, irgendwann, demnächst, in nächster zeit, irgendwann mal, mal sehen",
        "half_of": "hälfte",
        "thing": "termin, termins, termine, mal, besuch, kunde, person, stock, versuch",
        "people": "personen, leute, erwachsene, kinder",
        "": "uhrzeit, datum, wunschtermin, liebsten, möglich, arbeiten, günstig, passende, "
        "passenden, haben, habe, seine, seinen, ihren, meine, meinen, meiner, meinem, deine, "
        "gehen, bitte, zeiten, freie, macht, gemacht, geben, sagen, genau, arbeit, arbeite, "
        "erst, zunächst, außerdem, bloß, irgendwie, irgendwo, irgendwas, irgendein, stadt, "
        "fahren, fahre, sonst, deshalb, wegen, über, eilig, haare, vielleicht, achtung, dies, "
        "am liebsten, am besten, am ehesten, vor ort, nach möglichkeit, wenn möglich, oder so, "
        "in ordnung, ab und zu, an sich, vor allem, ein bisschen, ein termin, einen termin, "
        "nach hause, zu hause, gleich, eine idee, um einen termin, zum termin, nicht wahr, ein "
        "mal, einmal, bis dann, bis dahin, auf jeden fall, auf alle fälle, zur not, nach "
        "absprache, um die zeit, für einen, für eine, für ein, wegen der, bei ihnen, was ist "
        "mit, wie wäre es mit, nach ihnen, hätte, hätten, hat, wäre, wären, passt, passen, "
        "würde, würden, ginge, geht, ist, sind, kann, könnte, könnten, können, möchte, möchten, "
        "will, wollte, ich, sie, wir, mir, uns, ihnen, es, gut, super, prima, perfekt, toll, "
        "frei, was, noch, nur, auch, wenn, weil, falls, ob, da, bei, mit, wieder, brauche, "
        "bräuchte, nehme, zeit, etwas, schön, ideal",
        # Parts of the day
        "part:dawn": "morgens, am morgen, morgenstunden, frühmorgens",
        "part:first_thing": "gleich morgens, gleich in der früh, gleich früh, als erstes, gleich "
        "am morgen, in aller früh, zur öffnung, gleich zu beginn",
        "part:morning": "vormittag, vormittags, vormittage, vor dem mittag, vor dem mittagessen, "
        "vor mittag",
        "part:late_morning": "spätvormittag, am späten vormittag",
        "part:midday": "mittag, mittags, mittagszeit, über mittag, mittagspause, mittagessen",
        "part:afternoon": "nachmittag, nachmittags, nachmittage",
        "part:late_afternoon": "spätnachmittag, spätnachmittags",
        "part:evening": "abend, abends, abende",
        "part:late": "ende des tages, gegen ende des tages, letzter termin",
        "part:after_work": "feierabend, nach feierabend, nach der arbeit",
        "part:night": "nacht, nachts",
    },
)
