"""The near side of the body on a picture: its segments, joints and angles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np

from formcheck import words
from formcheck.look import Arc, Look
from formcheck.overlay import paint
from formcheck.overlay.paint import ARC, BONE, DARK, Picture
from formcheck.overlay.room import Room
from formcheck.pose import Array, Flags, Joint, PoseTrack
from formcheck.setting import Setting
from formcheck.words import Box, Colour, Point, Sprite, box_of, shared

OUTLINE = (
    *pairwise((Joint.FOOT_INDEX, Joint.ANKLE, Joint.KNEE, Joint.HIP, Joint.SHOULDER, Joint.EAR)),
    *pairwise((Joint.SHOULDER, Joint.ELBOW, Joint.WRIST)),
)
THICK = 0.45
"""A limb's thickness in thigh lengths, and a head's radius."""
HEAD, NUMBER, OPENING, TOLD = 120, 1, 24, 240
"""What hiding a head, a number, the place in which the angle that is told opens, or a segment of it
weighs against hiding as much of a limb."""
SEEN = 0.5
"""What is less visible is where the pose model supposes it, behind a partner or a bar: its
segments are dashed and it carries no dot. A broken line says "about here"; none at all would
flicker, as visibility crosses any limit many times in a set."""
AROUND = tuple(np.array([np.cos(a), np.sin(a)]) for a in np.radians(np.arange(0, 360, 30)))
"""Where else the number that is told may stand off its joint."""
LARGE, FAR = (1.7, 1.2), (1.0, 1.4, 1.9)
"""How large it is, and how far off: what comes first is tried first."""
NOTHING: Box = (0, 0, 0, 0)
OPENS = np.radians(6.0)
"""A smaller angle has no arc: it would only blur the line."""


@dataclass(frozen=True)
class Stress:
    """The one angle that matters in a picture."""

    signal: str
    colour: Colour
    text: str | None = None
    """What is written beside the joint instead of the angle. Without it the angle is not what the
    finding is about, and the joint's name stands before it: "knee 78°"."""
    opens: bool = True
    """Whether its arc is drawn: an angle during which something else was amiss has none."""


def room_of(
    track: PoseTrack,
    setting: Setting,
    look: Look,
    *,
    numbers: bool = True,
    told: str | None = None,
) -> Room:
    """Where both sides of the body are over the clip, and the numbers beside the near one, unless
    those can give way.

    told: the signal of the angle that is spoken of; its segments are hidden last.
    """
    edges = [*product(OUTLINE, ("left", "right"))]
    points, thick = track.points[:, :, :2], THICK * setting.thigh_px
    ends = [[a.on(s), b.on(s)] for (a, b), s in edges]
    spoken = {frozenset(edge) for edge in segments(look, told)}
    limbs = [TOLD if frozenset(edge) in spoken else Room.LIMB for edge, _ in edges]
    discs = [points[:, Joint.EAR.on(s)] for s in ("left", "right")]
    weights = [HEAD] * len(discs)
    for arc in (a for a in look.arcs if numbers and not a.quiet):
        near = {j: points[:, j.on(setting.side)] for j in (arc.joint, arc.before, arc.after) if j}
        away = [*_ways(arc, near, setting)][:2][-1] if arc.beside else _ways(arc, near, setting)[0]
        discs.append(near[arc.joint] + 0.7 * setting.thigh_px * away)
        weights.append(NUMBER)
    for at in _opening(points, setting, look, told):
        discs.append(at)
        weights.append(OPENING)
    return Room(track.size, track.t_s, points[:, ends], np.stack(discs, 1), thick, (limbs, weights))


def _opening(points: Array, setting: Setting, look: Look, told: str | None) -> tuple[Array, ...]:
    """(T, 2) two places in which the arc of an angle opens: its joint, and off it along the
    prolongation of the segment before; none where no arc is drawn between segments."""
    arc = next((a for a in look.arcs if a.signal == told and a.before is not None), None)
    if arc is None or arc.before is None:
        return ()
    joint, before = (points[:, j.on(setting.side)] for j in (arc.joint, arc.before))
    along = joint - before
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    return joint, joint + 0.35 * setting.thigh_px * along / length


def segments(look: Look, signal: str | None) -> tuple[tuple[Joint, Joint], ...]:
    """The segments of the body between which an angle lies; none where none is drawn of it."""
    arc = next((a for a in look.arcs if a.signal == signal), None)
    if arc is None:
        return ()
    after = (arc.joint, arc.after)
    return (after,) if arc.before is None else ((arc.before, arc.joint), after)


def _ways(arc: Arc, at: Mapping[Joint, Array], setting: Setting) -> Sequence[Array]:
    """(..., 2) unit vectors off a joint, best first: as declared, else to the body's back and to
    its front. at: (..., 2) its joints."""
    ahead = _ahead(setting)
    if arc.beside:
        ways = [np.array([ahead * x, y], float) for x, y in arc.beside]
        return [way / np.hypot(*way) for way in ways]
    back = _backward(at[arc.after] - at[arc.before or arc.joint], ahead)
    back = np.where(np.isfinite(back), back, [-ahead, 0.0])
    return [back, -back]


