"""A caller with a goal, rules and a seed, who hears the agent and nothing else."""

import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from evals.callers.caller import Utterance
from evals.callers.manners import (
    ANY,
    BYE,
    CHOICE,
    CHOICES,
    CORRECTION,
    GIVE_UP,
    NO,
    WAYS,
    YES,
)
from evals.callers.noise import Channel
from evals.callers.script import Rule, Script
from evals.callers.understanding import Act, offered_times, understood

_MOST_CORRECTIONS: Final = 2
_MOST_REPETITIONS: Final = 2
_WHETHER: Final = frozenset({Act.CALL_BACK, Act.MORE, Act.AGAIN, Act.SOMEBODY_ELSE})
_FACTS: Final = frozenset(
    {Act.NAME, Act.SERVICE, Act.DAY, Act.TIME, Act.EITHER, Act.NUMBER, Act.WHICH}
)
_WORDS: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Line:
    """What to say, and how."""

    text: str
    rule: Rule | None = None
    hangs_up: bool = False


class ScriptedCaller:
    """Plays a `Script`; equal seeds say equal things to equal agents."""

    def __init__(self, script: Script, *, language: str, seed: int, noise: float = 0.0) -> None:
        self._script = script
        self._language = language
        self._dice = random.Random(f"caller {seed}")
        self._channel = Channel(noise, seed=seed, language=language)
        self._facts = {"name": script.name, **script.facts}
        self._hear = script.hear
        self._choose = script.choose
        self._turn = 0
        self._used: Counter[int] = Counter()
        self._heard: Counter[str] = Counter()
        self._last = ""

    async def greet(self, greeting: str) -> Utterance:
        """Say what the call is about."""
        rule = self._rule_for(None, greeting, turn=1)
        return self._spoken(self._by_rule(rule) if rule else _Line(self._opening()))

    async def answer(self, said: str) -> Utterance:
        """Do as the rules say, or else what anybody would."""
        if self._turn >= self._script.patience:
            return self._spoken(_Line(self._way(GIVE_UP), hangs_up=True))
        act = understood(said, self._language)
        self._heard[act] += 1
        if rule := self._rule_for(act, said, turn=self._turn + 1):
            return self._spoken(self._by_rule(rule))
        return self._spoken(self._usual(act, said))

    def _usual(self, act: Act, said: str) -> _Line:
        if act in _FACTS:
            return _Line(self._told(act))
        if act is Act.OFFER:
            return _Line(self._chosen(said))
        if act is Act.READ_BACK:
            return self._judged(said)
        if act in _WHETHER:
            return self._asked_whether(act)
        if act in {Act.SETTLED, Act.GOODBYE}:
            return _Line(self._way(BYE), hangs_up=True)
        if act is Act.STILL_THERE:
            return _Line(self._last or self._opening())
        if self._heard[act] > _MOST_REPETITIONS:
            return _Line(self._way(GIVE_UP), hangs_up=True)
        return _Line(self._opening())

    def _asked_whether(self, act: Act) -> _Line:
        if act is Act.AGAIN and self._heard[act] > self._script.retries:
            return _Line(self._way(GIVE_UP), hangs_up=True)
        agrees = self._script.call_back if act is Act.CALL_BACK else act is not Act.MORE
        return _Line(self._way(YES if agrees else NO))

    def _told(self, act: Act) -> str:
        """A fact; asked again for the name, they spell it."""
        if act is Act.NAME and self._heard[act] > 1 and (letters := self._facts.get("letters")):
            return f"{self._facts['name']}, {letters}."
        if (fact := self._facts.get(act)) is None:
            return f"{ANY[self._language]}."
        return self._way(act, fact) if act in self._ways() else _sentences(f"{fact}.")

    def _chosen(self, said: str) -> str:
        how, _, place = self._choose.rpartition(" ")
        if place == "none":
            return self._way(NO)
        times = offered_times(said, self._language)
        wanted = {"first": 0, "second": 1}[place]
        if how == "at" and wanted < len(times):
            chosen = self._dice.choice(CHOICES[self._language]["at"]).format(times[wanted])
        else:
            chosen = self._dice.choice(
                CHOICES[self._language][place if len(times) > 1 else "first"]
            )
        return self._way(CHOICE, chosen)

    def _judged(self, said: str) -> _Line:
        """Yes, if everything that matters was read back; else what is wrong with it."""
        heard = _WORDS.findall(said.casefold())
        wrong = [
            each for each in self._hear if not _runs_in(_WORDS.findall(each.casefold()), heard)
        ]
        if not wrong:
            return _Line(self._way(YES))
        if self._heard["wrong"] >= _MOST_CORRECTIONS:
            return _Line(self._way(GIVE_UP), hangs_up=True)
        self._heard["wrong"] += 1
        wish = [self._facts[act] for act in (Act.DAY, Act.TIME) if act in self._facts]
        if wish:
            return _Line(self._way(CORRECTION, " ".join(wish)))
        return _Line(f"{self._way(NO)} {self._opening()}")

    def _rule_for(self, act: Act | None, said: str, *, turn: int) -> Rule | None:
        """The first rule that applies and is not used up."""
        for number, rule in enumerate(self._script.rules):
            applies = turn == rule.turn if rule.when is None else act is rule.when
            if rule.contains and rule.contains.casefold() not in said.casefold():
                continue
            if applies and self._used[number] < rule.times:
                self._used[number] += 1
                return rule
        return None

    def _by_rule(self, rule: Rule) -> _Line:
        self._facts |= rule.facts
        self._hear = self._hear if rule.hear is None else rule.hear
        self._choose = rule.choose or self._choose
        text = self._dice.choice(rule.say) if rule.say else ""
        usual = {"<yes>": YES, "<no>": NO, "<bye>": BYE}
        if text in usual:
            text = self._way(usual[text])
        elif text == "<opening>":
            text = self._opening()
        return _Line(self._filled(text), rule, rule.hangs_up)

    def _opening(self) -> str:
        return self._filled(self._dice.choice(self._script.opening))

    def _way(self, what: str, fact: str = "") -> str:
        return _sentences(self._dice.choice(self._ways()[what]).format(fact))

    def _ways(self) -> dict[str, Sequence[str]]:
        return dict(WAYS[self._language][self._script.style])

    def _filled(self, text: str) -> str:
        for name, fact in self._facts.items():
            text = text.replace(f"<{name}>", fact)
        return _sentences(text)

    def _spoken(self, line: _Line) -> Utterance:
        self._turn += 1
        self._last = line.text or self._last
        rule = line.rule
        return Utterance(
            text=line.text,
            heard=self._channel.hear(line.text),
            pause_seconds=rule.pause_seconds if rule else 0.0,
            hangs_up=line.hangs_up,
            interrupts=bool(rule and rule.interrupts),
            facts=_contained(self._facts.values(), line.text),
        )


def _contained(facts: Iterable[str], text: str) -> tuple[str, ...]:
    said = text.casefold()
    return tuple(fact for fact in facts if fact and fact.casefold() in said)


def _runs_in(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether these words stand in there, one after the other."""
    width = len(part)
    return any(list(whole[at : at + width]) == list(part) for at in range(len(whole) - width + 1))


def _sentences(text: str) -> str:
    """Each sentence begins with a capital letter, as it would be written down."""
    return re.sub(r"(^|[.?!] )(\w)", lambda found: found[1] + found[2].upper(), text)
