"""Whose exercise it is: of all bodies seen, the one that swings most about knees that stay: the
whole body over them or, of one that lies, the shanks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from formcheck.pose import Array
from formcheck.tracking.looks import Look, Sight, people

NEAR = 0.5
"""Knees within half a trunk of each other are one body's (design.md 4)."""
OFTEN, SHARE = 3, 0.15
"""A body is to be chosen only if seen in so many looks, and in that share of them [O]."""
SWEEPS = 0.35
"""The least swing of a body that exercises, in its own lengths: a lean by 20 degrees, which is the
least that counts as a repetition (nordic-curl.md 0.5)."""
OUT = 1.25
"""By how much the chosen one's swing exceeds the next one's [O]; 57 against 28 degrees and 69
against 2 on real clips (design.md 4)."""
DEEP = 0.85
"""The seed is the first look with this share of the greatest lean: what comes before it has to be
followed backward, which costs more [O]."""
SHORT = 0.3
"""A body this short in its own lengths points at the camera: its direction says nothing [O]."""
LEANS = 20.0
"""Degrees from which a swing is told as a lean, else as shoulders that come down."""
LIES = 55.0
"""Degrees off upright from which a body lies: 76 on a machine whose pad is bent [O]."""
REACH = 0.35
"""How far from a body, in its lengths, a point may lie that is meant for it [O]: a thick limb."""
AT_ONCE = 64
"""Sights that are compared with all others at once: of hours there are thousands."""
ALONE = "the only person in the picture"
PLAIN = "the person the pose model followed"


@dataclass(frozen=True)
class Cluster:
    """Sights of what is taken for one body, in the order of time."""

    sights: tuple[Sight, ...]

    @property
    def knee(self) -> Array:
        """(2,) pixels, where it kneels or stands."""
        return np.median([s.knee for s in self.sights], axis=0)

    @property
    def reach(self) -> float:
        """Pixels from there within which a knee is its own."""
        return NEAR * float(np.median([s.trunk for s in self.sights]))

    @property
    def bodies(self) -> Array:
        """(n, 2) from the knees to the shoulders, in the body's own length."""
        lines = np.array([s.body for s in self.sights])
        return np.asarray(lines / max(float(np.linalg.norm(lines, axis=1).max()), 1.0))

    @property
    def shanks(self) -> Array:
        """(n, 2) from the knees to the ankles, in the body's own length."""
        longest = max(float(np.linalg.norm([s.body for s in self.sights], axis=1).max()), 1.0)
        return np.array([s.shank for s in self.sights]) / longest

    @property
    def lies(self) -> bool:
        """Whether it lies all the while: then it is the shanks that may swing."""
        seen = np.abs(self.leans[np.isfinite(self.leans)])
        return len(seen) > 0 and float(np.median(seen)) > LIES and _span(self.bodies) < SWEEPS

    @property
    def sweep(self) -> float:
        """How far the shoulders swing about the knees, in the body's own length: it leans in a
        side view, it shortens in a front view. Of a body that lies, how far the ankles do."""
        swung = _span(self.bodies)
        return max(swung, _span(self.shanks)) if self.lies else swung

    @property
    def leans(self) -> Array:
        """(n,) degrees from upright, + to the right; NaN where the body points at the camera."""
        v = self.bodies
        angle = np.degrees(np.arctan2(v[:, 0], -v[:, 1]))
        return np.where(np.linalg.norm(v, axis=1) > SHORT, angle, np.nan)

    @property
    def leant(self) -> float:
        """Degrees between its least and greatest lean; 0 where it always points at the camera."""
        return _turned(self.leans)

    @property
    def bent(self) -> float:
        """Degrees that the shanks turn through."""
        v = self.shanks
        return _turned(np.degrees(np.arctan2(v[:, 0], -v[:, 1])))

    @property
    def shortened(self) -> float:
        """By which share of its length it shortens."""
        return float(1 - np.linalg.norm(self.bodies, axis=1).min())

    @property
    def seed(self) -> Sight:
        """Where it is most surely itself: the first sight near its greatest lean."""
        return self.by_depth()[0]

    def by_depth(self) -> list[Sight]:
        """Its sights, deep ones first, in the order of time among equals."""
        v = self.bodies
        if self.lies:  # it is itself all the while
            return list(self.sights)
        upright = v[int(np.argmin(v[:, 1]))]  # y runs down
        depth = np.linalg.norm(v - upright, axis=1)
        rank = np.where(depth >= DEEP * depth.max(), np.inf, depth)
        order = np.argsort(-rank, kind="stable")
        return [self.sights[i] for i in order]


def _span(v: Array) -> float:
    """The greatest distance between two of the vectors (n, 2)."""
    some = [v[i : i + AT_ONCE] for i in range(0, len(v), AT_ONCE)]
    return max(float(np.linalg.norm(a[:, None] - v[None], axis=2).max()) for a in some)


def _turned(degrees: Array) -> float:
    """How far directions (n,) lie apart; NaN is not seen."""
    seen = degrees[np.isfinite(degrees)]
    return float(np.ptp((seen - np.median(seen) + 180) % 360)) if len(seen) else 0.0


