"""A frame of a recorded clip with what the report says of it: body, angles, phase, findings.

It decides nothing: every number, moment and word comes from the report and the curves. All it
chooses is where a plate stands, and that is where the body is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

import numpy as np

from formcheck import words
from formcheck.checks import SEVERITIES, Finding
from formcheck.curves import Curves
from formcheck.exercise import Exercise
from formcheck.look import Look
from formcheck.overlay import announced
from formcheck.overlay.body import Body, Stress, room_of
from formcheck.overlay.few import Few, Written
from formcheck.overlay.mark import Mark
from formcheck.overlay.paint import Picture, lay
from formcheck.overlay.room import Room
from formcheck.overlay.stage import framed, spotlit
from formcheck.overlay.trace import Trace
from formcheck.pose import PoseTrack
from formcheck.report import Report, RepReport
from formcheck.setting import Setting
from formcheck.words import Point, Sprite, box_of

DONE = "done"
"""After the last rep, instead of "ready"."""
LIMITS = {"max": "at most", "min": "at least"}
READS_S = 2.0
"""A banner stands at least so long: a sentence wants reading."""
AT_ONCE = 2
MAIN, SMALL = 20, 23
"""The short side of the picture over the size of main and of small words."""
PANELS = (1.0, 0.8, 0.62)
"""Sizes of the panel: the first that leaves the body free."""
BANNERS = (1.0, 0.82, 0.67)
"""Sizes of a banner's words: the first that leaves free what it speaks of, and the head."""
WIDTHS = np.array([20.0, 13.0, 9.5])
"""The longest line of a banner in sizes of its words; a narrower one is taken where it hides less
of the body."""


def stress_of(finding: Finding, look: Look) -> Stress:
    """The angle that a finding is about; what is counted in no degrees has none, and says its own
    name and value where the angle would stand: that angle is no fault."""
    about, colour = look.about(finding.measure), words.SIGNS[finding.severity][0]
    term = look.term(finding.measure)
    if finding.unit != "deg":
        figure = words.figure(finding.value, finding.unit, finding.limit)
        return Stress(about, colour, f"{term.head.lower()} {figure}", opens=False)
    change = f"{finding.value:+.0f}°".replace("-", "−") if term.change else None
    return Stress(about, colour, change)


