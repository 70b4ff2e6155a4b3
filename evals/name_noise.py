"""How often recognition errors hide a customer, and how often another person passes for one.

Run `python -m evals.name_noise`: invented customers are misheard in seeded ways and looked for on
their own number; relatives and strangers speak on the same numbers. The table is what the
thresholds in `booking.names.likeness` were chosen by (docs/adr/0011-names-and-services.md): a
stranger who is let in sees a customer's bookings, a customer who is missed is asked once.
"""

import argparse
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from booking.names import likeness
from booking.names.first_names import MEN, WOMEN
from booking.names.lexicon import block
from booking.names.likeness import Likeness, compare
from booking.names.parts import spoken

SURNAMES = sorted(
    block(
        """
        Ahlers Albers Anders Arslan Ashdown Aydin Baines Barnett Bauer Becker Behrens Bergmann
        Bianchi Bickel Blackwood Böhm Brandt Brinkmann Burgess Carver Çelik Chadwick Clarke
        Cooper Dawson Demir Dietrich Dombrowski Ebert Eckhardt Eichhorn Ellis Engel Erdmann
        Farrell Feldmann Fiedler Fletcher Friedrich Fuchs Gallagher Gärtner Gerlach Gibson Graf
        Greenwood Günther Haase Hagemann Harris Hartmann Heinze Hendricks Henning Herrmann
        Hofmann Horvath Hughes Ivanov Jansen Jenkins Jovanović Jung Kaiser Kaya Kellermann
        Kirchner Koch Kowalczyk Krämer Krüger Kunze Lambert Lehmann Lindemann Lorenz Lüders
        MacLeod Maier Marquardt Matthews Mertens Meyer Möller Moretti Müller Neumann Nguyen
        Nowak O'Connor Öztürk Palmer Petersen Pfeiffer Pohl Quinn Reinhardt Reynolds Richter
        Rodrigues Rösler Sanders Sauer Schäfer Schmidt Schneider Scholz Schreiber Schröder
        Schulze Schwarz Seidel Sommer Stein Szymański Thomas Thompson Turner Ullrich Vogel Vogt
        Wagner Walther Watson Weber Weiß Whitaker Wilhelm Winkler Wójcik Yıldız Zimmermann
        Meyer-Lütz Berger-Kohl Hansen-Voss
        """
    )
)

_SWAPS: Mapping[str, tuple[str, ...]] = {
    "b": ("p",), "p": ("b",), "d": ("t",), "t": ("d", "th"), "g": ("k",), "k": ("g", "c", "ck"),
    "v": ("f", "w"), "f": ("v", "ff"), "w": ("v",), "z": ("s", "tz"), "s": ("z", "ss", "f"),
    "m": ("n",), "n": ("m", "nn"), "l": ("ll",), "r": ("", "rr"), "h": ("",), "c": ("k", "s"),
    "ei": ("ai", "ey", "ee"), "ie": ("i", "ee"), "ü": ("ue", "u", "i", "y"), "ö": ("oe", "o", "e"),
    "ä": ("ae", "e"),
    "ß": ("ss", "s"), "sch": ("sh", "ch"), "ck": ("k",), "th": ("t",), "ph": ("f",),
    "ll": ("l",), "nn": ("n",), "mm": ("m",), "tt": ("t",), "ss": ("s",), "dt": ("t", "d"),
    "a": ("e", "o"), "e": ("a", "i", ""), "i": ("e", "ie"), "o": ("u", "a"), "u": ("o", "oo"),
    "y": ("i",), "cz": ("tsch", "ch"), "ł": ("l", "w"), "ń": ("n", "nj"), "ç": ("tsch", "c"),
    "ı": ("i",), "ć": ("tsch", "c"), "ó": ("o", "u"),
}  # fmt: skip


class Trial(NamedTuple):
    """One thing said on the number of one customer."""

    kind: str
    stored: str
    heard: str
    is_customer: bool


def misheard(name: str, errors: int, dice: random.Random) -> str:
    """`name` with so many letters or groups of letters exchanged, dropped or doubled."""
    text = name.lower()
    for _ in range(errors):
        places = [
            (at, old) for old in _SWAPS for at in range(len(text)) if text.startswith(old, at)
        ]
        at, old = dice.choice(places)
        text = text[:at] + dice.choice(_SWAPS[old]) + text[at + len(old) :]
    return text