def _ahead(setting: Setting) -> float:
    """The way the athlete faces along x."""
    return 1.0 if setting.facing == "right" else -1.0


def _backward(along: Array, ahead: float) -> Array:
    """(..., 2) unit vectors to the back of a body that points from the knees along (..., 2)."""
    x, y = np.moveaxis(along, -1, 0)
    length = np.maximum(np.hypot(x, y), 1e-9)
    result: Array = ahead * np.stack([y, -x], -1) / length[..., None]
    return result


class Body:
    """Draws the near side of the body, and nothing where it was not seen."""

    def __init__(
        self,
        look: Look,
        setting: Setting,
        track: PoseTrack,
        letters: float,
        taken: Sequence[Box],
    ) -> None:
        """letters: size of the numbers in pixels. taken: where none may stand."""
        self._look, self._setting = look, setting
        joints = list(dict.fromkeys(j for limb in look.limbs for j in limb))
        self._at = {j: track.points[:, j.on(setting.side), :2] for j in joints}
        self._known: dict[Joint, Flags] = {
            j: np.asarray(np.isfinite(at).all(axis=1)) for j, at in self._at.items()
        }
        self._sure = {j: track.visibility[:, j.on(setting.side)] >= SEEN for j in joints}
        self._size, self._letters = track.size, letters
        self._line = max(2, round(min(min(track.size) / 120, setting.thigh_px / 12)))
        self._arc = max(0.3 * setting.thigh_px, 5.0 * self._line)
        self._settled = {a.signal for a in look.arcs if a.beside and self._has_room(a, taken)}

    def draw(self, picture: Picture, i: int, stress: Stress | None = None) -> None:
        """Arm thin, leg and trunk thick, dots at the joints; what is stressed in its colour."""
        thin, bold = max(1, round(0.6 * self._line)), round(1.5 * self._line)
        main, *others = self._look.limbs
        spoken = segments(self._look, stress.signal) if stress else ()
        edges = [(e, thin, BONE) for limb in others for e in pairwise(limb)]
        for edge in pairwise(main):
            if stress is not None and edge in spoken:
                edges.append((edge, bold, stress.colour))
            else:
                edges.append((edge, self._line, BONE))
        seen = [e for e in edges if all(self._known[j][i] for j in e[0])]
        rim = 2 * max(1, self._line // 3)
        for (a, b), width, _ in seen:
            self._limb(picture, i, (a, b), DARK, width + rim)
        for (a, b), width, colour in seen:
            self._limb(picture, i, (a, b), colour, width)
        for joint, at in self._at.items():
            if self._known[joint][i] and self._sure[joint][i]:
                paint.dot(picture, at[i], self._line * (1.5 if joint in main else 1.0))

    def _limb(
        self, picture: Picture, i: int, edge: tuple[Joint, Joint], colour: Colour, width: int
    ) -> None:
        a, b = edge
        ends = self._at[a][i], self._at[b][i]
        if self._all_sure(i, a, b):
            paint.line(picture, *ends, colour, width)
        elif colour != DARK:  # dashes without a rim: lighter than what was seen
            paint.dashed(picture, *ends, colour, max(1, round(0.7 * width)))

    def draw_angles(
        self,
        picture: Picture,
        i: int,
        values: Mapping[str, float],
        taken: Sequence[Box] = (),
        stress: Stress | None = None,
        *,
        alone: bool = False,
    ) -> None:
        """The exercise's angles: the arc, and the number beside the joint; large where stressed.

        values: degrees by signal, NaN where not seen. alone: the stressed one without the other.
        """
        for arc in self._look.arcs:
            told = stress if stress is not None and stress.signal == arc.signal else None
            value, b = values.get(arc.signal, np.nan), self._at[arc.joint][i]
            hidden = told is None and (alone or arc.quiet)
            if hidden or not (np.isfinite(value) and self._known[arc.joint][i]):
                continue
            # an inclination opens from the level on the side where its segment is
            c = self._at[arc.after][i]
            level = b - [np.sign(c[0] - b[0]), 0.0]
            a = level if arc.before is None else self._at[arc.before][i]
            joints = [j for j in (arc.before, arc.joint, arc.after) if j is not None]
            drawn = all(self._known[j][i] for j in joints) and self._all_sure(i, *joints)
            drawn = drawn and (told is None or told.opens)
            box = self._draw_arc(picture, (a, b, c), told) if drawn else NOTHING
            said = _said(words.figure(value, "deg"), arc.joint, told)
            self._number(picture, i, arc, said, taken, told, box)

    def _all_sure(self, i: int, *joints: Joint) -> bool:
        return all(self._sure[j][i] for j in joints)

    def _number(
        self,
        picture: Picture,
        i: int,
        arc: Arc,
        said: str,
        taken: Sequence[Box],
        told: Stress | None,
        drawn: Box,
    ) -> None:
        """The first free place beside the joint. What is told keeps off body and arc as well,
        large or else small; where that cannot be, it stands as the plain ones do: at its own
        place, and where that is taken, on the other side of the body or not at all."""
        plain, ways = words.label(said, self._letters), self._off(arc, i)
        tries = [(plain, away, 1.0, True) for away in ways[:-1]]
        tries += [(plain, ways[-1], far, False) for far in FAR]
        if told:
            sprites = [words.label(said, k * self._letters, told.colour) for k in LARGE]
            wide = product(sprites, FAR, (*ways, *AROUND))
            tries = [*((sprite, away, far, False) for sprite, far, away in wide), *tries]
        for sprite, away, far, hides in tries:
            corner = self._beside(self._at[arc.joint][i], away, sprite, far)
            box = box_of(sprite, corner)
            over = told is not None and shared(box, drawn) > 0
            if self._free(box, taken) and (hides or not (over or self._hidden(box, i))):
                paint.lay(picture, sprite, corner)
                return

    def _hidden(self, box: Box, i: int) -> bool:
        """Whether a box lies on the middle of a limb."""
        x, y, w, h = box
        along = np.linspace(0, 1, 16)[:, None]
        for a, b in (edge for limb in self._look.limbs for edge in pairwise(limb)):
            at = self._at[a][i] + along * (self._at[b][i] - self._at[a][i]) - [x, y]
            if ((at > 0) & (at < [w, h])).all(axis=1).any():
                return True
        return False

    def _draw_arc(
        self, picture: Picture, ends: tuple[Array, Array, Array], told: Stress | None
    ) -> Box:
        """From the prolongation of a-b to b-c: the flexion as it stands in the picture. Returns
        where it lies."""
        a, b, c = ends
        first, last = (np.arctan2(*(q - p)[::-1]) for p, q in ((a, b), (b, c)))
        sweep = (last - first + np.pi) % (2 * np.pi) - np.pi
        if abs(sweep) < OPENS:
            return NOTHING
        angles = first + sweep * np.linspace(0, 1, 24)
        around = np.stack([np.cos(angles), np.sin(angles)], 1)
        reach = self._arc * (1.6 if told else 1.0)
        rim, end = b + reach * around, b + 1.25 * reach * around[0]
        thin = max(1, round((1.0 if told else 0.6) * self._line))
        if told:
            paint.tint(picture, np.vstack([b[None], rim]), told.colour, 0.45)
        for colour, width in ((DARK, thin + 2), (told.colour if told else ARC, thin)):
            paint.line(picture, b, end, colour, width)
            paint.curve(picture, rim, colour, width)
        paint.dot(picture, b, 1.5 * self._line)
        return _around(np.vstack([b, rim, end]))

    def _beside(self, at: Array, away: Array, sprite: Sprite, far: float = 1.0) -> Point:
        """The corner of a number that stands off a joint in a direction (2,)."""
        size = np.array(sprite.size, float)
        distance = 0.9 * self._arc + 2 * self._line + float(np.abs(away * size / 2).sum())
        x, y = at + away * far * distance - size / 2
        return float(x), float(y)

    def _off(self, arc: Arc, i: int) -> Sequence[Array]:
        """(2,) unit vectors away from the body at a joint, best first."""
        ways = _ways(arc, {joint: at[i] for joint, at in self._at.items()}, self._setting)
        return ways if not arc.beside or arc.signal in self._settled else ways[1:] or ways

    def _free(self, box: Box, taken: Sequence[Box]) -> bool:
        whole = shared(box, (0, 0, *self._size)) == box[2] * box[3]
        return whole and not any(shared(box, other) for other in taken)

    def _has_room(self, arc: Arc, taken: Sequence[Box]) -> bool:
        """Whether a number fits where it would best stand. Settled once, so that it stays."""
        at = self._at[arc.joint]
        at = at[np.isfinite(at).all(axis=1)]
        lowest = np.percentile(at, 95, axis=0) if len(at) else np.zeros(2)
        sprite = words.label("180°", self._letters)
        away = _ways(arc, {}, self._setting)[0]
        return self._free(box_of(sprite, self._beside(lowest, away, sprite)), taken)


def _said(angle: str, joint: Joint, told: Stress | None) -> str:
    """What is written beside a joint; of the one that is told, what changed or which it is."""
    if told is None:
        return angle
    return told.text or f"{joint.name.lower()} {angle}"


def _around(points: Array) -> Box:
    """The box that holds the points (n, 2)."""
    least, most = np.floor(points.min(axis=0)), np.ceil(points.max(axis=0))
    x, y, w, h = np.concatenate([least, most - least]).astype(int).tolist()
    return x, y, w, h
