"""What was said, cut down to the name in it.

Models pass on what the recogniser wrote: `ja hallo hier ist die Frau Brandt`, `it's for my
daughter Lea`, `Brandt, Ute`. The name is the run of words that follows an announcement (`my name
is`) or opens the sentence; grammar, courtesies and everything after it are left out.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from booking.names.casing import write_word
from booking.names.first_names import is_first_name
from booking.names.fold import fold
from booking.names.lexicon import Lexicon, lexicon

MAX_HEARD = 400
"""Characters looked at; a name that comes later is in a story, not in an answer."""
MAX_NAME = 80
"""Characters of a name that we store."""
_MAX_WORDS = 8
_CODE = frozenset("<>{}[]|\\=$@#^~*")
_BREAKS = frozenset(',;:!?…/()"„“”»«.&+')
_ABBREVIATIONS = frozenset({"st"})


@dataclass(frozen=True, slots=True)
class Heard:
    """The name in what was said; without words there was none."""

    words: tuple[str, ...] = ()
    """As one would write them: `von`, `der`, `Heide`."""
    salutation: str | None = None
    """With titles: `Frau Dr.`."""
    for_other: bool = False
    """The caller said that the booking is for somebody else."""
    spelling: str | None = None
    """What the caller spelled in the same breath."""
    placeholder: bool = False
    """There was a word, but one that stands for a missing name."""

    @property
    def name(self) -> str:
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    folded: str
    after_break: bool
    """Punctuation parts it from the token before."""


@dataclass(slots=True)
class _Run:
    """Neighbouring tokens that may be a name."""

    start: int
    end: int
    tokens: list[_Token] = field(default_factory=list)
    honours: list[str] = field(default_factory=list)


def inert(text: str) -> str:
    """`text` bounded, in one Unicode form, without anything invisible or drawn."""
    composed = unicodedata.normalize("NFKC", text[:MAX_HEARD])
    return "".join(_visible(letter) for letter in composed)


def _visible(letter: str) -> str:
    if letter.isascii():
        return letter if letter.isprintable() else " "
    category = unicodedata.category(letter)
    if category == "Cf":
        return ""
    return " " if category[0] in "CSZ" and letter not in "´`" else letter


def listen(text: str, language: str) -> Heard:
    """Find the name in `text`, which may be anything."""
    clear = inert(text)
    if any(letter in _CODE for letter in clear):
        return Heard()
    known = lexicon(language)
    tokens = list(_tokens(clear, known))
    return _Listener(tokens, known).heard()


def _tokens(text: str, known: Lexicon) -> Iterator[_Token]:
    broken = short = False
    for chunk in text.split():
        start, end = 0, len(chunk)
        while start < end and not chunk[start].isalnum():
            broken = broken or chunk[start] in _BREAKS or chunk[start] == "-"
            start += 1
        while end > start and not (
            chunk[end - 1].isalnum() or unicodedata.combining(chunk[end - 1])
        ):
            end -= 1
        word, rest = chunk[start:end], chunk[end:]
        for piece in _pieces(word):
            folded = fold(piece).replace("'", "").replace("’", "")
            yield _Token(piece, folded, broken)
            broken = False
            short = len(folded) == 1 or folded in known.titles or folded in _ABBREVIATIONS
        if word:
            broken = any(mark in _BREAKS for mark in rest) and not (short and rest == ".")
        else:
            broken = broken or any(mark in _BREAKS for mark in rest)


def _pieces(word: str) -> Iterator[str]:
    """`Brandt,Ute` and `Dr.Brandt` are two words; `Meyer-Lindt` and `O'Brien` are one."""
    at = 0
    for index, letter in enumerate(word):
        if letter in _BREAKS:
            yield word[at:index]
            at = index + 1
    yield word[at:]


class _Listener:
    """The search for a name in one utterance."""

    def __init__(self, tokens: Sequence[_Token], known: Lexicon) -> None:
        self._tokens = tokens
        self._known = known

    def heard(self) -> Heard:
        runs = list(self._runs())
        for_other = any(self._is_relation(at) for at in range(len(self._tokens)))
        chosen = self._choose(runs, for_other=for_other)
        if chosen is None:
            return Heard(for_other=for_other)
        written = tuple(write_word(token.text) for token in chosen.tokens)
        if len(written) > _MAX_WORDS or len(" ".join(written)) > MAX_NAME:
            return Heard(for_other=for_other)
        return Heard(written, " ".join(chosen.honours) or None, for_other)

    def _runs(self) -> Iterator[_Run]:
        """Runs of words that may be names, with the salutations before them."""
        at = 0
        while at < len(self._tokens):
            run = self._run_from(at)
            if run.tokens:
                yield run
            at = max(run.end, at + 1)

    def _run_from(self, start: int) -> _Run:
        known, run = self._known, _Run(start, start)
        for at in range(start, len(self._tokens)):
            token = self._tokens[at]
            word = token.folded
            if token.after_break and (run.tokens or run.honours):
                break
            if self._is_relation(at):
                break
            if word in known.salutations and not run.tokens:
                run.honours.append(known.salutations[word])
            elif word in known.titles:
                if not run.tokens:
                    run.honours.append(known.titles[word])
            elif word in known.generations and run.tokens:
                run.tokens.append(_Token(known.generations[word], word, after_break=False))
            elif self._is_name_word(at, opening=not run.tokens):
                run.tokens.append(token)
            else:
                break
            run.end = at + 1
        while run.tokens and run.tokens[-1].folded in known.particles:
            run.tokens.pop()
        return run

    def _is_name_word(self, at: int, *, opening: bool) -> bool:
        token, known = self._tokens[at], self._known
        word = token.folded
        if any(letter.isdigit() for letter in word) or not word:
            return False
        if word in known.particles:
            if opening and word in known.grammar:
                return False
            following = self._tokens[at + 1] if at + 1 < len(self._tokens) else None
            return following is not None and not following.after_break
        return word not in known.grammar and word not in known.fillers

    def _is_relation(self, at: int) -> bool:
        """Whether the token is somebody else: `meine Tochter`, `Ute's husband`."""
        known, tokens = self._known, self._tokens
        if tokens[at].folded not in known.relations or not at:
            return False
        before = tokens[at - 1]
        return before.folded in known.possessives or before.text.lower().endswith(("'s", "’s"))

    def _choose(self, runs: Sequence[_Run], *, for_other: bool) -> _Run | None:
        announced = [run for run in runs if self._is_announced(run)]
        opening = [run for run in runs if self._opens(run)]
        if for_other:
            return next((run for run in runs if self._follows_relation(run)), None)
        if not (announced or opening):
            return None
        chosen = (announced or opening)[0]
        return self._completed(chosen, runs)

    def _before(self, run: _Run) -> list[str]:
        """The words before a run, courtesies left out."""
        fillers = self._known.fillers
        return [token.folded for token in self._tokens[: run.start] if token.folded not in fillers]

    def _is_announced(self, run: _Run) -> bool:
        before = self._before(run)[-4:]
        return any(" ".join(before[at:]) in self._known.announcements for at in range(len(before)))

    def _opens(self, run: _Run) -> bool:
        return not [word for word in self._before(run) if word not in self._known.particles]

    def _follows_relation(self, run: _Run) -> bool:
        return any(self._is_relation(at) for at in range(max(0, run.start - 5), run.start))

    def _completed(self, chosen: _Run, runs: Sequence[_Run]) -> _Run:
        """`Brandt, Ute` and `Brandt. Ute Brandt.` are one name said in two runs."""
        others = [run for run in runs if run.start >= chosen.end]
        if not others or others[0].start != chosen.end:
            return chosen
        following = others[0]
        first = [token.folded for token in chosen.tokens]
        second = [token.folded for token in following.tokens]
        if len(second) > len(first) and first == second[-len(first) :]:
            return following
        if len(first) == len(second) == 1 and first != second:
            tokens = [*chosen.tokens, *following.tokens]
            if is_first_name(second[0]) and not is_first_name(first[0]):
                tokens.reverse()
            elif not is_first_name(first[0]):
                return chosen
            honours = chosen.honours or following.honours
            return _Run(chosen.start, following.end, tokens, honours)
        return chosen
