"""What is called out, and when: one thing at a time, and never more than an athlete can use.

Counts come at once, every rep. Of what is wrong with the form the most important is said, in the
word or two that its check declares: at once where it is warned of in the rep under way, else
between two reps, and then not again before the athlete has had a rep to act on it. It holds no
clock and makes no sound: the same events at the same times give the same cues.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from formcheck.checks import SEVERITIES, Severity
from formcheck.exercise import Exercise
from formcheck.live.state import Cue, Light, Stage, hindrance
from formcheck.reps import Phase, PhaseChanged, RepCounted
from formcheck.session import Event, Found, Warned

ALOUD: tuple[Severity, ...] = ("fault", "warning")
"""A note can wait for the report."""
BREATH_S = 0.15
"""Silence between two sayings of a set: a count and what follows are two things, not one."""
CALM_S = 1.5
"""The same while the athlete finds the place: there is no hurry."""
WAITS_S = 3.0
"""What could not be said for so long after it was found is not said any more."""
EARLY_S = 1.5
"""For so long into a lowering a word about the last rep is still of use for this one."""
STAYS_S = 1.0
"""A light must have stood so long before it is spoken of: it may flicker."""
AGAIN_S = 8.0
"""After so long the same sentence on the place is said again."""
FIRST_S, LETTER_S = 0.3, 0.06
"""How long a saying lasts: a pause before it, and each of its letters, at 200 words a minute."""
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
           "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
           "eighteen", "nineteen", "twenty")  # fmt: skip
BEGIN = "Ready. Begin when you like."


class _Rank(NamedTuple):
    """What goes before what: the smaller is said."""

    of: int
    """0: of the whole set; 1: of the rep under way; 2: of a rep that is over."""
    severity: int
    order: int
    """Where the exercise lists its check."""


@dataclass(frozen=True)
class _Offer:
    """Something that might be said."""

    rank: _Rank
    at: float
    check: str
    text: str
    rep: int
    until: float
    """After it, seconds, it is of no use."""


def in_words(n: int) -> str:
    """A count as it is called out: "three"; beyond twenty in digits."""
    return NUMBERS[n] if 0 < n < len(NUMBERS) else str(n)


def lasts(text: str) -> float:
    """About how long it takes to say a text, seconds."""
    return FIRST_S + LETTER_S * len(text)


def about(exercise: Exercise, check: str) -> tuple[str, ...]:
    """The signals of the angles that a cue's check is about; none where it is no check of a rep."""
    limits = {c.name: c.limits for c in exercise.checks}.get(check, ())
    return tuple(dict.fromkeys(exercise.look.about(limit.measure) for limit in limits))


