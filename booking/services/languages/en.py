"""English words around services, folded."""

from booking.services.wording import Wording, block, table

ENGLISH = Wording(
    fillers=block(
        "i we you he she it they me my mine us our your his her its their them him a an the this"
        " that these those some any please thanks thank hello hi hey good morning afternoon evening"
        " yes yeah yep ok okay so well um uh erm er hm oh just only also really very like love"
        " would could should can may might want wanted wants need needed needs wish looking look id"
        " ill im ive lets let do does done doing did get getting got have having has had make made"
        " making give take book booked booking schedule scheduled reserve arrange set up appointment"
        " appointments slot session visit time today tomorrow monday tuesday wednesday thursday"
        " friday saturday sunday week next this soon asap for to of in on at by from with about as"
        " is are was be been if or when what which where how there here then now again another"
        " one two bit little quick quickly new next possible available service services treatment"
        " ask asking call calling come in coming go going see put down sign me interested into"
        " maybe perhaps actually kind sort sure something's know think thinking all both too more"
        " half proper nice lovely full hoping hope after before person people whats"
    ),
    vague=block(
        "something anything whatever usual same last regular normal standard dunno idea unsure"
        " recommend recommendation suggest different stuff thing things not don't dont"
    ),
    joiners=block("and plus including"),
    deeds=block("do mak giv treat freshen fix"),
    negations=block("not no without except instead dont don't isnt"),
    turns=block("but rather just only though prefer"),
    corrections=frozenset(
        {
            "no wait", "i mean", "i meant", "sorry", "or rather", "no sorry", "wait no", "scratch that",
            "make that", "actually no", "no actually", "on second thought", "correction",
        }
    ),
    audiences=table(
        "mens|men|man|mans|gents|gentlemen|gentlemens|gentleman|gentlemans|male|males|guys|guy|husband"
        "|husbands|boyfriend=@men"
        " womens|women|woman|womans|ladies|lady|ladys|female|females|wife|wifes|girlfriend=@women"
        " kids|kid|child|childs|children|childrens|boy|boys|girl|girls|son|sons|daughter|daughters"
        "|toddler|toddlers|infant=@children"
    ),
    stems=table(
        "cut|cuts|cutting=cut colour|color|colours|colors|colouring|coloring|coloured|colored|dye|dyed"
        "|dyeing|dying=colour tooth|teeth|tooths=tooth foot|feet=foot nail|nails=nail"
        " hair|hairs=hair shave|shaved|shaving|shaves=shav lash|lashes|eyelash|eyelashes=lash"
        " brow|brows|eyebrow|eyebrows=brow wax|waxed|waxing=wax blowdry|blowdried=blowdry"
        " highlight|highlights|highlighted|highlighting=highlight massage|massages|massaged=massag"
        " clean|cleaned|cleaning|cleanse|cleaner|cleanings=clean whiten|whitening|whitened|whitens=whiten"
        " check|checked|checking|checks=check exam|exams|examination|examined|examine=exam"
        " fill|filled|filling|fillings=fill trim|trimmed|trimming|trims=trim style|styled|styling=styl"
        " pull|pulled|extract|extraction|extracted=extract consult|consultation|consulting|consultations"
        "=consult repair|repairs|repaired|repairing=repair polish|polished|polishing=polish"
        " jab|jabs=jab vaccine|vaccination|vaccinated|vaccinations=vaccin facial|facials=facial"
        " manicure|manicured|manicures=manicur pedicure|pedicures=pedicur wash|washed|washing=wash"
        " dry|dried|drying=dry straighten|straightening|straightened=straighten perm|perms|permed=perm"
    ),
    endings=("ings", "ing", "ied", "ies", "ed", "es", "s", "e", "y"),
    prefixes=(),
    numbers=table(
        "fifteen=15 twenty=20 thirty=30 forty=40 fortyfive=45 fifty=50 sixty=60 seventyfive=75"
        " ninety=90"
    ),
    hours={
        "half an hour": 30, "half hour": 30, "quarter hour": 15, "an hour and a half": 90,
        "hour and a half": 90, "one and a half hours": 90, "an hour": 60, "one hour": 60,
        "full hour": 60, "1 hour": 60, "two hours": 120, "two hour": 120, "2 hours": 120,
        "hour long": 60, "hour": 60, "forty five": 45,
    },
    units=block("minutes minute mins min hours hour"),
)  # fmt: skip
