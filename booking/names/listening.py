"""What was said, cut down to the name in it.

Models pass on what the recogniser wrote: `ja hallo hier ist die Frau Brandt`, `it's for my
daughter Lea`, `Brandt, Ute`. The name is the run of words that follows an announcement (`my name
is`) or opens the sentence; grammar, courtesies and everything after it are left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from booking.names.casing import write_word
from booking.names.first_names import is_first_name
from booking.names.hearing import Token, tokens
from booking.names.hints import read_hints
from booking.names.languages import lexicon
from booking.names.runs import Run, Utterance

MAX_NAME = 80
"""Characters of a name that we store."""
_MAX_WORDS = 8
_SPELLED_ROW = 3
"""Single letters in a row that are spelling; fewer are initials."""
_LABEL_REACH = 4
"""Words after a name among which `ist mein Vorname` may end."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The name in what was said; without words there was none."""

    words: tuple[str, ...] = ()
    """As one would write them: `von`, `der`, `Heide`."""
    salutation: str | None = None
    """With titles: `Frau Dr.`."""
    for_other: bool = False
    """The booking is for somebody else than the caller, or the caller is not whom we may think."""
    former: tuple[str, ...] = ()
    """The name borne earlier: `Ute Harmsen` of `Ute Brandt, geborene Harmsen`."""
    spelling: str | None = None
    """What the caller spelled in the same breath."""
    placeholder: bool = False
    """There was a word, but one that stands for a missing name."""

    @property
    def name(self) -> str:
        return " ".join(self.words)


def listen(text: str, language: str) -> Heard:
    """Find the name in `text`, which may be anything."""
    known = lexicon(language)
    said = tokens(text, known)
    cut = _spelling_at(said, language)
    spelling = " ".join(token.text for token in said[cut:]) or None
    return _heard(Utterance(said[:cut], known), spelling)


def _spelling_at(said: Sequence[Token], language: str) -> int:
    """Where spelling begins: three single letters, `M wie Martha`, `mit dt`."""
    known = lexicon(language)
    for at, token in enumerate(said):
        row = said[at : at + _SPELLED_ROW]
        if len(row) == _SPELLED_ROW and all(len(one.folded) == 1 for one in row):
            return at
        if len(token.folded) == 1 and at + 2 < len(said) and said[at + 1].folded in known.as_in:
            return at
        hinting = token.folded in known.with_words or token.folded in known.without
        if at and hinting and read_hints(" ".join(one.text for one in said[at:]), language):
            return at
    return len(said)


def _heard(said: Utterance, spelling: str | None) -> Heard:
    denied = [run for run in said.runs if said.follows(run, said.known.denials)]
    former = [
        run for run in said.runs if said.between(run.start - 1, run.start) & said.known.former
    ]
    meant = [
        run
        for run in said.runs
        if run not in denied and run not in former and not said.is_of_relation(run)
    ]
    chosen = _choose(said, meant, after=denied[-1].end if denied else 0)
    for_other = bool(said.relations) or (bool(denied) and chosen is None)
    if chosen is None or _is_couple(said, chosen):
        return Heard(for_other=for_other, spelling=spelling)
    written = _written(chosen)
    if len(written) > _MAX_WORDS or len(" ".join(written)) > MAX_NAME:
        return Heard(for_other=for_other)
    return Heard(
        words=written,
        salutation=" ".join(chosen.honours) or None,
        for_other=for_other,
        former=(written[0], *_written(former[0])) if former else (),
        spelling=spelling,
    )


def _written(run: Run) -> tuple[str, ...]:
    return tuple(write_word(token.text) for token in _without_stutter(run.tokens))


def _without_stutter(said: Sequence[Token]) -> Sequence[Token]:
    """`Thomas Thomas Keller`: what was begun twice is said once."""
    kept = [one for at, one in enumerate(said) if not at or said[at - 1].folded != one.folded]
    half = len(kept) // 2
    again = [one.folded for one in kept[:half]] == [one.folded for one in kept[half:]]
    return kept[:half] if half and again else kept


def _choose(said: Utterance, runs: Sequence[Run], *, after: int) -> Run | None:
    """The run that names whom the booking is for; `after` a name that was denied, if any."""
    if said.relations:
        return _relative(said, runs)
    if labelled := _labelled(said, runs):
        return labelled
    opening = next((run for run in runs if _opens(said, run)), None)
    announced = next((run for run in runs if said.follows(run, said.known.announcements)), None)
    chosen = announced or opening
    if opening and announced and said.precedes(opening, said.known.after_names):
        chosen = opening
    if chosen is None and after:
        chosen = next((run for run in runs if _is_new(said, run, after)), None)
    if chosen and chosen.is_small:
        # "Ich bin krank, Ute Brandt": whoever wrote this knows what a name is.
        chosen = next((run for run in runs if run.is_capitalised), chosen)
    return _completed(said, chosen, runs) if chosen else None