class Prompter:
    """The coach of one sitting; a set begins with the first events after the placement."""

    def __init__(self, exercise: Exercise) -> None:
        self._spoken = {c.name: c.spoken for c in exercise.checks if c.spoken}
        self._of_set = {c.name: c.spoken for c in exercise.set_checks if c.spoken}
        self._order = list(exercise.labels())
        self._stage: Stage = "placing"
        self._busy = -math.inf
        """Until when the last saying lasts, seconds."""
        self._since: tuple[str, float] = ("", -math.inf)
        """The sentence on the place that holds now, and since when."""
        self._placed: tuple[str, float] = ("", -math.inf)
        """The one that was said last, and when."""
        self._begin()

    def _begin(self) -> None:
        """A new set."""
        self._count = 0
        self._phase, self._phased = Phase.REST, -math.inf
        self._offers: list[_Offer] = []
        self._said: dict[str, int] = {}
        """Check -> the last rep of which it was said."""
        self._closing: list[str] = []
        """What is said after each of the next reps."""

    def placed(self, t: float, lights: Sequence[Light], stage: Stage) -> Sequence[Cue]:
        """What to say outside of a set: what hinders most, that all is ready, that it is over."""
        before, self._stage = self._stage, stage
        if before == "running":
            count, word = self._count, "rep" if self._count == 1 else "reps"
            self._begin()
            return [self._cue(t, t, "set", f"Set done: {in_words(count)} {word}.")]
        if stage == "ready" and before == "placing":
            return [self._cue(t, t, "placement", BEGIN)]
        return self._hindered(t, lights) if stage == "placing" else []

    def heard(self, t: float, events: Sequence[Event]) -> Sequence[Cue]:
        """What to say of new events at t seconds, the counts among it."""
        if self._stage != "running":
            self._stage = "running"
            self._begin()
        counts = [cue for event in events for cue in self._taken(t, event)]
        chosen = self._chosen(t)
        return counts if chosen is None else [*counts, chosen]

    def _taken(self, t: float, event: Event) -> Sequence[Cue]:
        """What an event brings: a count at once, an offer for later, or a change of phase."""
        match event:
            case PhaseChanged(said=said, phase=phase):
                self._phase, self._phased = phase, said
            case RepCounted(at=at, number=n):
                self._count = n
                self._follow(t, at, n)
                return [self._cue(t, at, "count", in_words(n))]
            case Warned():
                self._offer(t, event)
            case Found():
                self._offer(t, event)
            case _:
                pass
        return []

    def _offer(self, t: float, event: Warned | Found) -> None:
        name, severity = event.finding.check, event.finding.severity
        if severity not in ALOUD or not event.rep:
            return
        if name in self._of_set and isinstance(event, Found):
            first, *self._closing = self._of_set[name]
            self._put(0, t, event, first, math.inf)
        elif name in self._spoken:
            under_way = isinstance(event, Warned)
            self._put(1 if under_way else 2, t, event, self._spoken[name], t + WAITS_S)

    def _put(self, of: int, t: float, event: Warned | Found, text: str, until: float) -> None:
        finding = event.finding
        order = self._order.index(finding.check)
        rank = _Rank(of, SEVERITIES.index(finding.severity), order)
        self._offers.append(_Offer(rank, event.at, finding.check, text, event.rep, until))

    def _follow(self, t: float, at: float, rep: int) -> None:
        """After a rep: what the set's own check has still to say."""
        if self._closing:
            text = self._closing.pop(0)
            self._offers = [_Offer(_Rank(0, 0, 0), at, "stop", text, rep, math.inf)]

    def _chosen(self, t: float) -> Cue | None:
        """The one thing to say now; what it outdoes is not said later either."""
        offers = [o for o in self._offers if t <= o.until]
        self._offers = offers
        if not offers:
            return None
        first = min(offers, key=lambda o: o.rank)
        if not self._may(t, first):
            return None
        self._offers = []
        if self._too_soon(first):
            return None
        self._said[first.check] = first.rep
        return self._cue(t, first.at, first.check, first.text)

    def _may(self, t: float, offer: _Offer) -> bool:
        """Whether this is a moment for it: a warning of the rep under way does not wait."""
        if offer.rank.of == 1:
            return True
        if t < self._busy + BREATH_S:
            return False
        early = self._phase is Phase.LOWER and t <= self._phased + EARLY_S
        return offer.rank.of == 0 or self._phase is Phase.REST or early

    def _too_soon(self, offer: _Offer) -> bool:
        """Whether it was said of this rep, or the athlete has not had a rep yet to act on it."""
        last = self._said.get(offer.check)
        if last is None or offer.rank.of == 0:
            return False
        return last == offer.rep or (offer.rank.of == 2 and last == offer.rep - 1)

    def _hindered(self, t: float, lights: Sequence[Light]) -> Sequence[Cue]:
        """The most important light that is not green, once it stands and there is silence."""
        text = hindrance(lights)
        if text != self._since[0]:
            self._since = text, t
        said, when = self._placed
        settled = t >= self._since[1] + STAYS_S and t >= self._busy + CALM_S
        if not text or not settled or (text == said and t < when + AGAIN_S):
            return []
        self._placed = text, t
        return [self._cue(t, self._since[1], "placement", text)]

    def _cue(self, t: float, at: float, check: str, text: str) -> Cue:
        self._busy = max(t, self._busy) + lasts(text)
        return Cue(at, t, check, text)
