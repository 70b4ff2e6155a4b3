"""The channel: its rate is measured by jiwer, over the phrases that callers use."""

import json

import jiwer
import pytest

from evals import phrase_files
from evals.callers import LEVELS, Channel, missed
from evals.callers.noise import plain


def _phrases(language: str) -> list[str]:
    lines = [
        json.loads(line)
        for path in phrase_files.ours("dates")
        if path.stem.endswith(language)
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    said = [f"{each.get('date_text') or ''} {each.get('time_text') or ''}" for each in lines]
    return [each for each in said if len(plain(each).split()) > 1]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("rate", LEVELS)
def test_so_many_words_are_heard_wrongly(rate: float, language: str) -> None:
    said = _phrases(language)[:400]
    heard = []
    for seed in range(20):
        channel = Channel(rate, seed=seed, language=language)
        heard += [(each, channel.hear(each)) for each in said[seed::20]]
    measured = jiwer.wer([plain(each) for each, _ in heard], [plain(each) for _, each in heard])
    assert measured == pytest.approx(rate, abs=0.15 * rate)


def test_without_noise_everything_arrives_as_it_was_said() -> None:
    said = "Guten Tag, am 12. Juni um halb drei, bitte!"
    assert Channel(0.0, seed=1, language="de").hear(said) == said


def test_equal_seeds_hear_equal_things() -> None:
    said = _phrases("en")[:60]
    first, second, other = (Channel(0.2, seed=seed, language="en") for seed in (7, 7, 8))
    heard = [first.hear(each) for each in said]
    assert heard == [second.hear(each) for each in said]
    assert heard != [other.hear(each) for each in said]


def test_a_noisy_line_knows_no_punctuation_and_no_capitals() -> None:
    heard = Channel(0.01, seed=1, language="en").hear("Yes, Mr. Birkett, at 10:30.")
    assert heard == "yes mr birkett at 10:30"


def test_silence_stays_silent() -> None:
    assert Channel(0.2, seed=1, language="en").hear("") == ""


def test_numbers_and_names_become_other_numbers_and_names() -> None:
    digits, names = set(), set()
    for seed in range(200):
        channel = Channel(0.5, seed=seed, language="en")
        digits |= {each for each in channel.hear("4711 0815").split() if each.isdigit()}
        names.update(channel.hear("Marguerite Ashdown").split())
    assert {len(each) for each in digits} == {4}
    assert len(digits) > 20
    assert len(names) > 20


@pytest.mark.parametrize(
    ("facts", "heard", "lost"),
    [
        (["Martha Winter", "tomorrow"], "martha winter tomorrow", 0),
        (["Martha Winter", "tomorrow"], "martha winters uh tomorrow", 1),
        (["half past two"], "half passed two", 1),
        (["half past two"], "Half past two, please.", 0),
        (["on Monday"], "um onmonday", 1),
    ],
)
def test_a_fact_that_did_not_arrive_whole_is_missed(
    facts: list[str], heard: str, lost: int
) -> None:
    assert missed(facts, heard) == lost
