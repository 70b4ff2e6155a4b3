"""Runs of words in an utterance that may be names, and the people that are spoken of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from booking.names.first_names import is_first_name
from booking.names.hearing import Token
from booking.names.lexicon import Lexicon

_LONGEST_PHRASE = 4
_HESITATIONS = frozenset({"aeh", "aehm", "oeh", "eh", "ehm", "hm", "uh", "um", "uhm", "erm"})
"""Sounds that may part a first name from its surname."""
_TRADE = 9
"""Letters from which a word's ending tells that it is no name."""
_ADJECTIVES = 2
"""Words between `meine` and `Tochter`: `meine kleine`."""


@dataclass(slots=True)
class Run:
    """Neighbouring words that may be a name."""

    start: int
    end: int
    """Where the tokens after it begin."""
    tokens: list[Token] = field(default_factory=list)
    honours: list[str] = field(default_factory=list)
    """Salutation and titles as written."""

    @property
    def folded(self) -> list[str]:
        return [token.folded for token in self.tokens]

    @property
    def is_capitalised(self) -> bool:
        return all(token.text[:1].isupper() for token in self.tokens)

    @property
    def is_small(self) -> bool:
        return all(token.text.islower() for token in self.tokens)


class Utterance:
    """Tokens with what is known about their places."""

    def __init__(self, said: Sequence[Token], known: Lexicon) -> None:
        self.said = said
        self.known = known
        self.relations = [at for at in range(len(said)) if self._is_relation(at)]
        self.runs = list(self._find_runs())

    def before(self, run: Run) -> list[str]:
        """The words before a run, courtesies left out."""
        fillers = self.known.fillers
        return [token.folded for token in self.said[: run.start] if token.folded not in fillers]

    def follows(self, run: Run, phrases: frozenset[str]) -> bool:
        """Whether one of the phrases stands before the run, courtesies aside."""
        before = self.before(run)[-_LONGEST_PHRASE:]
        return any(" ".join(before[at:]) in phrases for at in range(len(before)))

    def is_led(self, run: Run) -> bool:
        """Whether a clause begins with what leads to a name, `I'm`, `der`, and then the run."""
        start = max(
            (at for at in range(run.start + 1) if not at or self.said[at].after_break), default=0
        )
        fillers = self.known.fillers
        clause = (token.folded for token in self.said[start : run.start])
        return " ".join(word for word in clause if word not in fillers) in self.known.leads

    def is_asked_about(self, run: Run) -> bool:
        """`Ist Frau Berger heute da`: a question about somebody, who does not speak."""
        before, after = self.before(run), self.said[run.end :]
        if len(before) != 1 or before[0] not in self.known.auxiliaries or not after:
            return False
        aside = after[0].after_break or after[0].folded in self.known.fillers
        return not aside and not self.precedes(run, self.known.after_names)

    def precedes(self, run: Run, phrases: frozenset[str]) -> bool:
        """Whether one of the phrases stands right after the run."""
        after = [token.folded for token in self.said[run.end : run.end + _LONGEST_PHRASE]]
        return any(" ".join(after[:length]) in phrases for length in range(1, len(after) + 1))

    def between(self, first: int, second: int) -> set[str]:
        """The words from one place up to another."""
        return {token.folded for token in self.said[first:second]}

    def is_of_relation(self, run: Run) -> bool:
        """Whether the run only says whose relation is meant: `die Tochter von Ute Brandt`."""
        if run.tokens[-1].text.lower().endswith("'s") and run.end in self.relations:
            return True
        of, said, at = self.known.of, self.said, run.start
        if at - 1 in self.relations and said[at].folded in of:
            return True
        return at - 2 in self.relations and said[at - 1].folded in of

    def _is_relation(self, at: int) -> bool:
        """Whether the word is somebody else: `meine Tochter`, `Ute's husband`, `Mann von`."""
        known, said = self.known, self.said
        if said[at].folded not in known.relations:
            return False
        for step in range(1, min(at, _ADJECTIVES + 1) + 1):
            before = said[at - step]
            if before.folded in known.possessives or before.text.lower().endswith("'s"):
                return True
            if said[at - step + 1].after_break:
                break
        following = [token.folded for token in said[at + 1 : at + 3]]
        # "Frau von Alten" is nobody's wife, "die Frau von Jasper" is.
        whose = said[at].folded not in known.salutations or any(map(is_first_name, following[1:]))
        return following[:1] != [] and following[0] in known.of and whose

    def _find_runs(self) -> Iterator[Run]:
        at = 0
        while at < len(self.said):
            run = self._run_from(at)
            if run.tokens:
                yield run
            at = max(run.end, at + 1)

    def _run_from(self, start: int) -> Run:
        run = Run(start, start)
        for at in range(start, len(self.said)):
            parted = self.said[at].after_break and (run.tokens or run.honours)
            if parted or at in self.relations or not self._takes(run, at):
                break
            run.end = at + 1
        while run.tokens and run.tokens[-1].folded in self.known.particles:
            run.tokens.pop()
        return run

    def _takes(self, run: Run, at: int) -> bool:
        """Add the token to the run if it belongs there."""
        known, token = self.known, self.said[at]
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
        elif word in _HESITATIONS and len(run.tokens) == 1 and not self._ends(at):
            return self._is_name_word(Run(at + 1, at + 1), at + 1)
        else:
            return False
        return True

    def _ends(self, at: int) -> bool:
        """Whether a pause or the end follows the token."""
        return at + 1 == len(self.said) or self.said[at + 1].after_break

    def _is_name_word(self, run: Run, at: int) -> bool:
        known, word = self.known, self.said[at].folded
        if not word or any(letter.isdigit() for letter in word):
            return False
        if word in known.joiners and run.tokens and not self._ends(at):
            # "von und zu Hohenfels"
            around = (run.tokens[-1].folded, self.said[at + 1].folded)
            return all(one in known.particles for one in around)
        if word in known.particles:
            return not (word in known.grammar and not run.tokens) and not self._ends(at)
        everyday = (
            self._is_verb(at)
            or (len(word) >= _TRADE and word.endswith(known.trade_endings))
            or word in known.grammar
            or word in known.fillers
            or word in known.salutations
        )
        if run.tokens and self._is_small_after_capitals(run, at):
            return False
        if everyday or word in known.relations:
            known_surname = word in known.surnames and self._is_surname(run, at)
            return known_surname or self._is_written_as_one(run, at)
        return True

    def _is_small_after_capitals(self, run: Run, at: int) -> bool:
        """Whether who wrote the run with capitals left this word small: `Rezept abholen`."""
        first = run.tokens[0]
        return (
            self.said[at].text.islower()
            and first.text.istitle()
            and not is_first_name(first.folded)
            and not run.honours
        )

    def _is_verb(self, at: int) -> bool:
        """Whether the small word is one by its ending: `verrate ich`, `I'm driving`."""
        text, ending = self.said[at].text, self.known.progressive
        if ending and text.islower() and text.endswith(ending):
            before = [one.folded for one in self.said[:at] if one.folded not in self.known.fillers]
            if before and before[-1] in self.known.auxiliaries:
                return True
        inverted = not self._ends(at) and self.said[at + 1].folded == self.known.inverted
        return inverted and text.islower() and text.endswith("e") and not is_first_name(text)

    def _is_written_as_one(self, run: Run, at: int) -> bool:
        """Whether capitals say that it is one: `Mark Spelling`, and in a sentence `Can Akin`."""
        text, word = self.said[at].text, self.said[at].folded
        if not text.istitle():
            return False
        if run.tokens:
            first = is_first_name(run.tokens[0].folded) or len(self.said) == at + 1
            named = self.precedes(Run(at, at + 1), self.known.after_names)
            return len(run.tokens) == 1 and first and (self._ends(at) or named)
        following = self.said[at + 1] if not self._ends(at) else None
        everyday = self.known.grammar | self.known.fillers
        return (
            following is not None
            and is_first_name(word)
            and following.text.istitle()
            and following.folded not in everyday
        )

    def _is_surname(self, run: Run, at: int) -> bool:
        """Whether an everyday word is a surname here: `Ute Weiss`, `Frau Weiss`, `Weiss`."""
        if not (self._ends(at) or self.precedes(Run(at, at + 1), self.known.after_names)):
            return False
        if run.tokens:
            return len(run.tokens) == 1 and is_first_name(run.tokens[0].folded)
        alone = len(self.said) == 1 and self.said[at].folded not in self.known.fillers
        return bool(run.honours) or alone or not self._ends(at)
