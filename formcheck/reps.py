"""Repetitions out of a stream of samples: a state machine without I/O.

                what happens                        from     to
    left        the signal rose by `leaves`         REST     LOWER
    gave up     it came back, or stayed, too soon   LOWER    REST
    turned      signal and body come up again       LOWER    RISE
    sank back   down again before half was back     RISE     LOWER
    closed      back at rest                        RISE     REST
    next began  down again, from less than rest     RISE     LOWER
    lost        the clip or the patience ends       any      REST

Starts are back-dated: an event says when a thing happened, not when it was noticed. What has been
said is never taken back. A rep is handed on, whole, half a second after it closed; it counts as
soon as the body is back where it began, or, where it never comes back so far, as it closes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

import numpy as np

from formcheck.cycle import Cycle, first_motion
from formcheck.pose import Array
from formcheck.rep import Kind, Rep
from formcheck.sampled import Kept, Samples
from formcheck.setting import Setting
from formcheck.smoothing import Sample


class Phase(Enum):
    """Where the body is in its cycle, as far as can be said at once."""

    REST = "rest"
    LOWER = "lower"
    RISE = "rise"


TRANSITIONS: dict[tuple[Phase, str], Phase] = {
    (Phase.REST, "left"): Phase.LOWER,
    (Phase.LOWER, "gave up"): Phase.REST,
    (Phase.LOWER, "turned"): Phase.RISE,
    (Phase.RISE, "sank back"): Phase.LOWER,
    (Phase.RISE, "closed"): Phase.REST,
    (Phase.RISE, "next began"): Phase.LOWER,
    (Phase.REST, "lost"): Phase.REST,
    (Phase.LOWER, "lost"): Phase.REST,
    (Phase.RISE, "lost"): Phase.REST,
}


@dataclass(frozen=True)
class PhaseChanged:
    """The body went into another phase at `at`, noticed at `said`."""

    at: float
    said: float
    phase: Phase


@dataclass(frozen=True)
class RepCounted:
    """One more rep; said at once, before the rep is judged, and mostly before it closed."""

    at: float
    said: float
    number: int


@dataclass(frozen=True)
class Dismissed:
    """A movement that went round but is not this exercise, and why."""

    at: float
    said: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class RepFinished:
    """A rep or an attempt, whole, with half a second before and after."""

    at: float
    said: float
    rep: Rep


RepEvent = PhaseChanged | RepCounted | Dismissed | RepFinished

PAD_S = 0.5
"""What a rep carries before and after itself, seconds."""


@dataclass
class _Open:
    """The rep under way."""

    start: float
    start_seen: bool
    base: float
    """The signal at the start, degrees."""
    base_depth: float
    top: float = -np.inf
    """Greatest signal so far, degrees."""
    top_depth: float = -np.inf
    low: float = np.inf
    """Least signal since the turn, degrees."""
    low_depth: float = np.inf
    turned: float = np.nan
    """When the turn was noticed, seconds."""
    number: int | None = None
    """Once it counts."""

    @property
    def rise(self) -> float:
        return self.top - self.base

    def back(self, signal: float) -> float:
        """Share of the rise that has come back."""
        return (self.top - signal) / max(self.rise, 1e-9)


@dataclass
class RepCounter:
    """Samples in, events out. `names` maps a signal to its column in the samples."""

    cycle: Cycle
    names: dict[str, int]
    setting: Setting
    dismisses: Callable[[Rep], Sequence[str]]
    """Why a closed rep is not this exercise; empty if it is."""
    phase: Phase = Phase.REST
    count: int = 0
    rest: float = field(init=False)
    """The signal at rest, degrees; NaN where none was seen."""
    _kept: Kept = field(init=False)
    _since: float = -np.inf
    _open: _Open | None = None
    _pending: list[Rep] = field(default_factory=list)

    def __post_init__(self) -> None:
        rest = self.setting.rest.get(self.cycle.signal)
        self.rest = rest.true_deg if rest is not None else np.nan
        self._kept = Kept(len(self.names))

    def push(self, sample: Sample) -> list[RepEvent]:
        """Take the next sample; say what it decided."""
        self._kept.append(sample)
        signal, depth = self._read(sample)
        events = self._hand_on(sample.t)
        if np.isfinite(signal) and np.isfinite(depth):
            step = {Phase.REST: self._rest, Phase.LOWER: self._lower, Phase.RISE: self._rise}
            events += step[self.phase](sample, signal, depth)
        events += self._hand_on(sample.t)  # where the close was noticed that late
        self._forget(sample.t)
        return events

    def close(self) -> list[RepEvent]:
        """The clip is over: what is open closes, what waits is handed on."""
        events: list[RepEvent] = []
        if self._open is not None:
            back = (
                self.phase is Phase.RISE and self._open.back(self._open.low) >= self.cycle.returns
            )
            events = self._end("lost", float(self._kept.all.t[-1]), returned=back)
        return events + self._hand_on(np.inf)

    def open_rep(self) -> Rep | None:
        """The rep under way, over its settled span only: from its start to the first sample
        near the greatest depth so far. None while it may yet be an attempt, or once it turned."""
        if self._open is None or self.phase is not Phase.LOWER:
            return None
        if self._open.rise < self.cycle.counts:
            return None
        bottom = self._bottom(self._open)
        return replace(self._build(self._open, np.nan, bottom, "full"), open=True)

    @property
    def between(self) -> bool:
        """Whether no rep is under way, nor waits to be handed on."""
        return self.phase is Phase.REST and self._open is None and not self._pending

    @property
    def since(self) -> float:
        """From when on the next rise may be sought, seconds; minus infinity before the first."""
        return self._since

    @property
    def began(self) -> float:
        """When the rep under way began, seconds; NaN where none is."""
        return float("nan") if self._open is None else self._open.start

    def _read(self, sample: Sample) -> tuple[float, float]:
        value = sample.value
        return float(value[self.names[self.cycle.signal]]), float(
            value[self.names[self.cycle.depth]]
        )

    def _signal(self, samples: Samples) -> Array:
        return samples.value[:, self.names[self.cycle.signal]]

    def _depth(self, samples: Samples) -> Array:
        return samples.value[:, self.names[self.cycle.depth]]

    def _go(self, happening: str, at: float, said: float) -> PhaseChanged:
        self.phase = TRANSITIONS[self.phase, happening]
        return PhaseChanged(at, said, self.phase)

    def _rest(self, x: Sample, signal: float, depth: float) -> list[RepEvent]:
        since = max(self._since, x.t - self.cycle.looks_back_s)
        recent = self._signal(self._kept.all.between(since))
        low = max(
            float(np.nanmin(recent)), np.nan_to_num(self.rest, nan=-np.inf) - self.cycle.leaves / 2
        )
        if signal < low + self.cycle.leaves:
            return []
        self._open = self._opened(since, signal, depth)
        return [self._go("left", self._open.start, x.t)]

    def _opened(self, since: float, signal: float, depth: float) -> _Open:
        """A rep that begins where the signal last held still."""
        kept = self._kept.all.between(since)
        values = self._signal(kept)
        place, seen = first_motion(self.cycle, kept.t, values, self.rest, self.setting.frame_s)
        return _Open(
            start=float(kept.t[place]),
            start_seen=seen and self.cycle.shows_start,
            base=float(values[place]),
            base_depth=float(self._depth(kept)[place]),
            top=signal,
            top_depth=depth,
        )

    def _lower(self, x: Sample, signal: float, depth: float) -> list[RepEvent]:
        now = self._required()
        now.top, now.top_depth = max(now.top, signal), max(now.top_depth, depth)
        back = now.back(signal)
        if now.rise < self.cycle.counts:
            if back >= self.cycle.returns:
                return self._end("gave up", x.t, returned=True)
            return self._settled(x.t)
        fell = min(now.top - signal, now.top_depth - depth + self.cycle.turns / 2)
        if fell >= self.cycle.turns or back >= self.cycle.halfway:
            now.turned, now.low, now.low_depth = x.t, signal, depth
            return [self._go("turned", self._bottom(now), x.t)]
        return self._patience(x.t)

    def _settled(self, t: float) -> list[RepEvent]:
        """A change of posture that stays is a new rest, not the start of a rep."""
        if t - self._required().start < self.cycle.rests_s:
            return []
        recent = self._signal(self._kept.all.between(t - self.cycle.rests_s))
        if np.nanmax(recent) - np.nanmin(recent) > self.cycle.rests_within:
            return []
        self._open, self._since = None, t - self.cycle.rests_s
        return [self._go("gave up", t, t)]

    def _rise(self, x: Sample, signal: float, depth: float) -> list[RepEvent]:
        now = self._required()
        back = now.back(now.low)
        if signal - now.low >= self.cycle.counts:
            if back < self.cycle.halfway:
                return [self._go("sank back", x.t, x.t)]
            events = self._end("next began", x.t, returned=back >= self.cycle.returns)
            self._open = self._opened(self._since, signal, depth)
            return events
        now.low, now.low_depth = min(now.low, signal), min(now.low_depth, depth)
        counted = self._counted_early(now, x.t, depth)
        below = signal < self.rest - self.cycle.leaves
        if now.back(now.low) >= self.cycle.returns and (self._settled_at(x.t, depth) or below):
            return [*counted, *self._end("closed", x.t, returned=True)]
        return [*counted, *self._patience(x.t)]

    def _counted_early(self, now: _Open, t: float, depth: float) -> list[RepEvent]:
        """The count, once the body is back where it began: an athlete is not to wait for it until
        the body has settled. What would be dismissed as it stands waits for its close."""
        home = min(now.base_depth, self.cycle.straight) + self.cycle.ends_within
        if now.number is not None or now.back(now.low) < self.cycle.returns or depth > home:
            return []
        if self.dismisses(self._build(now, t, t, self._kind(now, returned=True))):
            return []
        return [self._counts(now, t, t)]

    def _counts(self, now: _Open, at: float, said: float) -> RepCounted:
        self.count += 1
        now.number = self.count
        return RepCounted(at, said, self.count)

    def _settled_at(self, t: float, depth: float) -> bool:
        """Whether the body has stopped coming up."""
        over = self.cycle.settles_over_s
        recent = self._depth(self._kept.all.between(t - over))
        return bool(np.nanmax(recent) - depth < self.cycle.settles * over)

    def _patience(self, t: float) -> list[RepEvent]:
        if t - self._required().start <= self.cycle.longest_s:
            return []
        return self._end("lost", t, returned=False)

    def _required(self) -> _Open:
        assert self._open is not None, f"no rep is open in {self.phase}"
        return self._open

    def _end(self, happening: str, said: float, returned: bool) -> list[RepEvent]:
        """Close the open rep: dismiss it, or count it and let it wait for its half second."""
        now = self._required()
        at = self._back_at_rest(now) if returned else np.nan
        kind = self._kind(now, returned)
        self._since = self._low_point(now, at)
        moment = at if returned else self._since if happening == "next began" else said
        rep = self._build(now, at, moment, kind)
        self._open = None
        events: list[RepEvent] = [self._go(happening, moment, said)]
        reasons = () if now.number is not None else tuple(self.dismisses(rep))
        if reasons:
            return [*events, Dismissed(rep.begins, said, reasons)]
        if rep.counted and now.number is None:
            events.append(self._counts(now, moment, said))
        self._pending.append(replace(rep, number=now.number))
        return events

    def _kind(self, now: _Open, returned: bool) -> Kind:
        if now.rise < self.cycle.counts:
            return "attempt"
        bent = min(now.base, now.low if returned else np.inf) > self.cycle.straight
        if not returned and not bent:
            return "no-return"
        return "partial" if bent or now.top < self.cycle.full else "full"

    def _bottom(self, now: _Open) -> float:
        """First sample within `bottom_within` of the greatest depth."""
        since = self._kept.all.between(now.start)
        enough = self._depth(since) >= now.top_depth - self.cycle.bottom_within
        return float(since.t[int(np.argmax(enough))])

    def _back_at_rest(self, now: _Open) -> float:
        """First sample after the turn within `ends_within` of the depth's next least value."""
        after = now.turned if np.isfinite(now.turned) else self._bottom(now)
        later = self._kept.all.between(after)
        depth = self._depth(later)
        least = max(float(np.nanmin(depth)), min(now.base_depth, self.cycle.straight))
        back = np.flatnonzero(depth <= least + self.cycle.ends_within)
        return float(later.t[back[0] if len(back) else np.flatnonzero(np.isfinite(depth))[-1]])

    def _low_point(self, now: _Open, end: float) -> float:
        """From when on the next rise may be sought: the low after the turn."""
        kept = self._kept.all
        later = kept.between(max(now.turned, now.start))
        later = later if len(later) else kept[-1:]
        low = float(later.t[int(np.argmin(np.nan_to_num(self._signal(later), nan=np.inf)))])
        return min(low, end) if np.isfinite(end) else low

    def _build(self, now: _Open, end: float, until: float, kind: Kind) -> Rep:
        return Rep(
            number=None,
            kind=kind,
            names=self.names,
            samples=self._kept.all.between(now.start - PAD_S, until),
            start=now.start if now.start_seen else np.nan,
            begins=now.start,
            bottom=self._bottom(now),
            end=end,
            until=until,
            setting=self.setting,
            cycle=self.cycle,
        )

    def _hand_on(self, t: float) -> list[RepEvent]:
        """Reps whose half second has passed, with it."""
        due = [r for r in self._pending if t >= r.until + PAD_S]
        self._pending = [r for r in self._pending if t < r.until + PAD_S]
        return [RepFinished(r.until, float(self._kept.all.t[-1]), self._padded(r)) for r in due]

    def _padded(self, rep: Rep) -> Rep:
        span = self._kept.all.between(rep.begins - PAD_S, rep.until + PAD_S)
        return replace(rep, samples=span.copy())

    def _forget(self, t: float) -> None:
        starts = [t - self.cycle.looks_back_s, *(r.begins for r in self._pending)]
        if self._open is not None:
            starts.append(self._open.start)
        self._kept.forget(min(starts) - 2 * PAD_S)
