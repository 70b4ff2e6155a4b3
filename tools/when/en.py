"""English."""

from dataclasses import replace

from tools.when import calendar
from tools.when.language import Language, in_order
from tools.when.nodes import Number, Ordinal, Span, Spans, Unit
from tools.when.rules import Setting, rule

_ONES = in_order(
    "zero, one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen, "
    "fourteen, fifteen, sixteen, seventeen, eighteen, nineteen"
)
_NINE = 9
_WEEK, _MONTH = 7, 30
_TENS = {
    word: 10 * number
    for number, word in enumerate(
        in_order("twenty, thirty, forty, fifty, sixty, seventy, eighty, ninety"), start=2
    )
}
_ORDINALS = in_order(
    "first, second, third, fourth, fifth, sixth, seventh, eighth, ninth, tenth, eleventh, twelfth, "
    "thirteenth, fourteenth, fifteenth, sixteenth, seventeenth, eighteenth, nineteenth, twentieth"
)
_NUMBERS = (
    {word: number for number, word in enumerate(_ONES)}
    | _TENS
    | {f"{ten} {_ONES[one]}": value + one for ten, value in _TENS.items() for one in range(1, 10)}
)
_YEARS = {
    f"year:{2000 + number}": f"two thousand {word}, two thousand and {word}"
    for word, number in _NUMBERS.items()
    if number in range(20, 40)
}
_ORDINAL_NUMBERS = (
    {word: number for number, word in enumerate(_ORDINALS, start=1)}
    | {f"twenty {_ORDINALS[one - 1]}": 20 + one for one in range(1, 10)}
    | {"thirtieth": 30, "thirty first": 31}
    | {"forth": 4, "twenty forth": 24, "fith": 5, "nineth": 9, "twelth": 12}
)


def _composed(ten: Number, one: Number | Ordinal) -> Number | Ordinal | None:
    """Read "twentysecond", which is heard as one word and known as two."""
    spelled = isinstance(one, Ordinal) or not one.digits
    if ten.digits or not spelled or ten.value not in _TENS.values() or not 1 <= one.value <= _NINE:
        return None
    return replace(one, value=ten.value + one.value)


def _in_the_next(s: Setting, u: Unit) -> Spans | None:
    """Read "in the next week", which is the coming seven days or the next calendar week."""
    if u.measure not in ("week", "month"):
        return None
    days = _WEEK if u.measure == "week" else _MONTH
    soon = Span(s.today, calendar.plus(s.today, days))
    return Spans((soon, *calendar.period(u.measure, "next", s.today)))


