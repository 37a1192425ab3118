"""The loop of a sitting: capture, pose, analysis, recording and display, each on its own thread.

Whoever is behind hands the wait on to the one before him, and the source drops what is stale. The
display runs on the main thread, since windows want that, and shows the newest picture only.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np

from formcheck.live.course import Done
from formcheck.live.output import Counts
from formcheck.live.people import People
from formcheck.live.placement import brightness
from formcheck.live.recorder import Recorder
from formcheck.live.sitting import Begun, Ended, Seen, Sitting, Step
from formcheck.live.state import Command, Cue, Face, LiveState, Voice
from formcheck.live.steadying import Steadier
from formcheck.pose import Pose
from formcheck.video.capture import Capture
from formcheck.video.film import Picture
from formcheck.video.sources import Clock

BEHIND = 8
"""Pictures that may wait for the analysis."""
TICK_S = 0.1
"""How long anybody waits before he looks whether it is over."""
LOST_S = 5.0
"""A source that was lost for so long has ended the set [O]."""
SAME_ASPECT = 0.02
"""Pictures whose shape differs by less are only larger or smaller."""


@dataclass(frozen=True)
class _Looked:
    """A picture and who is in it."""

    rgb: Picture
    arrived: float
    seen: Seen


NOTHING = _Looked(np.zeros((720, 1280, 3), np.uint8), 0.0, Seen(0.0, (1280, 720), {}, 0.0))
"""Shown until the first picture comes."""


@dataclass
class Parts:
    """What a sitting is made of."""

    capture: Capture
    people: People
    sitting: Sitting
    recorder: Recorder
    face: Face
    voice: Voice
    place: Callable[[int], Path]
    """Where the recording of the n-th set goes."""
    ended: Callable[[Done, Future[Path], Counts, Sequence[Cue]], None]
    """Told of every set that is over; on the thread of the analysis."""
    seconds: float = np.inf
    """Seconds of the capture after which it is over."""
    clock: Clock = time.monotonic
    lost_s: float = LOST_S


@dataclass
class Loop:
    """Run once. Raises what went wrong on any of its threads, once what there is is kept."""

    parts: Parts
    muted: bool = False
    mirrored: bool = False
    _todo: queue.Queue[_Looked | None] = field(default_factory=lambda: queue.Queue(BEHIND))
    _asked: queue.SimpleQueue[Callable[[], Sequence[Step]]] = field(
        default_factory=queue.SimpleQueue
    )
    _shown: queue.Queue[_Looked] = field(default_factory=lambda: queue.Queue(1))
    _last: _Looked = NOTHING
    """What the screen shows."""
    _state: LiveState = field(default_factory=lambda: LiveState(0.0, "placing"))
    _latency: list[float] = field(default_factory=list)
    _steadier: Steadier = field(default_factory=Steadier)
    _analysed: int = 0
    _which: int | None = None
    """Whose set is under way, by the analysis."""
    _size: tuple[int, int] | None = None
    _failed: list[BaseException] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _deaf: threading.Event = field(default_factory=threading.Event)
    """Once the analysis takes nothing more."""
    _lost_since: float = np.nan
    _sets: int = 0

    def run(self) -> None:
        """Until the source ends, its seconds are over, or somebody quits."""
        parts = self.parts
        parts.capture.start()
        threads = [
            threading.Thread(target=self._guarded, args=(work,), name=name, daemon=True)
            for work, name in ((self._pose, "pose"), (self._analyse, "analysis"))
        ]
        for thread in threads:
            thread.start()
        try:
            while threads[0].is_alive() or not self._shown.empty():
                self._display()
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()
            parts.capture.stop()
        if parts.capture.error is not None and not self._failed:
            raise parts.capture.error
        if self._failed:
            raise self._failed[0]

    @property
    def counts(self) -> Counts:
        """How the pictures went so far."""
        capture = self.parts.capture
        return Counts(
            tuple(self._latency), capture.came, self._analysed, capture.dropped, capture.lost
        )

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            self._failed.append(error)
        finally:
            self._stop.set()
            if work == self._pose:
                self._hand_over(None)
            else:
                self._deaf.set()

    # --- the thread of the pose

    def _pose(self) -> None:
        capture, people = self.parts.capture, self.parts.people
        kept: int | None = None
        t, at = 0.0, self.parts.clock()
        while not (self._stop.is_set() or capture.over):
            shot = capture.next(TICK_S)
            if shot is None:
                if capture.source.live and t + self.parts.clock() - at > self.parts.seconds:
                    return  # a lost camera's time runs on
                continue
            t, at = shot.t, self.parts.clock()
            if shot.t > self.parts.seconds:
                return
            kept = self._see_to(people, kept)
            rgb = self._fitted(shot.rgb)
            bodies = people.find(rgb, shot.t)
            size = (rgb.shape[1], rgb.shape[0])
            seen = Seen(shot.t, size, bodies, brightness(rgb), people.most)
            looked = _Looked(rgb, shot.arrived, seen)
            self._show(looked)
            self._hand_over(looked)

    def _see_to(self, people: People, kept: int | None) -> int | None:
        """Follow whose set it is alone, or anybody again."""
        which = self._which
        if which == kept:
            return kept
        if which is None:
            people.release()
        else:
            people.keep(which)
        return which

    def _fitted(self, rgb: Picture) -> Picture:
        """The picture in the size of those before it, unless its shape is another one."""
        height, width = rgb.shape[:2]
        if self._size in {None, (width, height)}:
            self._size = (width, height)
            return rgb
        wide, high = self._size
        if abs(wide / high / (width / height) - 1) < SAME_ASPECT:
            return np.asarray(cv2.resize(rgb, self._size, interpolation=cv2.INTER_AREA), np.uint8)
        self._size = (width, height)
        self.parts.people.forget()
        return rgb

    def _hand_over(self, item: _Looked | None) -> None:
        """Wait until the analysis can take it, if it still does."""
        while not self._deaf.is_set():
            try:
                self._todo.put(item, timeout=TICK_S)
            except queue.Full:
                continue
            return

    def _show(self, looked: _Looked) -> None:
        """Put it where the display finds it; what it had not shown yet is stale."""
        try:
            self._shown.put_nowait(looked)
        except queue.Full:
            with suppress(queue.Empty):
                self._shown.get_nowait()
            self._shown.put_nowait(looked)

    # --- the thread of the analysis

    def _analyse(self) -> None:
        item: _Looked | None = None
        while True:
            with suppress(queue.Empty):
                item = self._todo.get(timeout=TICK_S)
                if item is None:
                    break
                self._take(item)
            while not self._asked.empty():
                self._step(self._asked.get()())
                self._state = self.parts.sitting.state(self._state.t)
        self._step(self.parts.sitting.close())

    def _take(self, looked: _Looked) -> None:
        sitting, seen = self.parts.sitting, self._steadied(looked)
        said = len(sitting.cues)
        steps = sitting.push(seen)
        self._speak(said, looked)  # first: the recording may have to be waited for
        over = [s for s in steps if isinstance(s, Ended) and s.done.until < seen.t]
        self._step(over)
        self.parts.recorder.push(seen.t, looked.rgb, sitting.keeps_from)
        self._step([s for s in steps if s not in over])
        self._analysed += 1
        self._state = sitting.state(seen.t)

    def _steadied(self, looked: _Looked) -> Seen:
        """The bodies with what the camera has done; off the way to the display, which shows the
        picture as it is."""
        seen = looked.seen
        camera = self._steadier.at(seen.t, looked.rgb, list(seen.bodies.values()))
        if camera is None:
            return seen
        bodies = {n: p and replace(p, camera=camera) for n, p in seen.bodies.items()}
        return replace(seen, bodies=bodies)

    def _speak(self, said: int, looked: _Looked) -> None:
        cues = self.parts.sitting.cues
        late = self.parts.clock() - looked.arrived
        for i, cue in enumerate(cues[said:], said):
            self.parts.voice.say(cue.text)
            cues[i] = replace(cue, said_s=cue.said_s + late)

    def _step(self, steps: Sequence[Step]) -> None:
        for step in steps:
            match step:
                case Begun(which=which, since=since):
                    self._which = which
                    self._sets += 1
                    self.parts.recorder.begin(self.parts.place(self._sets), since)
                case Ended(done=done):
                    self._which = None
                    self._steadier.anew()
                    cues, self.parts.sitting.cues = self.parts.sitting.cues, []
                    self.parts.ended(done, self.parts.recorder.end(), self.counts, cues)

    # --- the main thread

    def _display(self) -> None:
        """Show the newest picture, or where none comes the last one again, for a window has to
        take keys and say what is wrong; see to the keys and to a lost source."""
        before = self._last
        with suppress(queue.Empty):
            self._last = self._shown.get(timeout=TICK_S)
        looked = self._last
        pressed = self.parts.face.show(looked.rgb, self._told(looked))
        if looked is not before:
            self._latency.append(self.parts.clock() - looked.arrived)
        for command in pressed:
            self._obey(command)
        self._see_to_source()

    def _told(self, looked: _Looked) -> LiveState:
        bodies = looked.seen.bodies
        pose: Pose | None = None
        if self._which is not None:
            pose = bodies.get(self._which)
        else:
            pose = next((p for p in bodies.values() if p is not None), None)
        return replace(
            self._state,
            t=looked.seen.t,
            pose=pose,
            dropped=self.parts.capture.dropped,
            notice=self.parts.capture.notice,
            muted=self.muted,
            mirrored=self.mirrored,
        )

    def _see_to_source(self) -> None:
        """Once it has been lost for long, the set under way is over."""
        now = self.parts.clock()
        if not self.parts.capture.notice:
            self._lost_since = np.nan
        elif np.isnan(self._lost_since):
            self._lost_since = now
        elif now - self._lost_since > self.parts.lost_s:
            self._lost_since = np.inf  # once
            self._ask(self.parts.sitting.interrupt)

    def _obey(self, command: Command) -> None:
        match command:
            case "toggle":
                self._ask(self.parts.sitting.toggle)
            case "mark":
                self._ask(self._mark)
            case "mute":
                self.muted = not self.muted
                self.parts.voice.mute(self.muted)
            case "mirror":
                self.mirrored = not self.mirrored
            case "quit":
                self._stop.set()

    def _mark(self) -> Sequence[Step]:
        self.parts.sitting.mark()
        return []

    def _ask(self, what: Callable[[], Sequence[Step]]) -> None:
        """Have it done on the thread of the analysis, however far that is behind."""
        self._asked.put(what)
