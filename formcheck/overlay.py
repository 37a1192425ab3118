"""Draws on a frame of a recorded clip what the report says of it: body, angles, phase, findings.

It decides nothing: every number, moment and word comes from the report and the curves. All it
chooses is where a plate stands, and that is where the body is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import cv2
import numpy as np
from numpy.typing import NDArray

from formcheck import words
from formcheck.checks import SEVERITIES, Finding
from formcheck.curves import Curves
from formcheck.pose import Array, Joint, PoseTrack
from formcheck.report import Report, RepReport
from formcheck.setting import Setting
from formcheck.words import Box, Point, Room, Sprite, box_of, shared

Picture = NDArray[np.uint8]

SAYS = {
    "rest": "ready",
    "lower": "lowering",
    "drop": "falling",
    "bottom": "at the floor",
    "push": "pushing up",
    "curl": "pulling up",
}
DONE = "done"
"""After the last rep, instead of "ready"."""
LIMITS = {"max": "at most", "min": "at least"}
READS_S = 2.0
"""A banner stands at least so long: a sentence wants reading."""
AT_ONCE = 2
PAGE_S = 60.0
"""The trace shows at most so many seconds; a longer clip turns pages."""
MAIN, SMALL = 20, 26
"""The short side of the picture over the size of main and of small words."""
WIDTHS = np.array([20.0, 13.0, 9.5])
"""The longest line of a banner in sizes of its words; a narrower one is taken where it hides less
of the body."""

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
TRACED = "knee_flexion"
LEGEND = "knee flexion"

BONE, DOT, DARK, ARC = (255, 255, 255), (64, 224, 208), (14, 18, 24), words.MARK
OPENS = np.radians(6.0)
"""A smaller angle has no arc: it would only blur the line."""
SUBPIXEL = 4
"""Binary places of the coordinates that OpenCV is given: bodies do not move in whole pixels."""


class Overlay:
    """Draws on the frames of the clip that `track` was taken from."""

    def __init__(
        self,
        report: Report,
        curves: Curves,
        setting: Setting,
        track: PoseTrack,
        *,
        title: str = "Nordic curl",
    ) -> None:
        """title: the exercise as a coach calls it, for where it was not recognised.

        Raises ValueError when curves and track are not of the same frames.
        """
        if len(curves.t_s) != len(track):
            raise ValueError(
                f"The curves hold {len(curves.t_s)} instants and the track {len(track)} frames; "
                "expected those of one clip."
            )
        self._report, self._curves, self._size = report, curves, track.size
        self._main, self._small = min(track.size) / MAIN, min(track.size) / SMALL
        self._counted = [r for r in report.reps if r.counted]
        self._panels: dict[tuple[str, str], Sprite] = {}
        plain = f"Not recognised as a {title}"
        fits = 0.9 * track.size[0] / words.width_of(plain, self._main)
        self._unrecognised = words.label(plain, self._main * min(1.0, fits))
        room = _room(track, setting)
        self._trace = _Trace(curves, report.reps, room, self._small) if self._traced() else None
        self._taken = [self._trace.box] if self._trace else []
        self._body = _Body(setting, track, self._main, self._taken)
        self._corner = room.place([self._panel(0)], self._taken)[1]
        self._banners = self._place_banners(room)

    def draw(self, rgb: Picture, i: int) -> Picture:
        """Frame `i` with all there is to say of it, as a new array; `rgb` stays as it is.

        rgb: (H, W, 3), upright, of the track's size; anything else raises ValueError.
        """
        width, height = self._size
        if rgb.shape != (height, width, 3):
            raise ValueError(
                f"The frame's shape is {rgb.shape}, expected {(height, width, 3)} as tracked."
            )
        picture = np.array(rgb, order="C")
        plates = self._plates(i)
        self._body.draw(picture, i)
        if self._report.recognised and self._report.view.kind == "side":
            boxes = [*self._taken, *(box_of(*p) for p in plates)]
            self._body.draw_angles(picture, i, self._curves, boxes)
        if self._trace:
            self._trace.draw(picture, i)
        for sprite, corner in plates:
            _lay(picture, sprite, corner)
        return picture

    def _traced(self) -> bool:
        values = self._curves.values.get(TRACED)
        return self._report.recognised and values is not None and bool(np.isfinite(values).any())

    def _plates(self, i: int) -> list[tuple[Sprite, Point]]:
        """The panel and the banners of a frame, with their places."""
        t = float(self._curves.t_s[i])
        now = [b for b in self._banners if b.first <= t <= b.last][:AT_ONCE]
        return [(self._panel(i), self._corner), *((b.sprite, b.corner) for b in now)]

    def _panel(self, i: int) -> Sprite:
        """Rep and phase at a frame; before, between and after the reps, how many are done."""
        if not self._report.recognised or not len(self._curves.t_s):
            return self._unrecognised
        t, rep = float(self._curves.t_s[i]), self._curves.rep[i]
        total, line = len(self._counted), SAYS[self._curves.phase[i]]
        if rep is None:
            rep = sum(t > _end(r) for r in self._counted)
            line = DONE if rep == total and line == SAYS["rest"] else line
        head = f"REP {rep} / {total}"
        if (head, line) not in self._panels:
            heads, lines = [f"REP {total} / {total}", head], [*SAYS.values(), DONE]
            self._panels[head, line] = words.panel(head, line, self._main, heads, lines)
        return self._panels[head, line]

    def _place_banners(self, room: Room) -> list[_Banner]:
        """Every finding's banner, worst first, where it hides neither the body of its time, nor
        the panel, nor a worse finding's banner."""
        found = [(_start(r, f), f) for r in self._report.reps for f in r.findings]
        found.sort(key=lambda at: (SEVERITIES.index(at[1].severity), at[0]))
        taken = [*self._taken, box_of(self._panel(0), self._corner)]
        placed: list[_Banner] = []
        for first, finding in found:
            last = max(finding.until_s or first, first + READS_S)
            beside = [box_of(b.sprite, b.corner) for b in placed if b.meets(first, last)]
            sprite, corner = room.place(self._written(finding), [*taken, *beside], first, last)
            placed.append(_Banner(first, last, sprite, corner))
        return placed

    def _written(self, finding: Finding) -> list[Sprite]:
        """A finding's banner in all its widths, widest first."""
        value, limit = (words.figure(n, finding.unit) for n in (finding.value, finding.limit))
        figure = f"{value} · limit: {LIMITS[finding.limit_kind]} {limit}"
        sizes, widest = (self._main, self._small), 0.9 * self._size[0] - 3.4 * self._main
        return [
            words.banner(finding.severity, finding.sentence, figure, sizes, min(wide, widest))
            for wide in (WIDTHS * self._main).tolist()
        ]