def _opens(said: Utterance, run: Run) -> bool:
    return not [word for word in said.before(run) if word not in said.known.particles]


def _is_new(said: Utterance, run: Run, after: int) -> bool:
    """Whether the run says who it is instead: `not Smith, Smythe`."""
    return run.start == after or (run.start > after and said.said[run.start].after_break)


def _relative(said: Utterance, runs: Sequence[Run]) -> Run | None:
    """The run after `meine Tochter`, or the one it explains: `Lea Brandt, meine Tochter`."""
    relation = said.relations[0]
    after = [run for run in runs if run.start > relation]
    if after:
        named = next((run for run in after if run.is_capitalised), after[0])
        return _completed(said, named, runs)
    last = next((run for run in reversed(runs) if run.end <= relation), None)
    if last is None or not said.said[last.end].after_break:
        return None
    between = said.between(last.end, relation)
    return None if between & said.known.purposes or not between & said.known.possessives else last


def _labelled(said: Utterance, runs: Sequence[Run]) -> Run | None:
    """`Vorname Ute, Nachname Brandt`, in either order; `Ute, Nachname Brandt`."""
    surname = _beside(said, runs, said.known.surname_labels)
    if surname is None:
        return None
    given = _beside(said, [run for run in runs if run is not surname], said.known.given_labels)
    if given is None:
        given = next((run for run in runs if run is not surname and _opens(said, run)), None)
    if given is None or given is surname:
        return None
    return Run(given.start, surname.end, [*given.tokens, *surname.tokens])


def _beside(said: Utterance, runs: Sequence[Run], label: frozenset[str]) -> Run | None:
    """The run after the label, else the one before it."""
    for run in runs:
        before = [token.folded for token in said.said[: run.start]]
        while before and before[-1] in said.known.copulas:
            before.pop()
        if " ".join(before[-1:]) in label or " ".join(before[-2:]) in label:
            return run
    for run in runs:
        after = [token.folded for token in said.said[run.end : run.end + _LABEL_REACH]]
        if any(one in label or f"{one} {two}" in label for one, two in pairwise([*after, ""])):
            return run
    return None


def _completed(said: Utterance, chosen: Run, runs: Sequence[Run]) -> Run:
    """The chosen run with what a later one adds to it or corrects in it."""
    others = [run for run in runs if run.start >= chosen.end]
    for other in others:
        if _is_corrected_by(said, chosen, other) or _is_in(chosen.folded, other.folded):
            chosen = other
    if len(others) == 1 and others[0].start == chosen.end:
        return _turned(chosen, others[0], at_the_end=others[0].end == len(said.said))
    return chosen


def _is_corrected_by(said: Utterance, chosen: Run, other: Run) -> bool:
    """`Brand, sorry, Brandt`: nothing but the excuse stands between them."""
    corrections = said.known.corrections
    between = said.between(chosen.end, other.start)
    return bool(between & corrections) and between <= corrections | said.known.fillers


def _is_in(name: list[str], longer: list[str]) -> bool:
    """Whether `longer` says the name again with more of it: `Keller`, then `Thomas Keller`."""
    size = len(name)
    return size < len(longer) and name in (longer[:size], longer[-size:])


def _turned(first: Run, second: Run, *, at_the_end: bool) -> Run:
    """`Brandt, Ute` and `Ute. Brandt.` said in two runs of one word each."""
    alone = len(first.tokens) == len(second.tokens) == 1 and at_the_end
    if not alone or first.folded == second.folded:
        return first
    parts = [*first.tokens, *second.tokens]
    if not is_first_name(first.folded[0]):
        parts.reverse()
    return Run(first.start, second.end, parts, first.honours or second.honours)


def _is_couple(said: Utterance, chosen: Run) -> bool:
    """`Ute und Peter Brandt` are two people; which of them, only a question can tell."""
    if len(chosen.tokens) > 1 or not is_first_name(chosen.folded[0]):
        return False
    other = next((run for run in said.runs if run.start >= chosen.end), None)
    if other is None or len(other.tokens) == 1 or not is_first_name(other.folded[0]):
        return False
    return said.between(chosen.end, other.start) <= said.known.joiners