def trials(count: int, seed: int) -> Iterator[Trial]:
    """`count` rounds of each kind of caller."""
    dice = random.Random(seed)
    women, men = sorted(WOMEN), sorted(MEN)
    for _ in range(count):
        own = dice.choice((women, men))
        given, surname = dice.choice(own), dice.choice(SURNAMES)
        stored = f"{given} {surname}"
        other = dice.choice([name for name in dice.choice((women, men)) if name != given])
        stranger = dice.choice([name for name in SURNAMES if name != surname])
        yield Trial("one error", stored, misheard(stored, 1, dice), is_customer=True)
        yield Trial("two errors", stored, misheard(stored, 2, dice), is_customer=True)
        yield Trial("surname, one error", stored, misheard(surname, 1, dice), is_customer=True)
        yield Trial("three errors", stored, misheard(stored, 3, dice), is_customer=True)
        yield Trial("relative", stored, f"{other} {surname}", is_customer=False)
        noisy = misheard(f"{other} {surname}", 1, dice)
        yield Trial("relative, one error", stored, noisy, is_customer=False)
        yield Trial("stranger", stored, f"{other} {stranger}", is_customer=False)
        yield Trial("stranger, same first name", stored, f"{given} {stranger}", is_customer=False)
        yield Trial("stranger, surname", stored, stranger, is_customer=False)


@contextmanager
def thresholds(same: float, close: float) -> Iterator[None]:
    """Judge with other thresholds for a while."""
    kept = likeness.SAME, likeness.CLOSE
    likeness.SAME, likeness.CLOSE = same, close
    try:
        yield
    finally:
        likeness.SAME, likeness.CLOSE = kept


def measure(drawn: list[Trial]) -> dict[str, Counter[Likeness]]:
    """How the trials of each kind were judged."""
    judged: dict[str, Counter[Likeness]] = {}
    for trial in drawn:
        found = compare(spoken(trial.heard), spoken(trial.stored)).likeness
        judged.setdefault(trial.kind, Counter())[found] += 1
    return judged


def main() -> None:
    """Print, for several thresholds, who was missed, asked and let in."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=2000, help="rounds")
    options.add_argument("--seed", type=int, default=20260210)
    options.add_argument("--show", type=int, default=0, help="print so many errors of each kind")
    chosen = options.parse_args()
    drawn = list(trials(chosen.count, chosen.seed))
    pairs = [(0.72, 0.60), (0.76, 0.62), (0.80, 0.66), (0.84, 0.70), (0.88, 0.74)]
    kinds = list(dict.fromkeys(trial.kind for trial in drawn))
    customers = {trial.kind for trial in drawn if trial.is_customer}
    print("share in %, each cell: identified / asked / new person\n")
    print("| SAME, CLOSE | " + " | ".join(kinds) + " |")
    print("|---" * (len(kinds) + 1) + "|")
    for same, close in pairs:
        with thresholds(same, close):
            judged = measure(drawn)
        cells = [_cell(judged[kind]) for kind in kinds]
        mark = " (in use)" if (same, close) == (likeness.SAME, likeness.CLOSE) else ""
        print(f"| {same:.2f}, {close:.2f}{mark} | " + " | ".join(cells) + " |")
    if chosen.show:
        _show(drawn, customers, chosen.show)


def _cell(judged: Counter[Likeness]) -> str:
    share: Callable[[int], str] = lambda count: f"{100 * count / judged.total():.1f}"  # noqa: E731
    same = judged[Likeness.SAME] + judged[Likeness.EXACT]
    return " / ".join(map(share, (same, judged[Likeness.UNSURE], judged[Likeness.OTHER])))


def _show(drawn: list[Trial], customers: set[str], count: int) -> None:
    shown: Counter[str] = Counter()
    for trial in drawn:
        match = compare(spoken(trial.heard), spoken(trial.stored))
        wrong = (match.likeness >= Likeness.SAME) is not (trial.kind in customers)
        if wrong and shown[trial.kind] < count:
            shown[trial.kind] += 1
            print(f"{trial.kind}: stored {trial.stored!r}, heard {trial.heard!r} -> {match}")


if __name__ == "__main__":
    main()
