"""What was said, cut down to the name in it.

Models pass on what the recogniser wrote: `ja hallo hier ist die Frau Brandt`, `it's for my
daughter Lea`, `Brandt, Ute`. The name is the run of words that follows an announcement (`my name
is`) or opens the sentence; grammar, courtesies and everything after it are left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from booking.names.casing import write_word
from booking.names.first_names import is_first_name
from booking.names.hearing import Token, tokens
from booking.names.hints import read_hint
from booking.names.lexicon import Lexicon, lexicon

MAX_NAME = 80
"""Characters of a name that we store."""
_MAX_WORDS = 8
_LONGEST_PHRASE = 4
_SPELLED_ROW = 3
"""Single letters in a row that are spelling; fewer are initials."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The name in what was said; without words there was none."""

    words: tuple[str, ...] = ()
    """As one would write them: `von`, `der`, `Heide`."""
    salutation: str | None = None
    """With titles: `Frau Dr.`."""
    for_other: bool = False
    """The booking is for somebody else than the caller, or the caller is not whom we may think."""
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
    cut = _spelling_at(said, known)
    spelling = " ".join(token.text for token in said[cut:]) or None
    return _Listener(said[:cut], known).heard(spelling)


def _spelling_at(said: Sequence[Token], known: Lexicon) -> int:
    """Where spelling begins: three single letters, `M wie Martha`, `mit dt`."""
    for at, token in enumerate(said):
        row = said[at : at + _SPELLED_ROW]
        if len(row) == _SPELLED_ROW and all(len(one.folded) == 1 for one in row):
            return at
        if len(token.folded) == 1 and at + 2 < len(said) and said[at + 1].folded in known.as_in:
            return at
        hinting = token.folded in known.with_words or token.folded in known.without
        if at and hinting and read_hint(" ".join(one.text for one in said[at:]), known):
            return at
    return len(said)


@dataclass(slots=True)
class _Run:
    """Neighbouring tokens that may be a name."""

    start: int
    end: int
    tokens: list[Token] = field(default_factory=list)
    honours: list[str] = field(default_factory=list)

    @property
    def folded(self) -> list[str]:
        return [token.folded for token in self.tokens]


