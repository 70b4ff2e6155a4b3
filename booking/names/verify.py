"""From what was heard and who is on the caller's number to one identity."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from booking.names.first_names import genders, is_first_name
from booking.names.fold import fold, words
from booking.names.languages import lexicon
from booking.names.likeness import Likeness, Match, compare
from booking.names.listening import MAX_NAME, Heard, listen
from booking.names.marks import as_said
from booking.names.merging import merge
from booking.names.parts import spoken
from booking.names.placeholder import is_placeholder
from booking.names.verdict import (
    Identified,
    Known,
    NeedChoice,
    NeedName,
    NewPerson,
    Reason,
    Verdict,
)

MAX_HYPOTHESES = 5
_MARGIN = 0.08
"""Two customers of one number whose scores lie closer than this are told apart by asking."""


@dataclass(frozen=True, slots=True)
class _Ranked:
    match: Match
    customer: Known
    heard: Heard


def clean(heard: str, language: str) -> str:
    """The name in what was said, as one writes it; empty if there is none."""
    return listen(heard, language).name


def verify(
    heard: str | Sequence[str],
    *,
    spelled: str | None,
    for_someone_else: bool,
    on_number: Sequence[Known],
    language: str,
) -> Verdict:
    """Decide whom a booking is for.

    Args:
        heard: The name as the model passed it on, or the recogniser's hypotheses, best first.
        spelled: What the caller spelled afterwards; beats what was heard, the rest is kept.
        for_someone_else: The model understood that the booking is for somebody else.
        on_number: The customers on the caller's number, and nobody else; empty for an unknown
            or hidden number, which identifies nobody.
        language: Of the call, `de` or `en`.
    """
    said = [heard] if isinstance(heard, str) else list(heard[:MAX_HYPOTHESES])
    hearings = [_hear(text, spelled, language) for text in said] or [Heard()]
    for_other = for_someone_else or hearings[0].for_other
    candidates = [customer for customer in on_number if not is_placeholder(customer.name)]
    named = [hearing for hearing in hearings if hearing.words]
    if not named:
        return _without_a_name(candidates, for_other=for_other, said=said)
    ranked = _ranked(named, candidates, for_other=for_other)
    if ranked and ranked[0].match.likeness > Likeness.OTHER:
        return _decided(ranked)
    if named[0].is_doubtful:
        return _without_a_name(candidates, for_other=for_other, said=said)
    return _new(named, candidates, for_other=for_other)


def _hear(text: str, spelled: str | None, language: str) -> Heard:
    """The name in `text` as far as it is one, put right by what was spelled."""
    hearing = _usable(listen(text, language))
    for spelling in filter(None, (hearing.spelling, spelled)):
        words = merge(hearing.words, spelling, language)
        if words != hearing.words and len(" ".join(words)) <= MAX_NAME:
            hearing = _usable(replace(hearing, words=words, is_doubtful=False))
    return hearing


def _usable(hearing: Heard) -> Heard:
    if hearing.words and is_placeholder(f"{hearing.salutation or ''} {hearing.name}"):
        return replace(hearing, words=(), placeholder=True)
    return hearing


def _without_a_name(
    candidates: Sequence[Known], *, for_other: bool, said: Sequence[str]
) -> Verdict:
    if for_other:
        return NeedName(Reason.OTHER_PERSON)
    if len(candidates) == 1:
        return Identified(candidates[0], heard="", differs=False)
    if candidates:
        return NeedChoice(tuple(candidates))
    placeholder = any(text and is_placeholder(text) for text in said)
    return NeedName(Reason.PLACEHOLDER if placeholder else Reason.NOT_HEARD)


def _ranked(
    named: Sequence[Heard], candidates: Sequence[Known], *, for_other: bool
) -> list[_Ranked]:
    """The candidates with the hypothesis that fits each best, most certain first."""
    ranked = []
    for customer in candidates:
        fits = (_Ranked(_match(hearing, customer), customer, hearing) for hearing in named)
        best = max(fits, key=lambda one: one.match)
        # On a number of several the owner may be whom another of them calls for.
        barred = for_other and customer.is_owner and len(candidates) == 1
        if not barred or best.match.likeness is Likeness.EXACT:
            ranked.append(best)
    return sorted(ranked, key=lambda one: one.match, reverse=True)


def _match(hearing: Heard, customer: Known) -> Match:
    stored = spoken(customer.name)
    if _is_somebody_else(hearing, customer):
        return Match(Likeness.OTHER, 0.0)
    if hearing.salutation and not is_first_name(fold(hearing.words[0])):
        # "Frau Maier Lind": no first name is among them
        return compare(spoken("-".join(hearing.words)), stored)
    matches = [compare(spoken(" ".join(name)), stored) for name in hearing.readings]
    if not customer.name.isascii():
        matches.append(compare(spoken(hearing.name), spoken(as_said(customer.name))))
    return max(matches)


def _is_somebody_else(hearing: Heard, customer: Known) -> bool:
    """Whether `Herr Brandt` was said, and the customer is a woman; a first name would tell more."""
    if len(hearing.words) > 1 or not hearing.salutation:
        return False
    said = _genders(hearing.salutation)
    stored = _genders(customer.salutation or "") or genders(fold(customer.name.split()[0]))
    return bool(said and stored) and said.isdisjoint(stored)


def _genders(salutation: str) -> frozenset[str]:
    known = lexicon("de").genders
    return frozenset(known[word] for word in words(salutation) if word in known)


def _decided(ranked: Sequence[_Ranked]) -> Verdict:
    best = ranked[0]
    rivals = [
        one
        for one in ranked
        if one.match.likeness is best.match.likeness
        and best.match.score - one.match.score < _MARGIN
    ]
    if len(rivals) > 1:
        # "Klara Simon" on the number of a Simon Klara too
        said = spoken(best.heard.name).words
        rivals = [one for one in rivals if spoken(one.customer.name).words == said] or rivals
        best = rivals[0]
    if best.match.likeness is Likeness.UNSURE or len(rivals) > 1:
        return NeedChoice(tuple(one.customer for one in rivals))
    stored, heard = spoken(best.customer.name), spoken(best.heard.name)
    differs = best.match.likeness is not Likeness.EXACT and not set(heard.words) <= set(
        stored.words
    )
    return Identified(best.customer, heard=best.heard.name, differs=differs)


def _new(named: Sequence[Heard], candidates: Sequence[Known], *, for_other: bool) -> Verdict:
    hearing = named[0]
    alone = spoken(hearing.name)
    open_ended = for_other or any(_is_somebody_else(hearing, one) for one in candidates)
    if len(alone.words) == 1 and open_ended:
        likenesses = (compare(alone, spoken(one.name)).likeness for one in candidates)
        if any(likeness > Likeness.UNSURE for likeness in likenesses):
            # "For Mrs Brandt", said on the number of a Brandt: which one is still open.
            return NeedName(Reason.OTHER_PERSON)
    return NewPerson(hearing.name, hearing.salutation)
