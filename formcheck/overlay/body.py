"""The near side of the body on a picture: its segments, joints and angles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np

from formcheck import words
from formcheck.overlay import paint
from formcheck.overlay.paint import ARC, BONE, DARK, Picture
from formcheck.overlay.room import Room
from formcheck.pose import Array, Joint, PoseTrack
from formcheck.setting import Setting
from formcheck.words import Box, Colour, Point, Sprite, box_of, shared

LEG = (Joint.ANKLE, Joint.KNEE, Joint.HIP, Joint.SHOULDER)
ARM = (Joint.SHOULDER, Joint.ELBOW, Joint.WRIST)
OUTLINE = (*pairwise((Joint.FOOT_INDEX, *LEG, Joint.EAR)), *pairwise(ARM))
THICK = 0.45
"""A limb's thickness in thigh lengths, and a head's radius."""
WEIGHTS = (12, 12, 1, 1)
"""What hiding a head or a number weighs against hiding as much of a limb."""
ANGLES = (
    (Joint.ANKLE, Joint.KNEE, Joint.HIP, "knee_flexion"),
    (Joint.KNEE, Joint.HIP, Joint.SHOULDER, "hip_flexion"),
)
"""A flexion is what the segment after a joint turns away from the one before, prolonged."""
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


def room_of(track: PoseTrack, setting: Setting, *, numbers: bool = True) -> Room:
    """Where both sides of the body are over the clip, and the numbers beside the near one, unless
    those can give way."""
    ends = [[a.on(s), b.on(s)] for (a, b), s in product(OUTLINE, ("left", "right"))]
    points, thick = track.points[:, :, :2], THICK * setting.thigh_px
    knee, hip, shoulder = (points[:, j.on(setting.side)] for j in LEG[1:])
    away, ahead = 0.7 * setting.thigh_px, _ahead(setting)
    discs = [points[:, Joint.EAR.on(s)] for s in ("left", "right")]
    if numbers:
        discs += [hip + away * _backward(shoulder - knee, ahead), knee + away * _over_calf(ahead)]
    weights = WEIGHTS[: len(discs)]
    return Room(track.size, track.t_s, points[:, ends], np.stack(discs, 1), thick, weights)


def _ahead(setting: Setting) -> float:
    """The way the athlete faces along x."""
    return 1.0 if setting.facing == "right" else -1.0


def _over_calf(ahead: float) -> Array:
    """(2,) from the knee to where a number stands behind the thigh, lean as it may."""
    return np.array([-0.6 * ahead, -0.8])


def _backward(along: Array, ahead: float) -> Array:
    """(..., 2) unit vectors to the back of a body that points from the knees along (..., 2)."""
    x, y = np.moveaxis(along, -1, 0)
    length = np.maximum(np.hypot(x, y), 1e-9)
    result: Array = ahead * np.stack([y, -x], -1) / length[..., None]
    return result


class Body:
    """Draws the near side of the body, and nothing where it was not seen."""

    def __init__(
        self, setting: Setting, track: PoseTrack, letters: float, taken: Sequence[Box]
    ) -> None:
        """letters: size of the numbers in pixels. taken: where none may stand."""
        joints = (*LEG, *ARM)
        self._at = {j: track.points[:, j.on(setting.side), :2] for j in joints}
        self._sure = {j: track.visibility[:, j.on(setting.side)] >= SEEN for j in joints}
        self._size, self._letters = track.size, letters
        self._ahead = _ahead(setting)
        self._line = max(2, round(min(min(track.size) / 120, setting.thigh_px / 12)))
        self._arc = max(0.3 * setting.thigh_px, 5.0 * self._line)
        self._under_knee = self._has_room_below(taken)

    def draw(self, picture: Picture, i: int, stress: Stress | None = None) -> None:
        """Arm thin, leg and trunk thick, dots at the joints; what is stressed in its colour."""
        thin, bold = max(1, round(0.6 * self._line)), round(1.5 * self._line)
        edges = [(e, thin, BONE) for e in pairwise(ARM)]
        for edge in pairwise(LEG):
            if stress is not None and edge in _segments(stress.signal):
                edges.append((edge, bold, stress.colour))
            else:
                edges.append((edge, self._line, BONE))
        seen = [e for e in edges if np.isfinite([self._at[j][i] for j in e[0]]).all()]
        rim = 2 * max(1, self._line // 3)
        for (a, b), width, _ in seen:
            self._limb(picture, i, (a, b), DARK, width + rim)
        for (a, b), width, colour in seen:
            self._limb(picture, i, (a, b), colour, width)
        for joint, at in self._at.items():
            if np.isfinite(at[i]).all() and self._sure[joint][i]:
                paint.dot(picture, at[i], self._line * (1.5 if joint in LEG else 1.0))

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
        """Knee and hip flexion: the arc, and the number beside the joint; large where stressed.

        values: degrees by signal, NaN where not seen. alone: the stressed one without the other.
        """
        for before, joint, after, signal in ANGLES:
            told = stress if stress is not None and stress.signal == signal else None
            value = values.get(signal, np.nan)
            a, b, c = (self._at[j][i] for j in (before, joint, after))
            if not np.isfinite([value, *b]).all() or (alone and told is None):
                continue
            arc = NOTHING
            if np.isfinite([*a, *c]).all() and self._all_sure(i, before, joint, after):
                arc = self._draw_arc(picture, (a, b, c), told)
            said = _said(words.figure(value, "deg"), joint, told)
            self._number(picture, i, joint, said, taken, told, arc)

    def _all_sure(self, i: int, *joints: Joint) -> bool:
        return all(self._sure[j][i] for j in joints)

    def _number(
        self,
        picture: Picture,
        i: int,
        joint: Joint,
        said: str,
        taken: Sequence[Box],
        told: Stress | None,
        arc: Box,
    ) -> None:
        """The first free place beside the joint. What is told keeps off body and arc as well,
        large or else small; where that cannot be, it stands as the plain ones do: at its own
        place, and where that is taken, on the other side of the body or not at all."""
        plain, ways = words.label(said, self._letters), self._off(joint, i)
        tries = [(plain, away, 1.0, True) for away in ways[:-1]]
        tries += [(plain, ways[-1], far, False) for far in FAR]
        if told:
            sprites = [words.label(said, k * self._letters, told.colour) for k in LARGE]
            wide = product(sprites, FAR, (*ways, *AROUND))
            tries = [*((sprite, away, far, False) for sprite, far, away in wide), *tries]
        for sprite, away, far, hides in tries:
            corner = self._beside(self._at[joint][i], away, sprite, far)
            box = box_of(sprite, corner)
            over = told is not None and shared(box, arc) > 0
            if self._free(box, taken) and (hides or not (over or self._hidden(box, i))):
                paint.lay(picture, sprite, corner)
                return

    def _hidden(self, box: Box, i: int) -> bool:
        """Whether a box lies on the middle of a limb."""
        x, y, w, h = box
        along = np.linspace(0, 1, 16)[:, None]
        for a, b in (*pairwise(LEG), *pairwise(ARM)):
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

    def _off(self, joint: Joint, i: int) -> Sequence[Array]:
        """(2,) unit vectors away from the body at a joint, best first. Knee: to the floor, up and
        back over the calf, ahead; hip: to the athlete's back, else to the front."""
        if joint is Joint.KNEE:
            floor = [np.array([0.0, 1.0])] if self._under_knee else []
            return [*floor, _over_calf(self._ahead), np.array([self._ahead, 0.0])]
        back = _backward(self._at[Joint.SHOULDER][i] - self._at[Joint.KNEE][i], self._ahead)
        back = back if np.isfinite(back).all() else np.array([-self._ahead, 0.0])
        return [back, -back]

    def _free(self, box: Box, taken: Sequence[Box]) -> bool:
        whole = shared(box, (0, 0, *self._size)) == box[2] * box[3]
        return whole and not any(shared(box, other) for other in taken)

    def _has_room_below(self, taken: Sequence[Box]) -> bool:
        """Whether a number fits under the knee. Settled once for the clip, so that it stays."""
        knees = self._at[Joint.KNEE]
        knees = knees[np.isfinite(knees).all(axis=1)]
        lowest = np.percentile(knees, 95, axis=0) if len(knees) else np.zeros(2)
        sprite = words.label("180°", self._letters)
        box = box_of(sprite, self._beside(lowest, np.array([0.0, 1.0]), sprite))
        return self._free(box, taken)


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


def _segments(signal: str) -> tuple[tuple[Joint, Joint], ...]:
    """The two segments between which a flexion lies."""
    return next(((a, b), (b, c)) for a, b, c, name in ANGLES if name == signal)