class Overlay:
    """Draws on the frames of the clip that `track` was taken from."""

    def __init__(
        self,
        report: Report,
        curves: Curves,
        setting: Setting,
        track: PoseTrack,
        exercise: Exercise,
    ) -> None:
        """Raises ValueError when curves and track are not of the same frames."""
        if len(curves.t_s) != len(track):
            raise ValueError(
                f"The curves hold {len(curves.t_s)} instants and the track {len(track)} frames; "
                "expected those of one clip."
            )
        self._report, self._curves, self._size = report, curves, track.size
        self._track, self._setting = track, setting
        self._main, self._small = min(track.size) / MAIN, min(track.size) / SMALL
        self._order = list(exercise.labels())
        self._counted = [r for r in report.reps if r.counted]
        self._panels, self._shown = Few(), Few()
        self._look, self._title = exercise.look, f"Not recognised as a {exercise.title}"
        self._says = {"rest": exercise.look.rests}
        self._says |= {phase.name: phase.says for phase in exercise.look.phases}
        self._seldom = _seldom(track)
        room = room_of(self._seldom, setting, exercise.look)
        self._trace = self._traced(room)
        self._taken = [self._trace.box] if self._trace else []
        self._body = Body(exercise.look, setting, track, self._main, self._taken)
        others = setting.whom is not None and (setting.whom.people_seen or 0) > 1
        self._mark = Mark(track, setting) if others else None
        # the largest that hides nothing of the body, all through the clip
        panels = {large: self._panel(0, large) for large in PANELS}
        panel, self._corner = room.place([*panels.values()], self._taken)
        self._large = next(large for large in PANELS if panels[large] is panel)
        self._banners = self._place_banners()
        beside = [(b.first, b.last, b.box) for b in self._banners]
        taken = [*self._taken, box_of(self._panel(0), self._corner)]
        reps = report.reps if report.recognised else ()
        self._announced = announced.placed(
            reps, exercise.look, track, room, self._main, taken, beside
        )

    def draw(
        self, rgb: Picture, i: int, held: Sequence[Finding] = (), *, keep: bool = True
    ) -> Picture:
        """Frame `i` with all there is to say of it: a new array, or `rgb` itself without `keep`.

        rgb: (H, W, 3), upright, of the track's size; anything else raises ValueError.
        held: findings for which the film stands still here: their banners alone, the body lit,
        the angle of the first one large.
        """
        width, height = self._size
        if rgb.shape != (height, width, 3):
            raise ValueError(
                f"The frame's shape is {rgb.shape}, expected {(height, width, 3)} as tracked."
            )
        picture = np.array(rgb, order="C") if keep else rgb
        held = sorted(held, key=lambda f: (SEVERITIES.index(f.severity), self._rank(f)))
        stress = stress_of(held[0], self._look) if held else None
        if stress:
            spotlit(picture, self._track.points[i, :, :2], self._setting.thigh_px)
        for told in (a for a in self._announced if not held and a.at(float(self._track.t_s[i]))):
            announced.imprint(
                picture, told, self._track, self._setting, i, max(2, round(self._small / 8))
            )
        plates = self._plates(i, held)
        self._draw_body(picture, i, [box_of(*p) for p in plates], stress)
        if self._trace:
            self._trace.draw(picture, i)
        for sprite, corner in plates:
            lay(picture, sprite, corner)
        if stress:
            framed(picture, stress.colour)
        return picture

    def _draw_body(
        self, picture: Picture, i: int, plates: Sequence[words.Box], stress: Stress | None
    ) -> None:
        if self._mark:
            self._mark.draw(picture, i)
        self._body.draw(picture, i, stress)
        if self._report.recognised:
            curves = self._curves.values
            told = {arc.signal for arc in self._look.arcs} & curves.keys()
            values = {signal: float(curves[signal][i]) for signal in told}
            taken = [*self._taken, *plates]
            self._body.draw_angles(picture, i, values, taken, stress, alone=stress is not None)

    def _traced(self, room: Room) -> Trace | None:
        """The curve at the edge; None where there is none to show."""
        values = self._curves.values.get(self._look.traced.signal)
        if not self._report.recognised or values is None or not np.isfinite(values).any():
            return None
        return Trace(self._curves, self._report.reps, self._look, room, self._small)

    def _plates(self, i: int, held: Sequence[Finding] = ()) -> list[tuple[Sprite, Point]]:
        """The panel and the banners of a frame, with their places."""
        panel = self._panel(i), self._corner
        if held:
            return self._place_held(i, held, panel)
        t = float(self._curves.t_s[i])
        there = [b for b in self._banners if b.first <= t <= b.last]
        # two reps in a row may be told the same: the later one says it
        last = {b.says: b for b in there}
        shown = [b for b in there if last[b.says] is b][:AT_ONCE]
        now = [(b.plate, b.corner) for b in shown]
        now += [(a.plate, a.corner) for a in self._announced if a.at(t)]
        return [panel, *((self._shown.of(plate, plate), corner) for plate, corner in now)]

    def _place_held(
        self, i: int, held: Sequence[Finding], panel: tuple[Sprite, Point]
    ) -> list[tuple[Sprite, Point]]:
        """The plates where the film stands still: each banner where it hides least of the body as
        it is in this very frame, for that is what is looked at."""
        track, now = self._track, slice(i, i + 1)
        frame = PoseTrack(track.t_s[now], track.points[now], track.visibility[now], track.size)
        rooms = {
            told: room_of(frame, self._setting, self._look, numbers=False, told=told)
            for told in {self._look.about(finding.measure) for finding in held}
        }
        taken = [*self._taken, box_of(*panel)]
        plates, _ = self._together(held, rooms, taken)
        return [panel, *plates]

    def _together(
        self,
        findings: Sequence[Finding],
        rooms: Mapping[str, Room],
        taken: Sequence[words.Box],
        first: float = -np.inf,
        last: float = np.inf,
    ) -> tuple[list[tuple[Sprite, Point]], list[Written]]:
        """Banners that stand at once between two seconds, and what draws each again, of one size,
        or it would look like a slip: as large as hides nothing of what they speak of, of the head
        and of other plates, else the one that hides least of these. rooms: by the angle that a
        finding is about."""
        tries = []
        for large in BANNERS:
            plates, chosen, spoils = list[tuple[Sprite, Point]](), list[Written](), np.zeros(4)
            for finding in findings:
                room = rooms[self._look.about(finding.measure)]
                beside = [*taken, *(box_of(*p) for p in plates)]
                written = self._written(finding, large)
                sprites = [draw() for draw in written]
                plates.append(room.place(sprites, beside, first, last))
                drawn = zip(written, sprites, strict=True)
                chosen.append(next(w for w, sprite in drawn if sprite is plates[-1][0]))
                spoils += room.spoils(plates[-1], beside, first, last)
            tries.append((tuple(spoils.tolist()), plates, chosen))
            if not spoils.any():
                break
        return min(tries, key=lambda one: one[0])[1:]

    def _panel(self, i: int, large: float | None = None) -> Sprite:
        """Rep and phase at a frame; before, between and after the reps, how many are done."""
        size = self._main * (self._large if large is None else large)
        if not self._report.recognised or not len(self._curves.t_s):
            head, line = self._title, ""
        else:
            head, line = self._state(i)
        key = head, line, size
        return self._panels.of(key, lambda: self._drawn(*key))

    def _state(self, i: int) -> tuple[str, str]:
        """What the panel says at a frame."""
        t, rep = float(self._curves.t_s[i]), self._curves.rep[i]
        total, line = len(self._counted), self._says[self._curves.phase[i]]
        if rep is None:
            rep = sum(t > _end(r) for r in self._counted)
            line = DONE if rep == total and line == self._look.rests else line
        return f"REP {rep} / {total}", line

    def _drawn(self, head: str, line: str, size: float) -> Sprite:
        if line:
            total = len(self._counted)
            heads = [f"REP {total} / {total}", head]
            return words.panel(head, line, size, heads, [*self._says.values(), DONE])
        fits = 0.9 * self._size[0] / words.width_of(head, size)
        return words.label(head, size * min(1.0, fits))

    def _place_banners(self) -> list[_Banner]:
        """Every finding's banner, worst first, where it hides neither the body of its time, least
        of all the part that it speaks of, nor the panel, nor a worse finding's banner."""
        found = [(_start(r, f), f) for r in self._report.reps for f in r.findings]
        found.sort(key=lambda at: (SEVERITIES.index(at[1].severity), at[0], self._rank(at[1])))
        abouts = {self._look.about(finding.measure) for _, finding in found}
        rooms = {
            told: room_of(self._seldom, self._setting, self._look, told=told) for told in abouts
        }
        taken = [*self._taken, box_of(self._panel(0), self._corner)]
        placed: list[_Banner] = []
        for (first, _), group in groupby(found, key=lambda at: (at[0], at[1].severity)):
            findings = [finding for _, finding in group]
            last = max(first + READS_S, *(f.until_s or first for f in findings))
            beside = [b.box for b in placed if b.meets(first, last)]
            plates, chosen = self._together(findings, rooms, [*taken, *beside], first, last)
            for finding, plate, written in zip(findings, plates, chosen, strict=True):
                box = box_of(*plate)
                placed.append(_Banner(finding, first, last, written, box, plate[1]))
        return placed

    def _rank(self, finding: Finding) -> int:
        """Where a finding stands among those of one moment: as the exercise lists its checks."""
        return (
            self._order.index(finding.check) if finding.check in self._order else len(self._order)
        )

    def _written(self, finding: Finding, large: float) -> list[Written]:
        """Draws a finding's banner in each of its widths, widest first. large: its words against
        MAIN."""
        value = words.with_spread(finding.value, finding.unit, finding.uncertainty, finding.limit)
        limit = words.figure(finding.limit, finding.unit)
        bound = "limit" if finding.severity == "fault" else "aim"
        figures = value, f"{bound}: {LIMITS[finding.limit_kind]} {limit}"
        main = large * self._main
        sizes, widest = (main, large * self._small), 0.9 * self._size[0] - 3.4 * main
        return [
            partial(
                words.banner, finding.severity, finding.sentence, figures, sizes, min(wide, widest)
            )
            for wide in (WIDTHS * main).tolist()
        ]


@dataclass(frozen=True)
class _Banner:
    """A finding on the picture, from first to last second."""

    finding: Finding
    first: float
    last: float
    plate: Written
    box: words.Box
    corner: Point

    @property
    def says(self) -> tuple[str, str]:
        """What is read on it."""
        return self.finding.severity, self.finding.sentence

    def meets(self, first: float, last: float) -> bool:
        return self.first <= last and first <= self.last


def _seldom(track: PoseTrack) -> PoseTrack:
    """The frames at which a Room looks, and no others: it would copy all."""
    some = slice(None, None, max(1, len(track) // Room.FRAMES))
    return PoseTrack(track.t_s[some], track.points[some], track.visibility[some], track.size)


def _start(rep: RepReport, finding: Finding) -> float:
    """When a finding is shown: at its own moment, else from the start of its rep."""
    known = [t for t in (finding.at_s, rep.start_s, rep.turn_s) if t is not None]
    return known[0] if known else 0.0


def _end(rep: RepReport) -> float:
    known = [t for t in (rep.end_s, rep.release_s, rep.turn_s) if t is not None]
    return known[0] if known else 0.0