@dataclass(frozen=True)
class _Banner:
    """A finding on the picture, from first to last second."""

    first: float
    last: float
    sprite: Sprite
    corner: Point

    def meets(self, first: float, last: float) -> bool:
        return self.first <= last and first <= self.last


def _start(rep: RepReport, finding: Finding) -> float:
    """When a finding is shown: at its own moment, else from the start of its rep."""
    known = [t for t in (finding.at_s, rep.start_s, rep.bottom_s) if t is not None]
    return known[0] if known else 0.0


def _end(rep: RepReport) -> float:
    known = [t for t in (rep.end_s, rep.release_s, rep.bottom_s) if t is not None]
    return known[0] if known else 0.0


def _room(track: PoseTrack, setting: Setting) -> Room:
    """Where both sides of the body are over the clip, and the numbers beside the near one."""
    ends = [[a.on(s), b.on(s)] for (a, b), s in product(OUTLINE, ("left", "right"))]
    points, thick = track.points[:, :, :2], THICK * setting.thigh_px
    knee, hip, shoulder = (points[:, j.on(setting.side)] for j in LEG[1:])
    away, ahead = 0.7 * setting.thigh_px, _ahead(setting)
    numbers = hip + away * _backward(shoulder - knee, ahead), knee + away * _over_calf(ahead)
    discs = np.stack([*(points[:, Joint.EAR.on(s)] for s in ("left", "right")), *numbers], 1)
    return Room(track.size, track.t_s, points[:, ends], discs, thick, WEIGHTS)


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