ENGLISH = Language(
    code="en",
    numbers=_NUMBERS,
    ordinals=_ORDINAL_NUMBERS,
    bare_half=30,
    dotted_ordinals=False,
    hesitations=frozenset(
        in_order("uh, um, er, erm, hm, hmm, mm, ah, please, well, maybe, perhaps, okay, ok, yeah")
    ),
    rules=(
        rule("N oh N", lambda _, hour, minute: (hour, Number(0, digits=False), minute)),
        rule("in on next U", _in_the_next),
        rule("N dash? NO", lambda _, ten, one: _composed(ten, one)),
    ),
    words=_YEARS
    | {
        # Days
        "day:0": "today, later today, today sometime",
        "day:1": "tomorrow, tomorow, tommorow, tommorrow, tmrw, the following day",
        "day:2": "day after tomorrow, overmorrow",
        "day:-1": "yesterday",
        "day:-2": "day before yesterday",
        "day:0 part:evening": "tonight",
        "day:-1 part:night": "last night",
        "feast:0101": "new years day",
        "feast:0214": "valentines day, valentines",
        "feast:0704": "independence day",
        "feast:1031": "halloween",
        "feast:1111": "veterans day",
        "feast:5/-1/0": "memorial day",
        "feast:9/1/0": "labor day",
        "feast:11/4/3": "thanksgiving, thanksgiving day",
        "feast:1224": "christmas eve, xmas eve",
        "feast:1225": "christmas day, christmas, xmas",
        "feast:1226": "boxing day",
        "feast:1231": "new years eve",
        "feast:-2": "good friday",
        "feast:+0": "easter sunday",
        "feast:+1": "easter monday",
        "weekday:0": "monday, mondays, mon",
        "weekday:1": "tuesday, tuesdays, tue, tues, toosday, chewsday",
        "weekday:2": "wednesday, wednesdays, wed, weds, wensday, wednsday",
        "weekday:3": "thursday, thursdays, thu, thur, thurs",
        "weekday:4": "friday, fridays, fri",
        "weekday:5": "saturday, saturdays, sat",
        "weekday:6": "sunday, sundays, sun",
        "month:1": "january, jan",
        "month:2": "february, feb, febuary",
        "month:3": "march, mar",
        "month:4": "april, apr",
        "month:5": "may",
        "month:6": "june, jun",
        "month:7": "july, jul",
        "month:8": "august, aug",
        "month:9": "september, sep, sept",
        "month:10": "october, oct",
        "month:11": "november, nov",
        "month:12": "december, dec",
        "unit:minute": "minute, minutes, min, mins",
        "unit:hour": "hour, hours, hrs, hr",
        "unit:day": "day, days",
        "unit:week": "week, weeks, wk",
        "unit:month": "month, months",
        "unit:year": "year, years",
        "unit:weekend": "weekend, weekends, week end",
        "number:2 unit:week": "fortnight, fortnights",
        "number:15 unit:minute": "quarter of an hour, quarter hour",
        "number:45 unit:minute": "three quarters of an hour, three quarter hour",
        "number:90 unit:minute": "hour and a half",
        "number:2": "couple, couple of",
        "few_days": "next few days, next couple of days, next couple days, coming days, next "
        "several days, few days, in a few days, the next few days",
        "kw": "calendar week, week number, week no",
        "unit:week of": "week commencing, week beginning, week starting",
        # Which
        "this": "this, current",
        "coming": "coming, upcoming, this coming, this upcoming, the next coming",
        "next": "next",
        "after_next": "after next",
        "after_next unit:week": "week after next",
        "after_next unit:weekend": "weekend after next",
        "after_next unit:month": "month after next",
        "last": "last, previous",
        "start": "start, beginning",
        "mid": "mid, middle",
        "end": "end, latter part",
        "early": "early part, early, early on",
        "late": "late, later, later in, later on in, later on",
        # Small words
        "in": "in, in about",
        "from_now": "from now, from today, hence",
        "ago": "ago",
        "a": "a, an",
        "of": "of",
        "on": "on, the",
        "at": "at, at around",
        "about": "about, around, approximately, roughly, approx, circa, ish, say around, shortly "
        "after, shortly before, just after, just before, a bit after, a bit before, close to, a "
        "little after, a little before, a little past, right after, right around, right about, "
        "a few minutes after, a few minutes past, somewhere around",
        "from": "from, starting, starting from, not before, not until, not till, no earlier than, "
        "not earlier than, beginning from, as of, earliest, from around, onward from",
        "until": "until, till, til, up to, by, no later than, not later than, not after, through, "
        "at the latest by, before or at, thru",
        "onwards": "onwards, onward, or later, or after, and later, and after, on wards, at the "
        "earliest, or any time after, upwards, plus",
        "at_latest": "at the latest, or earlier, or before, latest, at latest",
        "between": "between, anywhere between, sometime between",
        "and": "and",
        "or": "or",
        "but": "but",
        "within": "within, inside, during, over the course of",
        "after": "after, later than",
        "before": "before, earlier than, prior to, ahead of",
        "to": "to",
        "past": "past, passed",
        "half": "half",
        "quarter": "quarter",
        "uhr": "oclock, o clock, clock",
        "hundred": "hundred",
        "oh": "oh, o",
        "am": "am, a m",
        "pm": "pm, p m",
        "clock:720": "noon, midday, 12 noon, twelve noon, noontime, high noon",
        "midnight": "midnight",
        "not": "any day but, anything but, everything but, any time but, anytime but, all but, "
        "every day but, unless, wont, isnt, doesnt, busy, unavailable, "
        "impossible, no good, bad, not, dont, cant, cannot, except, excluding, apart from, other "
        "than, never",
        "instead": "instead of, rather than",
        "move": "move, shift, switch, change, moved",
        "no_time": "not too early, not too late, not so early, not so late",
        "several": "working day, working days, business day, business days, weekday, weekdays, or "
        "two, or three, or four, few, several, some, many, number of",
        "zone": "gmt, utc, cet, cest, est, edt, pst, pdt, cst, cdt, mst, eastern time, pacific "
        "time, central time, mountain time, your time, my time",
        "every": "every, each, any other, every other, alternate",
        "that": "earlier, sooner, another, different, eve, same, following, that time, same time, "
        "usual, previous one, that day, same day, the same day",
        "correct": "no, oh no, sorry, i mean, i meant, rather, actually, scratch that, make that, "
        "or rather, wait, correction, instead, oops, pardon, excuse me, my mistake, i misspoke, "
        "hang on, hold on, nope, strike that",
        # Wishes without a day
        "soon": "as soon as possible, asap, a s a p, as soon as you can, soonest, next available, "
        "first available, earliest available, earliest possible, as early as possible, next free, "
        "first free, next possible, right away, immediately, straight away, now, right now, first "
        "opening, next opening, next slot, first slot, earliest slot, earliest appointment, "
        "earliest time, next appointment, first appointment, soon as possible, soon as you can, "
        "quickly as possible, whatever is next, earliest one, earliest you have",
        "any": "any, any day, any time, anytime, anyday, any date, whenever, flexible, no "
        "preference, dont care, doesnt matter, dont mind, any time works, i am flexible, im "
        "flexible, open, whatever, all day, anything, either, no particular day, no particular "
        "time, whichever",
        "blank": "none, null, nil, undefined, unknown, unspecified, not specified, not given, n a, "
        "na, not provided, not mentioned, empty, tbd, not stated, missing, no date, no time, not "
        "set, nan",
        "vague": "soon, sometime soon, some time soon, some day, someday, one of these days",
        "half_of": "half of, half in",
        "thing": "time, times, slot, appointment, appointments, visit, booking, thing, person, "
        "floor, attempt",
        "asks number:1": "like one, book one, want one, need one, make one, have one, get one, "
        "find one, schedule one, is there one, the one, this one, that one",
        "people": "people, persons, adults, children, kids, guests",
        "": "possible, somewhere, still, nearly, clearly, here, where, might, schedule, "
        "scheduled, reschedule, right, other, others, anywhere, things, currently, even, "
        "very, sometimes, ever, think, number, opening, openings, available, closed, close, "
        "mother, father, dinner, break, starts, faster, easier, though, these, yours, ours, "
        "matter, theyre, theres, often, into, course, words, seen, one available, one free, "
        "anyone, anybody, someone, somebody, everyone, everything, something, some time, "
        "sometime, some point, i may, may i, it may, we may, maybe, if possible, or so, or "
        "something, no problem, no rush, on time, there, sat down, a little, in person, at "
        "all, one time, to come, to book, first time, second time, in case, for a second, in "
        "total, time slot, all the, at your, on my, what about, how about, at home, in my, in "
        "your, would, works, work, working, is, was, are, be, suits, suit, sounds, looks, "
        "seems, good, great, fine, free, perfect, ideal, if, can, could, should, will, i, id, "
        "ill, you, we, me, us, it, its, do, does, have, has, had, got, for, with, then, when, "
        "because, so, my, your, thanks, thank, like, love, prefer, come, need, want, only, "
        "just, too, also, again",
        # Parts of the day
        "part:first_thing": "first thing, first thing in the morning, crack of dawn, opening time",
        "part:morning": "morning, mornings, before lunch, forenoon",
        "part:late_morning": "mid morning, midmorning",
        "part:midday": "lunchtime, lunch time, lunch, lunch hour, over lunch, lunch "
        "break, around lunch, around lunchtime, dinner time",
        "part:noon_on": "afternoon, afternoons",
        "part:late_afternoon": "mid afternoon",
        "part:evening": "evening, evenings",
        "part:late": "last thing, end of the day, late in the day, end of day, close of business, "
        "later in the day",
        "part:after_work": "after work, after hours",
        "part:night": "night, at night, late at night, overnight",
    },
)
