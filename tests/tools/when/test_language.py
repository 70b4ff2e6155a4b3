"""What a language must be, and that a third one is a value of its own."""

import re

import pytest

from tests.tools.when.reading import local, read
from tools.when import resolve
from tools.when.de import GERMAN
from tools.when.en import ENGLISH
from tools.when.heard import GRAMMAR, WORDS_WITHOUT_RULE
from tools.when.language import Language, in_order
from tools.when.meaning import Day, Instant
from tools.when.words import VALUES

BOTH = pytest.mark.parametrize("language", [ENGLISH, GERMAN], ids=lambda each: each.code)


@BOTH
def test_every_symbol_of_a_lexicon_is_known_to_the_grammar(language: Language) -> None:
    """A symbol that no rule reads would turn each of its phrases into a question."""
    rules = (*GRAMMAR, *language.rules)
    read_by_rules = {word for each in rules for word in re.findall("[a-z_]+", each.pattern.pattern)}
    symbols = {symbol for _, symbols in language.phrases() for symbol in symbols}
    known = read_by_rules | WORDS_WITHOUT_RULE
    assert {each for each in symbols if ":" not in each} - known == set()
    assert {each.split(":")[0] for each in symbols if ":" in each} <= set(VALUES)


def test_a_phrase_with_two_meanings_is_refused() -> None:
    with pytest.raises(ValueError, match="'noon' means"):
        Language("xx", {"clock:720": "noon", "part:midday": "noon"}, {}, {}, 30, False)


def test_a_third_language_is_one_value(monkeypatch: pytest.MonkeyPatch) -> None:
    dutch = Language(
        code="nl",
        bare_half=-30,
        dotted_ordinals=False,
        numbers={word: n for n, word in enumerate(in_order("een, twee, drie, vier, vijf"), 1)},
        ordinals={},
        words={
            "day:1": "morgen",
            "weekday:1": "dinsdag",
            "unit:week": "week, weken",
            "next": "volgende",
            "in": "in, over",
            "at": "om",
            "half": "half",
            "quarter": "kwart",
            "after": "na, over",
            "before": "voor",
            "part:afternoon": "middag, s middags",
        }
        | {"in": "in", "after": "over"},
    )
    monkeypatch.setattr(resolve, "LANGUAGES", (*resolve.LANGUAGES, dutch))
    assert read("volgende week dinsdag", "om half drie", language="nl") == Instant(
        local(23, 14, 30)
    )
    assert read("dinsdag kwart voor vier", language="nl") == Instant(local(23, 15, 45))
    assert read("morgen", language="nl") == Day(local(18, 0).date())


@pytest.mark.parametrize(
    ("said", "language", "meant"),
    [
        ("tomorrow at 3 pm", "de", local(18, 15)),
        ("next Monday at half past nine", "de", local(22, 9, 30)),
        ("übermorgen um halb drei", "en", local(19, 14, 30)),
        ("Freitag, den 26. Juni um neun", "fr", local(26, 9)),
    ],
)
def test_the_words_decide_which_language_is_read(said: str, language: str, meant: object) -> None:
    assert read(said, language=language) == Instant(meant)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "said", "meant"),
    [
        ("de", "dinstag um zehn", local(23, 10)),
        ("de", "donnersdag um elf uhr dreizig", local(18, 11, 30)),
        ("de", "am freitag um halb3", local(19, 14, 30)),
        ("de", "naechsten dienstag fuenfzehn uhr", local(23, 15)),
        ("en", "thirsday at ten", local(18, 10)),
        ("en", "the twentysecond of june at 9am", local(22, 9)),
    ],
)
def test_what_recognisers_do_to_words_is_mended(language: str, said: str, meant: object) -> None:
    assert read(said, language=language) == Instant(meant)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "date_text", "time_text"),
    [
        ("de", "Freitag", "dreivierrtel drei oder so"),
        ("en", "next week on Tursday", None),
        ("en", "the frteenth of july", None),
        ("de", "nach dem Abendessen am Freitag", None),
    ],
)
def test_a_word_that_may_be_another_is_asked_about(
    language: str, date_text: str, time_text: str | None
) -> None:
    """Reading it over would be a wrong day or time that nobody notices."""
    assert "Need" in type(read(date_text, time_text, language=language)).__name__