@dataclass(frozen=True)
class Chosen:
    """Whom to follow, and why."""

    cluster: Cluster | None
    """None: nobody stands out, whom the pose model takes is taken."""
    people: int
    because: str
    at: Sight | None = None
    """The sight that was pointed at."""

    @property
    def seed(self) -> Sight | None:
        """Where the track begins: at the sight pointed at, else where the body is most surely
        itself; None where nobody was chosen."""
        return self.at or (self.cluster.seed if self.cluster is not None else None)

    @property
    def exercises(self) -> bool:
        """Whether somebody was chosen who swings as in an exercise."""
        return self.cluster is not None and self.cluster.sweep >= SWEEPS


def clusters(looks: Sequence[Look]) -> list[Cluster]:
    """The bodies of all looks, told apart by where their knees are."""
    found: list[list[Sight]] = []
    for sight in (s for one in looks for s in one.sights):
        groups = [Cluster(tuple(g)) for g in found]
        gaps = [float(np.linalg.norm(g.knee - sight.knee)) for g in groups]
        taken = [g.sights[-1].t == sight.t for g in groups]
        near = [i for i, g in enumerate(groups) if gaps[i] < g.reach and not taken[i]]
        if near:
            found[min(near, key=gaps.__getitem__)].append(sight)
        else:
            found.append([sight])
    return [Cluster(tuple(g)) for g in found]


def choose(looks: Sequence[Look]) -> Chosen:
    """The body that does the exercise, if one stands out."""
    many = people(looks)
    if many == 0:
        return Chosen(None, 0, PLAIN)
    needed = max(OFTEN, SHARE * len(looks))
    # somebody alone is one body wherever the knees go
    alone = Cluster(tuple(s for one in looks for s in one.sights))
    able = [c for c in (clusters(looks) if _several(looks) else [alone]) if len(c.sights) >= needed]
    ranked = sorted(able, key=lambda c: c.sweep, reverse=True)
    if not ranked:
        return Chosen(None, many, ALONE if many == 1 else PLAIN)
    best, rest = ranked[0], ranked[1:]
    clear = best.sweep >= SWEEPS and (not rest or best.sweep >= OUT * rest[0].sweep)
    if not clear and many > 1:
        return Chosen(None, many, f"nobody's body moved most: {PLAIN}")
    return Chosen(best, many, _because(best, rest, many))


def _several(looks: Sequence[Look]) -> bool:
    return any(len(one.sights) > 1 for one in looks)


def pointed(looks: Sequence[Look], at: tuple[float, float], t: float | None) -> Chosen | None:
    """The body nearest to a point (pixels) at `t` seconds, or where somebody is first seen; None
    where nobody is near enough."""
    when = None if t is None or not looks else _look_at(looks, t)
    there = [one for one in looks if one.sights and when in {None, one.t}][:1]
    if not there:
        return None
    gaps = {i: off(s, at) for i, s in enumerate(there[0].sights)}
    nearest = min(gaps, key=gaps.__getitem__)
    sight = there[0].sights[nearest]
    if gaps[nearest] > REACH:
        return None
    own = next(c for c in clusters(looks) if any(s is sight for s in c.sights))
    cluster = own if len(own.sights) >= OFTEN else Cluster((sight,))
    many = people(looks)
    x, y = (round(n) for n in at)
    return Chosen(cluster, many, f"the one pointed at ({x}, {y} at {sight.t:.2f} s)", sight)


def _look_at(looks: Sequence[Look], t: float) -> float:
    """The time of the look that was made for `t`: the first from there on, or at the clip's end."""
    return next((one.t for one in looks if one.t >= t - 1e-6), looks[-1].t)


def off(sight: Sight, at: tuple[float, float]) -> float:
    """How far a point is from a body's middle line and feet, in the body's size."""
    feet = sight.pose.points[[27, 28], :2].mean(axis=0)
    head = sight.pose.points[0, :2]
    corners = np.array([head, *sight.line, feet])
    corners = corners[np.isfinite(corners).all(axis=1)]
    along = np.linspace(0, 1, 9)[:, None]
    walk = [a + along * (b - a) for a, b in pairwise(corners)]
    return float(np.linalg.norm(np.concatenate(walk) - at, axis=1).min()) / sight.size


def _because(best: Cluster, rest: Sequence[Cluster], many: int) -> str:
    if many == 1:
        return ALONE
    if best.lies:
        bent = max((c.bent for c in rest if c.lies), default=0.0)
        return f"the one of {many} people who lies and bends the knees most ({best.bent:.0f}°" + (
            f" against {bent:.0f}°)" if bent else ")"
        )
    # bodies that were often seen; who only walked through has no swing to compare
    leant = max((c.leant for c in rest), default=0.0)
    if best.leant >= LEANS and best.leant > leant:
        against = f"{best.leant:.0f}° against {leant:.0f}°" if rest else f"{best.leant:.0f}°"
        return f"the one of {many} people whose body leans forward most ({against})"
    short = max((c.shortened for c in rest), default=0.0)
    against = f"by {best.shortened:.0%} of the body's length"
    against += f" against {short:.0%}" if rest else ""
    return f"the one of {many} people whose shoulders come down most ({against})"