class _Listener:
    """The search for a name in one utterance."""

    def __init__(self, said: Sequence[Token], known: Lexicon) -> None:
        self._said = said
        self._known = known
        self._relations = [at for at in range(len(said)) if self._is_relation(at)]

    def heard(self, spelling: str | None) -> Heard:
        runs = list(self._runs())
        denied = [run for run in runs if self._follows(run, self._known.denials)]
        meant = [run for run in runs if run not in denied and not self._is_owner_of(run)]
        chosen = self._choose(meant, after=denied[-1].end if denied else 0)
        for_other = bool(self._relations) or (bool(denied) and chosen is None)
        if chosen is None:
            return Heard(for_other=for_other, spelling=spelling)
        written = tuple(write_word(token.text) for token in _without_stutter(chosen.tokens))
        if len(written) > _MAX_WORDS or len(" ".join(written)) > MAX_NAME:
            return Heard(for_other=for_other)
        return Heard(written, " ".join(chosen.honours) or None, for_other, spelling)

    def _runs(self) -> Iterator[_Run]:
        """Runs of words that may be names, with the salutations before them."""
        at = 0
        while at < len(self._said):
            run = self._run_from(at)
            if run.tokens:
                yield run
            at = max(run.end, at + 1)

    def _run_from(self, start: int) -> _Run:
        run = _Run(start, start)
        for at in range(start, len(self._said)):
            token = self._said[at]
            parted = token.after_break and (run.tokens or run.honours)
            if parted or at in self._relations or not self._takes(run, at):
                break
            run.end = at + 1
        while run.tokens and run.tokens[-1].folded in self._known.particles:
            run.tokens.pop()
        return run

    def _takes(self, run: _Run, at: int) -> bool:
        """Add the token to the run if it belongs there."""
        known, token = self._known, self._said[at]
        word = token.folded
        if word in known.salutations and not run.tokens and not self._ends(at):
            run.honours.append(known.salutations[word])
        elif word in known.titles:
            if not run.tokens:
                run.honours.append(known.titles[word])
        elif word in known.generations and run.tokens:
            run.tokens.append(Token(known.generations[word], word, after_break=False))
        elif self._is_name_word(run, at):
            run.tokens.append(token)
        else:
            return False
        return True

    def _ends(self, at: int) -> bool:
        """Whether a pause or the end follows the token."""
        return at + 1 == len(self._said) or self._said[at + 1].after_break

    def _is_name_word(self, run: _Run, at: int) -> bool:
        known, word = self._known, self._said[at].folded
        if not word or any(letter.isdigit() for letter in word):
            return False
        if word in known.particles:
            return not (word in known.grammar and not run.tokens) and not self._ends(at)
        known_word = word in known.grammar or word in known.fillers or word in known.salutations
        if known_word or word in known.relations:
            return word in known.surnames and self._is_surname(run, at)
        return True

    def _is_surname(self, run: _Run, at: int) -> bool:
        """Whether an everyday word is a surname here: `Ute Weiss`, `Frau Weiss`, `Weiss`."""
        if run.tokens:
            return len(run.tokens) == 1 and is_first_name(run.tokens[0].folded) and self._ends(at)
        if not self._ends(at):
            return False
        return bool(run.honours) or len(self._said) == 1

    def _is_relation(self, at: int) -> bool:
        """Whether the token is somebody else: `meine Tochter`, `Ute's husband`, `Mann von`."""
        known, said = self._known, self._said
        if said[at].folded not in known.relations:
            return False
        before = said[at - 1] if at else None
        if before and (before.folded in known.possessives or before.text.lower().endswith("'s")):
            return True
        following = said[at + 1].folded if at + 1 < len(said) else ""
        return following in known.of and not self._is_salutation(at)

    def _is_salutation(self, at: int) -> bool:
        """`Frau von Alten` is no wife of anybody."""
        return self._said[at].folded in self._known.salutations

    def _is_owner_of(self, run: _Run) -> bool:
        """Whether the run only says whose relation is meant: `die Tochter von Ute Brandt`."""
        if run.tokens and run.tokens[-1].text.lower().endswith("'s") and run.end in self._relations:
            return True
        known, said = self._known, self._said
        if run.start in self._relations or run.start - 1 in self._relations:
            first = said[run.start].folded
            return first in known.of and run.start - 1 in self._relations
        return (
            run.start > 1
            and said[run.start - 1].folded in known.of
            and (run.start - 2 in self._relations)
        )

    def _choose(self, runs: Sequence[_Run], *, after: int) -> _Run | None:
        """The run that names whom the booking is for; `after` a name that was denied, any."""
        if self._relations:
            return self._relative(runs)
        if labelled := self._labelled(runs):
            return labelled
        opening = next((run for run in runs if self._opens(run)), None)
        announced = next(
            (run for run in runs if self._follows(run, self._known.announcements)), None
        )
        corrected = next((run for run in runs if after and self._is_new(run, after)), None)
        chosen = announced or opening or corrected
        if opening and announced and self._precedes(opening, self._known.after_names):
            chosen = opening
        return self._completed(chosen, runs) if chosen else None

    def _is_new(self, run: _Run, after: int) -> bool:
        """Whether the run says who it is instead: `not Smith, Smythe`."""
        return run.start == after or (run.start > after and self._said[run.start].after_break)

    def _labelled(self, runs: Sequence[_Run]) -> _Run | None:
        """`Vorname Ute, Nachname Brandt`, in either order."""
        given = self._beside(runs, self._known.given_labels)
        surname = self._beside(runs, self._known.surname_labels)
        if given is None or surname is None or given is surname:
            return None
        return _Run(given.start, surname.end, [*given.tokens, *surname.tokens])

    def _beside(self, runs: Sequence[_Run], label: frozenset[str]) -> _Run | None:
        """The run after the label, else the one before it."""
        for run in runs:
            before = [token.folded for token in self._said[: run.start]][-_LONGEST_PHRASE:]
            while before and before[-1] in self._known.copulas:
                before.pop()
            if any(" ".join(before[at:]) in label for at in range(len(before))):
                return run
        for run in runs:
            after = [token.folded for token in self._said[run.end : run.end + _LONGEST_PHRASE]]
            if any(
                " ".join(after[at:end]) in label
                for at in range(len(after))
                for end in range(at + 1, len(after) + 1)
            ):
                return run
        return None

    def _relative(self, runs: Sequence[_Run]) -> _Run | None:
        """The run after `meine Tochter`, or the one it explains: `Lea Brandt, meine Tochter`."""
        relation = self._relations[0]
        after = next((run for run in runs if run.start > relation), None)
        if after:
            return self._completed(after, runs)
        before = [run for run in runs if run.end <= relation]
        said = {token.folded for token in self._said[: relation + 1]}
        if not before or said & self._known.purposes:
            return None
        last = before[-1]
        return last if relation - last.end <= 1 and self._said[last.end].after_break else None

    def _before(self, run: _Run) -> list[str]:
        """The words before a run, courtesies left out."""
        fillers = self._known.fillers
        return [token.folded for token in self._said[: run.start] if token.folded not in fillers]

    def _follows(self, run: _Run, phrases: frozenset[str]) -> bool:
        before = self._before(run)[-_LONGEST_PHRASE:]
        return any(" ".join(before[at:]) in phrases for at in range(len(before)))

    def _precedes(self, run: _Run, phrases: frozenset[str]) -> bool:
        after = [token.folded for token in self._said[run.end : run.end + _LONGEST_PHRASE]]
        return any(" ".join(after[:length]) in phrases for length in range(1, len(after) + 1))

    def _opens(self, run: _Run) -> bool:
        return not [word for word in self._before(run) if word not in self._known.particles]

    def _completed(self, chosen: _Run, runs: Sequence[_Run]) -> _Run:
        """The chosen run with what a later one adds to it or corrects in it."""
        others = [run for run in runs if run.start >= chosen.end]
        for other in others:
            if self._is_corrected_by(chosen, other) or _is_in(chosen.folded, other.folded):
                chosen = other
        if others and others[0].start == chosen.end and len(others) == 1:
            return self._turned(chosen, others[0])
        return chosen

    def _is_corrected_by(self, chosen: _Run, other: _Run) -> bool:
        """`Brand, sorry, Brandt`: nothing but the excuse stands between them."""
        known = self._known
        between = {token.folded for token in self._said[chosen.end : other.start]}
        return bool(between & known.corrections) and between <= known.corrections | known.fillers

    def _turned(self, first: _Run, second: _Run) -> _Run:
        """`Brandt, Ute` and `Ute. Brandt.` said in two runs of one word each."""
        alone = len(first.tokens) == len(second.tokens) == 1 and second.end == len(self._said)
        if not alone or first.folded == second.folded:
            return first
        tokens = [*first.tokens, *second.tokens]
        if not is_first_name(first.folded[0]):
            tokens.reverse()
        return _Run(first.start, second.end, tokens, first.honours or second.honours)


def _is_in(name: list[str], longer: list[str]) -> bool:
    """Whether `longer` says the name again with more of it: `Keller`, then `Thomas Keller`."""
    size = len(name)
    return size < len(longer) and name in (longer[:size], longer[-size:])


def _without_stutter(said: Sequence[Token]) -> list[Token]:
    """`Thomas Thomas Keller`, `Ke- Keller`: a word begun twice is said once."""
    kept: list[Token] = []
    for token in said:
        if kept and (kept[-1].folded == token.folded):
            continue
        kept.append(token)
    half = len(kept) // 2
    again = [one.folded for one in kept[:half]] == [one.folded for one in kept[half:]]
    return kept[:half] if half and again else kept
