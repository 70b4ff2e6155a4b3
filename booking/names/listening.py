"""What was said, cut down to the name in it.

Models pass on what the recogniser wrote: `ja hallo hier ist die Frau Brandt`, `it's for my
daughter Lea`, `Brandt, Ute`. The name is the run of words that follows an announcement (`my name
is`) or opens the sentence; grammar, courtesies and everything after it are left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from booking.names.casing import write_word
from booking.names.first_names import is_first_name
from booking.names.hearing import Token, tokens
from booking.names.hints import read_hints
from booking.names.languages import lexicon
from booking.names.lexicon import Lexicon
from booking.names.likeness import alike
from booking.names.placeholder import is_placeholder
from booking.names.runs import Run, Utterance

MAX_NAME = 80
"""Characters of a name that we store."""
_MAX_WORDS = 8
_SPELLED_ROW = 3
"""Single letters in a row that are spelling; fewer are initials."""
_TAIL = 2
"""Capitalised everyday words after a name that may belong to it."""
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
    other_readings: tuple[tuple[str, ...], ...] = ()
    """What else the name may be: the one borne earlier, `Ute Harmsen` of `Ute Brandt, geborene
    Harmsen`, and the words with an everyday one that ends them, `Wane Right`."""
    spelling: str | None = None
    """What the caller spelled in the same breath."""
    is_doubtful: bool = False
    """The words may be a name because nothing is known against it: enough to recognise a customer,
    too little for a new one."""
    placeholder: bool = False
    """There was a word, but one that stands for a missing name."""

    @property
    def name(self) -> str:
        return " ".join(self.words)

    @property
    def readings(self) -> tuple[tuple[str, ...], ...]:
        return (self.words, *self.other_readings)


def listen(text: str, language: str) -> Heard:
    """Find the name in `text`, which may be anything."""
    known = lexicon(language)
    said = tokens(text, known)
    cut = _spelling_at(said, language)
    end = _spelling_end(said, cut, known)
    spelling = " ".join(token.text for token in said[cut:end]) or None
    return _heard(Utterance([*said[:cut], *said[end:]], known), spelling)


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


def _spelling_end(said: Sequence[Token], cut: int, known: Lexicon) -> int:
    """Where spelling that began at `cut` gives way to a given name: `S M I T H, John`."""
    for at in range(cut + 1, len(said)):
        after = [token.folded for token in said[at : at + 4]]
        label = next((n for n in (2, 1) if " ".join(after[:n]) in known.given_labels), 0)
        while 0 < label < len(after) and after[label] in known.copulas:
            label += 1
        if label and len(after) > label and len(after[label]) > 1:
            return at
        letters = [token for token in said[cut:at] if len(token.folded) == 1]
        alone = at + 1 == len(said) and said[at].after_break and len(after[0]) > 1
        if alone and is_first_name(after[0]) and len(letters) == at - cut:
            return at
    return len(said)


def _heard(said: Utterance, spelling: str | None) -> Heard:
    denied = [
        run
        for run in said.runs
        if said.follows(run, said.known.denials)
        and not is_placeholder(" ".join(run.folded))
        and not (run.is_small and any(token.text.istitle() for token in said.said[1:]))
    ]
    former = [
        run for run in said.runs if said.between(run.start - 1, run.start) & said.known.former
    ]
    meant = [
        run
        for run in said.runs
        if not said.follows(run, said.known.denials)
        and run not in former
        and not said.is_of_relation(run)
        and not said.is_asked_about(run)
    ]
    named = [run for run in meant if run.honours or not is_placeholder(" ".join(run.folded))]
    meant = named or meant
    chosen = _choose(said, meant, after=denied[-1].end if denied else 0)
    about = f" {' '.join(token.folded for token in said.said)} "
    of_another = any(f" {phrase} " in about for phrase in said.known.of_another)
    for_other = bool(said.relations) or of_another or (bool(denied) and chosen is None)
    if chosen is None or _is_couple(said, chosen):
        return Heard(for_other=for_other, spelling=spelling)
    written = _written(chosen)
    if len(written) > _MAX_WORDS or len(" ".join(written)) > MAX_NAME:
        return Heard(for_other=for_other)
    return Heard(
        words=written,
        is_doubtful=not _is_plausible(said, chosen),
        salutation=" ".join(chosen.honours) or None,
        for_other=for_other,
        other_readings=tuple(_other_readings(said, chosen, former)),
        spelling=spelling,
    )


def _is_plausible(said: Utterance, run: Run) -> bool:
    """Whether something speaks for a name: a first name, what is around it, or nothing else."""
    if run.honours or any(map(is_first_name, run.folded)):
        return True
    if said.relations and (run.start - 1 in said.relations or not run.is_small):
        return True
    if run.is_small and any(token.text.istitle() for token in said.said):
        return False  # whoever wrote this knows what a name is
    if any(
        said.follows(run, phrases) for phrases in (said.known.announcements, said.known.denials)
    ):
        return True
    after = said.said[run.end :]
    if said.precedes(run, said.known.after_names) or (
        after and after[0].folded in said.known.openings
    ):
        return True
    if after and not after[0].after_break and after[0].folded not in said.known.fillers:
        return False
    # "I'm busy", "okay super", "highlights": a name alone is written with a capital
    return not run.is_small or (len(run.tokens) > 1 and not said.is_led(run))


def _other_readings(
    said: Utterance, chosen: Run, former: Sequence[Run]
) -> Iterator[tuple[str, ...]]:
    if former:
        yield (_written(chosen)[0], *_written(former[0]))
    tail = said.said[chosen.end :]
    if 0 < len(tail) <= _TAIL and all(
        token.text.istitle() and not token.after_break and token.folded not in said.known.denials
        for token in tail
    ):
        yield (*_written(chosen), *(token.text for token in tail))


def _written(run: Run) -> tuple[str, ...]:
    return tuple(
        token.text.lower() if token.folded in lexicon("de").joiners else write_word(token.text)
        for token in _without_stutter(run.tokens)
    )


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
    announced = announced or next((run for run in runs if said.is_led(run)), None)
    chosen = announced or opening
    if opening and announced and said.precedes(opening, said.known.after_names):
        chosen = opening
    if chosen is None and after:
        chosen = next((run for run in runs if _is_new(said, run, after)), None)
    if chosen is None:
        chosen = next((run for run in runs if _stands_apart(said, run)), None)
    if chosen and chosen.is_small:
        # "Ich bin krank, Ute Brandt": whoever wrote this knows what a name is.
        chosen = next((run for run in runs if run.is_capitalised), chosen)
    return _completed(said, chosen, runs) if chosen else None


def _opens(said: Utterance, run: Run) -> bool:
    return not [word for word in said.before(run) if word not in said.known.particles]


def _stands_apart(said: Utterance, run: Run) -> bool:
    """Whether the run is a full name in other talk: `I called before, Thomas Keller`."""
    full = len(run.tokens) > 1 and run.is_capitalised and is_first_name(run.folded[0])
    first, before = said.said[run.start], said.before(run)[-1:]
    # "the dates of Ute Brandt", "with Ute Brandt": somebody else's
    return full and (first.after_break or not before or before[0] not in said.known.of_somebody)


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
    given = _beside(said, [run for run in runs if run is not surname], said.known.given_labels)
    if surname is None:
        surname = next((run for run in runs if run is not given and _opens(said, run)), None)
        if given is None or surname is None:
            return given
    if given is None:
        given = next((run for run in runs if run is not surname and _opens(said, run)), None)
    if given is None or given is surname:
        return None
    return Run(given.start, surname.end, [*given.tokens, *surname.tokens])


def _beside(said: Utterance, runs: Sequence[Run], label: frozenset[str]) -> Run | None:
    """The run that a label ends, `Brandt ist der Nachname`; else the one after, or before it."""
    for run in runs:
        tail = said.said[run.end : run.end + _LABEL_REACH]
        for at, token in enumerate(tail):
            if token.after_break or token.folded in said.known.joiners:
                break
            following = said.said[run.end + at + 1 : run.end + at + 2]
            last = not following or following[0].after_break
            if token.folded in label and (last or following[0].folded in said.known.joiners):
                return run
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
        if _is_corrected_by(said, chosen, other):
            chosen = _corrected(chosen, other)
        elif _is_in(chosen.folded, other.folded):
            chosen = other
    fuller = (run for run in runs if run.end <= chosen.start and not run.is_small)
    chosen = next((run for run in fuller if _is_in(chosen.folded, run.folded)), chosen)
    if others and others[0].start == chosen.end:
        after = said.said[others[0].end :]
        ended = not after or (after[0].after_break and is_first_name(others[0].folded[0]))
        return _turned(chosen, others[0], at_the_end=ended)
    return chosen


def _is_corrected_by(said: Utterance, chosen: Run, other: Run) -> bool:
    """`Brand, sorry, Brandt`: nothing but the excuse stands between them."""
    corrections, fillers = said.known.corrections, said.known.fillers
    between = said.between(chosen.end, other.start)
    if between & corrections and between <= corrections | fillers:
        return True
    said_so = [one.folded for one in said.said[chosen.end : other.start]]
    return " ".join(one for one in said_so if one not in fillers) in corrections


def _corrected(name: Run, other: Run) -> Run:
    """`Jenny Stewart, sorry, Stuart` keeps Jenny; a full name is said anew."""
    first, last, said = name.folded[0], name.folded[-1], other.folded[0]
    if len(other.tokens) > 1 or len(name.tokens) < 2 or alike(said, last) <= alike(said, first):  # noqa: PLR2004
        return other
    return Run(name.start, other.end, [*name.tokens[:-1], *other.tokens], name.honours)


def _is_in(name: list[str], longer: list[str]) -> bool:
    """Whether `longer` says the name again with more of it: `Keller`, then `Thomas Keller`."""
    size = len(name)
    return size < len(longer) and name in (longer[:size], longer[-size:])


def _turned(first: Run, second: Run, *, at_the_end: bool) -> Run:
    """`Brandt, Ute` and `Ute. Brandt.` said in two runs of one word each."""
    alone = len(first.tokens) == len(second.tokens) == 1 and at_the_end
    if not alone or first.is_small != second.is_small or first.folded == second.folded:
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