class _Body:
    """The near side of the body: its segments, joints and angles."""

    def __init__(
        self, setting: Setting, track: PoseTrack, letters: float, taken: Sequence[Box]
    ) -> None:
        self._at = {j: track.points[:, j.on(setting.side), :2] for j in (*LEG, *ARM)}
        self._size, self._letters = track.size, letters
        self._ahead = _ahead(setting)
        self._line = max(2, round(min(min(track.size) / 120, setting.thigh_px / 12)))
        self._arc = max(0.3 * setting.thigh_px, 5.0 * self._line)
        self._under_knee = self._has_room_below(taken)

    def draw(self, picture: Picture, i: int) -> None:
        """Arm thin, leg and trunk thick, dots at the joints; nothing where nothing was seen."""
        thin = max(1, round(0.6 * self._line))
        edges = [(e, thin) for e in pairwise(ARM)] + [(e, self._line) for e in pairwise(LEG)]
        ends = [(self._at[a][i], self._at[b][i], width) for (a, b), width in edges]
        ends = [e for e in ends if np.isfinite(e[:2]).all()]
        for colour, more in ((DARK, 2 * max(1, self._line // 3)), (BONE, 0)):
            for a, b, width in ends:
                cv2.line(picture, _fine(a), _fine(b), colour, width + more, cv2.LINE_AA, SUBPIXEL)
        for joint, at in self._at.items():
            if np.isfinite(at[i]).all():
                _dot(picture, at[i], self._line * (1.5 if joint in LEG else 1.0))

    def draw_angles(self, picture: Picture, i: int, curves: Curves, taken: Sequence[Box]) -> None:
        """Knee and hip flexion: the arc, and the number beside the joint."""
        for before, joint, after, signal in ANGLES:
            value = float(curves.values[signal][i]) if signal in curves.values else np.nan
            a, b, c = (self._at[j][i] for j in (before, joint, after))
            if not np.isfinite([value, *b]).all():
                continue
            if np.isfinite([*a, *c]).all():
                self._draw_arc(picture, a, b, c)
            sprite = words.label(words.figure(value, "deg"), self._letters)
            corners = (self._beside(b, away, sprite) for away in self._off(joint, i))
            corner = next((at for at in corners if self._free(box_of(sprite, at), taken)), None)
            if corner is not None:
                _lay(picture, sprite, corner)

    def _draw_arc(self, picture: Picture, a: Array, b: Array, c: Array) -> None:
        """From the prolongation of a-b to b-c: the flexion as it stands in the picture."""
        first, last = (np.arctan2(*(q - p)[::-1]) for p, q in ((a, b), (b, c)))
        sweep = (last - first + np.pi) % (2 * np.pi) - np.pi
        if abs(sweep) < OPENS:
            return
        angles = first + sweep * np.linspace(0, 1, 24)
        around = np.stack([np.cos(angles), np.sin(angles)], 1)
        line = np.round(np.clip(b + self._arc * around, -1e4, 2e4) * 2**SUBPIXEL).astype(np.int32)
        thin = max(1, round(0.6 * self._line))
        ends = _fine(b), _fine(b + 1.25 * self._arc * around[0])
        for colour, width in ((DARK, thin + 2), (ARC, thin)):
            cv2.line(picture, *ends, colour, width, cv2.LINE_AA, SUBPIXEL)
            cv2.polylines(picture, [line], False, colour, width, cv2.LINE_AA, SUBPIXEL)
        _dot(picture, b, 1.5 * self._line)

    def _beside(self, at: Array, away: Array, sprite: Sprite) -> Point:
        """The corner of a number that stands off a joint in a direction (2,)."""
        size = np.array(sprite.size, float)
        distance = 0.9 * self._arc + 2 * self._line + float(np.abs(away * size / 2).sum())
        x, y = at + away * distance - size / 2
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


class _Trace:
    """A signal along the edge of the picture, with the present and the break points so far."""

    def __init__(
        self, curves: Curves, reps: Sequence[RepReport], room: Room, letters: float
    ) -> None:
        self.box = room.edge(round(3.1 * letters))
        self._t, self._values, self._letters = curves.t_s, curves.values[TRACED], letters
        self._breaks = [r.break_s for r in reps if r.break_s is not None]
        self._range = float(np.nanmin(self._values)), float(np.nanmax(self._values))
        whole = float(self._t[-1] - self._t[0])
        self._pages = max(1, int(np.ceil(whole / PAGE_S)))
        self._page_s = max(whole / self._pages, 1e-3)
        self._sprites: dict[tuple[int, bool], Sprite] = {}

    def draw(self, picture: Picture, i: int) -> None:
        """What has been in full colour with its break points, what is to come in grey."""
        since = float(self._t[i] - self._t[0])
        page = min(int(since / self._page_s), self._pages - 1)
        x, y, _, tall = self.box
        at = self._places(page, self._t[[i]], self._values[[i]])[0]
        now = round(float(at[0]))
        past, future = (self._sprite(page, gone) for gone in (True, False))
        _lay(picture, Sprite(past.rgb[:, :now], past.through[:, :now]), (x, y))
        _lay(picture, Sprite(future.rgb[:, now:], future.through[:, now:]), (x + now, y))
        cv2.line(picture, (x + now, y + 2), (x + now, y + tall - 3), BONE, 1)
        if np.isfinite(at).all():
            _dot(picture, at + np.array([x, y]), self._letters / 4)

    def _sprite(self, page: int, gone: bool) -> Sprite:
        """A page's plate; with the break points where it shows what is gone."""
        if (page, gone) not in self._sprites:
            ends = self._t[0] + self._page_s * np.array([page, page + 1])
            on = (self._t >= ends[0]) & (self._t <= ends[1])
            line = self._places(page, self._t[on], self._values[on])
            breaks = np.array([b for b in self._breaks if ends[0] <= b <= ends[1]])
            marks = self._places(page, breaks, np.interp(breaks, self._t, self._values))
            legend = [(LEGEND, BONE), *([("◆ break", words.MARK)] if self._breaks else [])]
            self._sprites[page, gone] = words.strip(
                self.box[2:], self._letters, legend, line, marks if gone else marks[:0], gone
            )
        return self._sprites[page, gone]

    def _places(self, page: int, t: Array, values: Array) -> Array:
        """(n, 2) pixels on the plate; bent up, straight down."""
        (_, _, w, h), (least, most), pad = self.box, self._range, 0.6 * self._letters
        left = words.legend_width(self._letters)
        share = (t - self._t[0]) / self._page_s - page
        height = (most - values) / max(most - least, 1.0)
        return np.stack([left + (w - left - pad) * share, pad + (h - 2 * pad) * height], 1)


def _lay(picture: Picture, sprite: Sprite, corner: Point) -> None:
    """Blend a sprite in; what is off the picture is cut."""
    x, y, w, h = box_of(sprite, corner)
    x0, y0 = max(x, 0), max(y, 0)
    under = picture[y0 : max(y + h, 0), x0 : max(x + w, 0)]
    if not under.size:
        return
    part = np.s_[y0 - y : y0 - y + under.shape[0], x0 - x : x0 - x + under.shape[1]]
    through = cv2.multiply(under, np.ascontiguousarray(sprite.through[part]), scale=1 / 255)
    under[:] = cv2.add(through, np.ascontiguousarray(sprite.rgb[part]))


def _dot(picture: Picture, at: Array, radius: float) -> None:
    for colour, more in ((DARK, 1.0), (DOT, 0.0)):
        size = round((radius + more) * 2**SUBPIXEL)
        cv2.circle(picture, _fine(at), size, colour, -1, cv2.LINE_AA, SUBPIXEL)


def _fine(at: Array) -> tuple[int, int]:
    """A point as OpenCV takes it, in parts of a pixel; far outside is held at a distance."""
    x, y = np.round(np.clip(at, -1e4, 2e4) * 2**SUBPIXEL).astype(int).tolist()
    return x, y
