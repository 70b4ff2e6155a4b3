"""The words around names: one `Lexicon` a language, and the union in which a call listens.

Callers and recognisers mix languages, so a call knows the words of all of them; where two
languages disagree (is `e` the letter E or I?), the call's own language is right.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What a language says around names; all words folded (see `booking.names.fold`)."""

    salutations: Mapping[str, str]
    """Spoken form to written form: `herrn` to `Herr`."""
    genders: Mapping[str, str]
    """Salutation to `f` or `m`, where it tells."""
    titles: Mapping[str, str]
    """`doktor` to `Dr.`"""
    generations: Mapping[str, str]
    """`jr` to `Junior`: parts of a name that tell father and son apart."""
    particles: frozenset[str]
    """Small words inside surnames; lower case when written."""
    fillers: frozenset[str]
    """Sounds and courtesies; they neither are names nor say anything about one."""
    grammar: frozenset[str]
    """Pronouns, articles, verbs, words of the trade: not part of a name."""
    trade_endings: tuple[str, ...]
    """Of long words for what people book: `Zahnreinigung`."""
    surnames: frozenset[str]
    """Those of the two kinds before that are surnames too, after a first name or salutation."""
    announcements: frozenset[str]
    """Phrases directly after which a name is expected: `mein name ist`."""
    leads: frozenset[str]
    """Phrases that announce a name only where a clause begins, and elsewhere join anything:
    `der`, `is`. What follows may be a predicate instead: `bin versichert`, `it's urgent`."""
    auxiliaries: frozenset[str]
    """Verbs before a participle, `I'm driving`; first in a question, `is Linda working`."""
    progressive: str
    """The ending of that participle; empty where there is none."""
    after_names: frozenset[str]
    """Phrases that follow the speaker's own name: `Keller mein Name`."""
    openings: frozenset[str]
    """Words that begin the next sentence after a name: `Keller ich haette gern`."""
    corrections: frozenset[str]
    """Words after which the name is said anew: `Brand, sorry, Brandt`."""
    denials: frozenset[str]
    """What precedes a name that is wrong: `nicht Brand, sondern Brandt`."""
    inverted: str
    """The pronoun that follows its verb, as in `verrate ich`; empty where none does."""
    former: frozenset[str]
    """Before a name that was borne earlier: `geborene`."""
    joiners: frozenset[str]
    """Between two people: `Ute und Peter Brandt`."""
    relations: frozenset[str]
    """People whom callers book for: `tochter`."""
    possessives: frozenset[str]
    """What stands before such a person: `meine`."""
    of: frozenset[str]
    """`von`, in `die Tochter von Ute Brandt`."""
    of_somebody: frozenset[str]
    """Before a name that is somebody else's: `mit`, in `bei Ute Brandt`."""
    of_another: frozenset[str]
    """Phrases that speak of a third person: `heisst er`, `her name is`."""
    purposes: frozenset[str]
    """Before such a person where the speaker has named himself: `fuer`."""
    copulas: frozenset[str]
    """Between such a label and the name: `is`."""
    given_labels: frozenset[str]
    """Phrases beside the given name: `Vorname Ute`, `Ute is my first name`."""
    surname_labels: frozenset[str]
    stand_ins: frozenset[str]
    """Words that stand for a missing name wherever they turn up."""
    stand_ins_alone: frozenset[str]
    """The same, yet real surnames too: stand-ins unless a first name or salutation is near."""
    stand_in_surnames: frozenset[str]
    """Those of them that a salutation turns into surnames: `Herr Kunde`."""
    stand_in_names: frozenset[str]
    """Whole names that forms and models make up, words joined: `maxmustermann`."""
    letters: Mapping[str, str]
    """Names of letters as a recogniser writes them: `zett` to `z`."""
    code_words: Mapping[str, str]
    """Spelling alphabets: `martha` to `m`, `schule` to `sch`."""
    as_in: frozenset[str]
    """Between a letter and its code word: `M wie Martha`."""
    twice: frozenset[str]
    """Before a letter that comes twice: `Doppel-t`."""
    rather: frozenset[str]
    """In a remark on a letter, before the one that is wrong: `with an e not an a`."""
    with_words: frozenset[str]
    without: frozenset[str]
    at_the_end: frozenset[str]
    """Phrases that place a letter at the end of the name."""
    once: frozenset[str]
    """Before a letter that does not come twice: `mit einem l`."""
    soft: frozenset[str]
    """What may stand before a letter without a meaning for its spelling: `with a silent h`."""
    sharp_s: frozenset[str]
    umlaut: frozenset[str]
    hyphen: frozenset[str]
    commas: frozenset[str]
    """Punctuation that a recogniser wrote as a word."""
    apostrophe: frozenset[str]
    space: frozenset[str]
    """Words that part two spelled words."""


def block(text: str) -> frozenset[str]:
    """The words of a text block."""
    return frozenset(text.split())


def phrases(text: str) -> frozenset[str]:
    """The comma-separated phrases of a text block, blanks made single."""
    return frozenset(" ".join(phrase.split()) for phrase in text.split(",") if phrase.strip())


def table(text: str) -> dict[str, str]:
    """What several words stand for: `Mr: mr mister; Ms: ms` maps three words to two."""
    groups = (group.split(":") for group in text.split(";"))
    return {word: meaning.strip() for meaning, words in groups for word in words.split()}
