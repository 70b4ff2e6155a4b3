"""English words around services, folded."""

from booking.services.wording import Wording, block, durations, listed, phrases, table

ENGLISH = Wording(
    fillers=block(
        """
        tooth teeth car vehicle garage mouth sometime
        hair hairs mother father mum mom dad brother sister grandma grandpa gran mother-in-law
        aunt uncle friend neighbour neighbor dentist doctor hairdresser barber salon clinic
        practice shop place somebody someone i we you he she it they me my mine us our your his
        her its their them him a an the this that these those some any please thanks thank hello
        hi hey good morning afternoon evening yes yeah yep ok okay so well um uh erm er hm oh
        just only also really very like love would could should can may might want wanted wants
        need needed needs wish looking look id ill im ive lets let do does done doing did get
        getting got have having has had make made making give take book booked booking schedule
        scheduled reserve arrange set up appointment appointments slot session visit time today
        tomorrow monday tuesday wednesday thursday friday saturday sunday week next soon asap
        for to of in on at by from with about as is are was be been if or when what which where
        how there here then now again another one two bit little quick quickly new possible
        available service services treatment ask asking call calling come coming go going see
        put down sign interested into maybe perhaps actually kind sort sure something's know
        think thinking all both too more half proper nice lovely full hoping hope after three
        four five six seven eight nine ten eleven twelve quarter past oclock am pm talked talk
        discussed mentioned spoke told said noon before person people whats
        """
    ),
    vague=block(
        """
        something anything whatever usual same last regular normal standard dunno idea unsure
        recommend recommendation suggest different stuff thing things not don't dont
        """
    ),
    selves=block("me myself"),
    joiners=block("and plus including"),
    deeds=block("do mak giv treat freshen fix trim shape tidy touch fresh"),
    negations=block("not no without except instead dont don't isnt"),
    turns=block("but rather just only though prefer"),
    corrections=phrases(
        """
        no wait, i mean, i meant, sorry, or rather, no sorry, wait no, scratch that, make that,
        actually no, no actually, on second thought, correction
        """
    ),
    audiences=table(
        """
        @men: mens men man mans gents gentlemen gentlemens gentleman gentlemans male males guys
        guy husband husbands boyfriend; @women: womens women woman womans ladies lady ladys
        female females wife wifes girlfriend; @children: kids kid child childs children
        childrens boy boys girl girls son sons daughter daughters toddler toddlers infant
        """
    ),
    stems=table(
        """
        cut: haircut haircuts cut cuts cutting; colour: colour color colours colors colouring
        coloring coloured colored dye dyed dyeing dying; tooth: tooth teeth tooths; foot: foot
        feet; nail: nail nails; shav: shave shaved shaving shaves; lash: lash lashes eyelash
        eyelashes; brow: brow brows eyebrow eyebrows; wax: wax waxed waxing; blowdry: blowdry
        blowdried; highlight: highlight highlights highlighted highlighting; massag: massage
        massages massaged; clean: clean cleaned cleaning cleanse cleaner cleanings; whiten:
        whiten whitening whitened whitens; check: check checked checking checks; exam: exam
        exams examination examined examine; fill: fill filled filling fillings; trim: trim
        trimmed trimming trims; styl: style styled styling; extract: pull pulled extract
        extraction extracted; consult: consult consultation consulting consultations; repair:
        repair repairs repaired repairing; polish: polish polished polishing; jab: jab jabs;
        vaccin: vaccine vaccination vaccinated vaccinations; facial: facial facials; manicur:
        manicure manicured manicures; pedicur: pedicure pedicures; wash: wash washed washing;
        dry: dry dried drying; straighten: straighten straightening straightened; perm: perm
        perms permed
        """
    ),
    endings=listed("ations ation ings ing ied ies ed es s e y"),
    prefixes=(),
    numbers=table(
        """
        15: fifteen; 20: twenty; 30: thirty; 40: forty; 45: fortyfive; 50: fifty; 60: sixty; 75:
        seventyfive; 90: ninety
        """
    ),
    hours=durations(
        """
        30: half an hour, half hour;
        15: quarter hour;
        90: an hour and a half, hour and a half, one and a half hours;
        60: an hour, one hour, full hour, 1 hour, hour long, hour;
        120: two hours, two hour, 2 hours;
        45: forty five
        """
    ),
    units=block("minutes minute mins min hours hour"),
)
