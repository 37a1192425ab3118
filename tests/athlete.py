"""An athlete made by construction: told in words what the body does, filmed as a pose track.

    perform(Curl(), Curl(fold=40)).film(fps=60, noise=1.2, mirror=True)

The body is a chain in the plane of motion: shank 1, thigh 1, trunk 1.2 thigh lengths. Its angles
are known at every instant, so every moment of a rep is known as well (`Moments`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from formcheck.exercise import Exercise
from formcheck.exercises import EXERCISES
from formcheck.plane import Camera
from formcheck.pose import Landmark, PoseTrack
from formcheck.rep import Rep
from formcheck.report import Report
from formcheck.reps import RepFinished
from formcheck.sampled import Samples
from formcheck.session import Session
from formcheck.setting import Athlete, Rest, Setting
from formcheck.smoothing import SMOOTHING_S, local_quadratic
from formcheck.testing.figure import slow_noise
from formcheck.testing.ways import OTHER_SIDE
from formcheck.view import estimate

STEP = 0.002
"""Seconds between the instants at which the body is known."""
TRUNK, SHANK, UPPER_ARM, FOREARM = 1.2, 1.0, 0.70, 0.68
"""Lengths in thighs."""
THIGH_PX = 150.0
SIZE = (1280, 720)
SOFT_S = 0.4
"""How long a lowering takes to gather its speed."""
REACH_S = 0.35
"""How long the hands are on their way to the floor, and back."""
HIPS_RISE = 0.55
"""Degrees that the thigh comes back for a degree of fold of a body whose chest stays down."""
STRAIGHT = 5.0
"""Hip flexion of a body that is called straight, degrees: seed A asks for a little."""
START = {"lean": 0.0, "hip": STRAIGHT, "shank": 0.0, "x": -1.0, "y": 0.0}
"""Tall on the knees. lean: of the thigh from vertical, hip: flexion, shank: over the horizontal,
all degrees; x and y of the ankle in thighs, y up."""


@dataclass(frozen=True)
class Moments:
    """When what happened in a rep, seconds; NaN: it did not."""

    start: float
    breaks: float
    catch: float
    bottom: float
    release: float
    end: float


@dataclass(frozen=True)
class Hold:
    """Stay as you are."""

    seconds: float

    def act(self, script: Script) -> None:
        script.say(np.full(_steps(self.seconds), script.now["lean"]))


@dataclass(frozen=True)
class Move:
    """Go smoothly to another posture; what is not named stays."""

    seconds: float
    lean: float | None = None
    hip: float | None = None
    shank: float | None = None
    x: float | None = None
    y: float | None = None

    def act(self, script: Script) -> None:
        soft = (1 - np.cos(np.linspace(0, np.pi, _steps(self.seconds)))) / 2
        to = {c: getattr(self, c) for c in START if getattr(self, c) is not None}
        script.say(**{c: script.now[c] + (v - script.now[c]) * soft for c, v in to.items()})


@dataclass(frozen=True)
class Curl:
    """One Nordic curl. As it stands: lowered slowly to 50 degrees, a drop onto the hands, up."""

    rest: float = 1.5
    """Seconds tall on the knees before it."""
    lower: float = 4.0
    """Seconds of slow lowering."""
    breaks: float | None = 50.0
    """Thigh lean at which the hamstrings give way; None: lowered slowly to the bottom."""
    bottom: float = 82.0
    """Greatest thigh lean."""
    drop: float = 300.0
    """Acceleration of the drop, deg/s2."""
    floor: float = 0.6
    """Seconds at the bottom."""
    up: float = 2.2
    """Seconds of the way back."""
    ends: float = 0.0
    """Thigh lean at which it ends."""
    hands: float | None = 62.0
    """Thigh lean at which the hands land; None: they never do."""
    release: float = 72.0
    """Thigh lean at which they leave the floor on the way back."""
    hand_height: float = 0.0
    """Height of what they land on over the knee, thighs."""
    fold: float = 0.0
    """By how much the hips fold in the lowering, degrees (piking)."""
    arch: float = 0.0
    """By how much the hips open for a second in the lowering, degrees, positive."""
    fold_on_floor: float = 0.0
    """By how much the hips fold only once the body lies: they rise, the chest stays; degrees."""

    def act(self, script: Script) -> None:
        Hold(self.rest).act(script)
        start, low = script.t, script.now["lean"]
        slow = self._slow(low)
        fall = self._fall(slow)
        down = np.concatenate([slow, fall, np.full(_steps(self.floor), self.bottom)])
        soft = (1 + np.cos(np.linspace(0, np.pi, _steps(self.up)))) / 2
        lean = np.concatenate([down, self.ends + (self.bottom - self.ends) * soft])
        lying = self._lying(len(lean), len(slow) + len(fall), len(down))
        hip = script.now["hip"] + self._fold(lean, low, len(slow) + len(fall))
        hip += self.fold_on_floor * lying
        script.say(lean - HIPS_RISE * self.fold_on_floor * lying, hip=hip)
        catch = release = np.nan
        if self.hands is not None:
            catch = start + STEP * int(np.argmax(lean >= self.hands))
            back = lean[len(down) :] < self.release
            release = start + STEP * (len(down) + int(np.argmax(back))) if back.any() else np.nan
            script.hands.append((catch, release, self.hand_height))
        breaks = np.nan if self.breaks is None else start + STEP * len(slow)
        script.reps.append(self._moments(start, breaks, catch, release, lean, hip))

    def _slow(self, low: float) -> np.ndarray:
        """Speed gathered softly, held; and softly lost where the body is kept to the bottom."""
        n, soft = _steps(self.lower), _steps(min(SOFT_S, self.lower / 2))
        speed = np.minimum(np.arange(1, n + 1) / soft, 1.0)
        if self.breaks is None:
            speed = np.minimum(speed, speed[::-1])
        to = self.bottom if self.breaks is None else self.breaks
        return low + (to - low) * np.cumsum(speed) / speed.sum()

    def _fall(self, slow: np.ndarray) -> np.ndarray:
        """Falling freely until the hands land, then braked to the bottom."""
        if self.breaks is None:
            return np.empty(0)
        speed = (slow[-1] - slow[-2]) / STEP
        landing = self.hands if self.hands is not None else self.bottom - 8
        landing = min(max(landing, self.breaks + 1), self.bottom - 4)
        fast = np.sqrt(speed**2 + 2 * self.drop * (landing - self.breaks))
        t = STEP * np.arange(1, _steps((fast - speed) / self.drop) + 1)
        free = self.breaks + speed * t + self.drop * t**2 / 2
        left = self.bottom - landing
        t = np.minimum(STEP * np.arange(1, _steps(2 * left / fast) + 1), 2 * left / fast)
        return np.concatenate([free, landing + fast * t - fast**2 * t**2 / (4 * left)])

    def _fold(self, lean: np.ndarray, low: float, lowered: int) -> np.ndarray:
        """What the hips do in the lowering besides staying straight, degrees of flexion."""
        share = np.clip((lean - low - 8) / 30, 0, 1)
        extra = self.fold * share
        middle = int(0.5 * lowered)
        bump = np.interp(np.arange(len(lean)) - middle, STEP_BUMP, [0, 1, 1, 0])
        return extra - self.arch * bump

    def _lying(self, n: int, lowered: int, floor: int) -> np.ndarray:
        """0 to 1: on the floor, and back on the way up."""
        ways = [lowered, lowered + _steps(0.3), floor, floor + _steps(self.up / 2)]
        return np.interp(np.arange(n), ways, [0, 1, 1, 0])

    def _moments(self, start, breaks, catch, release, lean, hip) -> Moments:
        body = body_lean(lean, hip)
        bottom = int(np.argmax(body >= body.max() - 1))
        last = int(np.flatnonzero(lean >= self.bottom - 1e-9)[-1])
        home = np.flatnonzero(body[last:] <= max(body[-1], body[0]) + 6)
        back = (self.bottom - self.ends) / (self.bottom - lean[0]) >= 0.8
        end = start + STEP * (last + int(home[0])) if back and len(home) else np.nan
        return Moments(start, breaks, catch, start + STEP * bottom, release, end)


def _steps(seconds: float) -> int:
    return max(round(seconds / STEP), 1)


STEP_BUMP = np.array([-0.75, -0.5, 0.5, 0.75]) / STEP


def body_lean(lean: np.ndarray, hip: np.ndarray) -> np.ndarray:
    """Degrees of knee to shoulder from vertical."""
    thigh, trunk = np.radians(lean), np.radians(lean + hip)
    u = np.sin(thigh) + TRUNK * np.sin(trunk)
    return np.degrees(np.arctan2(u, np.cos(thigh) + TRUNK * np.cos(trunk)))


@dataclass
class Script:
    """What the body does, at every STEP."""

    parts: dict[str, list[np.ndarray]] = field(default_factory=lambda: {c: [] for c in START})
    now: dict[str, float] = field(default_factory=lambda: dict(START))
    t: float = 0.0
    hands: list[tuple[float, float, float]] = field(default_factory=list)
    """Landing and leaving in seconds, and the height of the place over the knee."""
    reps: list[Moments] = field(default_factory=list)

    def say(self, lean: np.ndarray | None = None, **channels: np.ndarray) -> None:
        """Append what the named channels do; the others stay."""
        if lean is not None:
            channels["lean"] = lean
        n = len(next(iter(channels.values())))
        for name, parts in self.parts.items():
            parts.append(channels.get(name, np.full(n, self.now[name])))
            self.now[name] = float(parts[-1][-1])
        self.t += n * STEP


@dataclass(frozen=True)
class Performance:
    """A set that was done, to be filmed as often as one likes."""

    channels: dict[str, np.ndarray]
    hands: tuple[tuple[float, float, float], ...]
    reps: tuple[Moments, ...]
    """The truth about the reps."""

    @property
    def seconds(self) -> float:
        return len(self.channels["lean"]) * STEP

    def angles(self, t: np.ndarray) -> dict[str, np.ndarray]:
        """The channels at the times t (n,)."""
        grid = STEP * np.arange(len(self.channels["lean"]))
        return {c: np.interp(t, grid, v) for c, v in self.channels.items()}

    def film(
        self,
        *,
        fps: float = 30.0,
        fps_to: float | None = None,
        first: float = 0.0,
        last: float | None = None,
        offset: float = 0.0,
        noise: float = 0.0,
        seed: int = 0,
        mirror: bool = False,
        scale: float = 1.0,
        yaw: float = 0.0,
        lost: float = 0.0,
        skipped: float = 0.0,
        hands: str = "work",
        unseen: tuple[str, ...] = (),
        pointed: float = 0.0,
    ) -> PoseTrack:
        """The pose track of the set.

        fps_to: the rate wanders between fps and this, as a phone's does in changing light.
        first, last: seconds of the set that are filmed. offset: added to all times. noise: slow
        landmark noise, as degrees of a thigh. mirror: from the other side. scale: of the picture.
        yaw: degrees, + the camera sees the front. lost: share of frames without a body.
        skipped: share of frames that the camera never took, so that times are uneven. hands:
        "work" lands them on the floor, "hang" lets them hang. unseen: joints of low visibility.
        pointed: how far the feet point away, degrees.
        """
        last = self.seconds if last is None else last
        t = (
            np.arange(first, last, 1 / fps)
            if fps_to is None
            else _uneven(first, last, fps, fps_to, seed)
        )
        if skipped:
            t = t[np.random.default_rng(seed).random(len(t)) >= skipped]
        points = _points(
            self, t, hands, pointed
        )  # (T, 33, 3) in thighs, v up, z away from the camera
        picture = _pictured(points, yaw)
        rng = np.random.default_rng(seed)
        picture += np.tan(np.radians(noise)) / np.sqrt(2) * slow_noise(rng, t, picture.shape[1:])
        pixels = np.zeros((len(t), 33, 3))
        pixels[..., 0] = scale * (500 + THIGH_PX * picture[..., 0])
        pixels[..., 1] = scale * (600 - THIGH_PX * picture[..., 1])
        seen = np.tile(_visibility(unseen), (len(t), 1))
        size = (round(SIZE[0] * scale), round(SIZE[1] * scale))
        if mirror:
            pixels[..., 0] = size[0] - pixels[..., 0]
            pixels, seen = pixels[:, OTHER_SIDE], seen[:, OTHER_SIDE]
        gone = rng.random(len(t)) < lost
        pixels[gone], seen[gone] = np.nan, np.nan
        return PoseTrack(t - first + offset, pixels, seen, size)


def _uneven(first: float, last: float, low: float, high: float, seed: int) -> np.ndarray:
    """Instants whose rate wanders between two, drawn anew for each frame about a slow wave."""
    rng, t = np.random.default_rng(seed), [first]
    while t[-1] < last:
        wave = 0.5 + 0.35 * np.sin(2 * np.pi * t[-1] / 3) + 0.15 * rng.uniform(-1, 1)
        t.append(t[-1] + 1 / (low + (high - low) * wave))
    return np.array(t[:-1])


@lru_cache(maxsize=64)
def perform(*acts) -> Performance:
    """Do the acts one after the other, from tall kneeling, and stay there for two seconds."""
    script = Script()
    for act in (*acts, Hold(2.0)):
        act.act(script)
    channels = {c: np.concatenate(parts) for c, parts in script.parts.items()}
    return Performance(channels, tuple(script.hands), tuple(script.reps))


WIDTH = {"SHOULDER": 0.78 * TRUNK, "HIP": 0.45 * TRUNK, "KNEE": 0.4, "ANKLE": 0.35}
"""How far the far side stands behind the near one, thighs."""
NEARER = (WIDTH["SHOULDER"] - WIDTH["HIP"]) / 2
"""How much nearer to the camera the near shoulder stands than the near hip, thighs."""
AWAY = 9.0
"""From the lens to the plane of the near knee, thighs; the lens is level."""


def _visibility(unseen: tuple[str, ...]) -> np.ndarray:
    seen = np.full(33, 0.80)
    seen[[i for i in range(33) if i == 0 or Landmark(i).name.startswith("RIGHT")]] = 0.97
    for name in unseen:
        seen[[mark for mark in Landmark if name in mark.name]] = 0.2
    return seen


def _pictured(points: np.ndarray, yaw: float) -> np.ndarray:
    """(T, 33, 2) thighs: the points through a pinhole, which leaves those in the near knee's plane
    where they are when it looks exactly from the side."""
    c, s = np.cos(np.radians(yaw)), np.sin(np.radians(yaw))
    across, behind = (
        points[..., 0] * c + points[..., 2] * s,
        points[..., 2] * c - points[..., 0] * s,
    )
    centre = np.array([SIZE[0] / 2 - 500, 600 - SIZE[1] / 2]) / THIGH_PX
    nearness = (AWAY / (AWAY + behind))[..., None]
    return centre + nearness * (np.stack([across, points[..., 1]], -1) - centre)


def _points(done: Performance, t: np.ndarray, hands: str, pointed: float) -> np.ndarray:
    a = done.angles(t)
    ankle = np.stack([a["x"], a["y"]], 1)
    knee = ankle + SHANK * _along(90 - a["shank"])
    hip = knee + _along(a["lean"])
    trunk = _along(a["lean"] + a["hip"])
    shoulder = hip + TRUNK * trunk
    wrist = _wrist(done, t, knee, shoulder, trunk, hands)
    head = shoulder + 0.45 * trunk
    heel = ankle + np.array([-0.12, 0.10])
    foot = -_along(np.array([pointed]))[0]
    joints = {
        "SHOULDER": shoulder,
        "ELBOW": _elbow(shoulder, wrist),
        "WRIST": wrist,
        "HIP": hip,
        "KNEE": knee,
        "ANKLE": ankle,
        "HEEL": heel,
        "FOOT_INDEX": heel + 0.35 * foot,
    }
    hand, face = ("PINKY", "INDEX", "THUMB"), ("EYE", "EAR", "MOUTH", "NOSE")
    points = np.zeros((len(t), 33, 3))
    for mark in Landmark:
        name = mark.name.replace("LEFT_", "").replace("RIGHT_", "")
        near = head if any(f in mark.name for f in face) else wrist if name in hand else None
        points[:, mark, :2] = joints[name] if near is None else near
        points[:, mark, 2] = -NEARER if name == "SHOULDER" else 0.0
        if mark.name.startswith("LEFT"):
            points[:, mark, 2] += WIDTH.get(name, WIDTH["SHOULDER"])
    return points


def _along(degrees: np.ndarray) -> np.ndarray:
    """(T, 2) unit vectors that lean so far forward from vertical."""
    return np.stack([np.sin(np.radians(degrees)), np.cos(np.radians(degrees))], 1)


def _wrist(done, t, knee, shoulder, trunk, hands) -> np.ndarray:
    """In front of the chest; on a place on the floor between landing and leaving."""
    if hands == "hang":
        return shoulder + np.array([0.1, -1.2])
    front = np.stack([trunk[:, 1], -trunk[:, 0]], 1)
    wrist = shoulder + 0.35 * front - 0.2 * trunk
    for land, left, height in done.hands:
        leave = np.inf if np.isnan(left) else left
        place = _place(done, land, height)
        ways = [land - REACH_S, land, leave, leave + REACH_S]
        way = np.interp(t, ways, [0, 1, 1, 0]) if leave < np.inf else np.interp(t, ways[:2], [0, 1])
        share = ((1 - np.cos(np.pi * way)) / 2)[:, None]
        wrist = wrist + share * (place - wrist)
    return wrist


def _place(done: Performance, land: float, height: float) -> np.ndarray:
    """Where the hands land: a little in front of where the shoulder is then."""
    a = done.angles(np.array([land]))
    knee = np.array([a["x"][0], a["y"][0]]) + SHANK * _along(90 - a["shank"])[0]
    shoulder = knee + _along(a["lean"])[0] + TRUNK * _along(a["lean"] + a["hip"])[0]
    return np.array([shoulder[0] + 0.1, knee[1] + height])


def _elbow(shoulder: np.ndarray, wrist: np.ndarray) -> np.ndarray:
    """Of a two-link arm, bent backward; halfway where the arm is at full stretch."""
    arm = wrist - shoulder
    reach = np.linalg.norm(arm, axis=1)
    near = np.clip(reach, abs(UPPER_ARM - FOREARM) + 1e-6, UPPER_ARM + FOREARM)
    along = (UPPER_ARM**2 - FOREARM**2 + near**2) / (2 * near)
    aside = np.sqrt(np.maximum(UPPER_ARM**2 - along**2, 0))
    unit = arm / np.maximum(reach, 1e-9)[:, None]
    across = np.stack([unit[:, 1], -unit[:, 0]], 1)
    return shoulder + unit * along[:, None] + across * aside[:, None]


# --- what else a body does before a camera

KNEEL_DOWN = (
    Move(0.004, lean=0, hip=0, shank=90),
    Hold(1.5),
    Move(1.2, lean=-60, hip=85, shank=45),
    Move(1.2, lean=0, hip=STRAIGHT, shank=0),
)
"""Stands, goes down over a squat onto the knees."""
STAND_UP = (Hold(1.5), Move(1.2, lean=-60, hip=85, shank=45), Move(1.2, lean=0, hip=0, shank=90))
SIT_BACK = (Hold(1.0), Move(1.5, lean=-55, hip=60), Hold(1.5), Move(1.5, lean=0, hip=STRAIGHT))
"""Sits back on the heels and comes up again."""
WOBBLE = (Move(0.8, lean=8), Move(0.8, lean=0))
"""Sways by 8 degrees."""
OTHER_MOVEMENTS = {
    "push-ups from the knees": (
        Move(0.004, lean=60),
        *(Hold(0.5), Move(1.0, lean=84), Move(1.0, lean=60)) * 4,
    ),
    "a hinge at the hips over still thighs": (
        *(Hold(1.0), Move(1.5, lean=5, hip=85), Move(1.5, lean=0, hip=STRAIGHT)) * 3,
    ),
    "a plank": (Move(0.004, lean=72), Hold(8.0)),
    "squats": (
        Move(0.004, lean=0, hip=0, shank=90),
        *(
            Hold(0.8),
            Move(1.2, lean=-85, hip=115, shank=60),
            Move(1.2, lean=0, hip=0, shank=90),
        )
        * 4,
    ),
    "walking past": (
        Move(0.004, lean=0, hip=0, shank=90),
        *(
            Move(0.5, lean=22, shank=70, x=-0.5),
            Move(0.5, lean=-22, shank=95, x=0.0),
            Move(0.5, lean=22, shank=70, x=0.5),
            Move(0.5, lean=-22, shank=95, x=1.0),
            Move(0.5, lean=22, shank=70, x=1.5),
            Move(0.5, lean=0, shank=90, x=2.0),
        ),
    ),
    "getting down onto the knees": (*KNEEL_DOWN, Hold(3.0)),
    "getting up from the knees": (Hold(3.0), *STAND_UP),
    "sitting back on the heels": SIT_BACK * 3,
    "leaning back with straight hips": (
        Hold(1.0),
        Move(1.5, lean=-22),
        Hold(0.5),
        Move(1.5, lean=0),
    )
    * 3,
    "leg curls lying face down": (
        Move(0.004, lean=88, hip=0),
        *(Hold(0.5), Move(1.2, shank=100), Move(1.2, shank=0)) * 4,
    ),
}


# --- from a track, or from bare signals, to what judges it

NORDIC = EXERCISES["nordic-curl"]


def judged(
    track: PoseTrack, setting: Setting | None = None, exercise: Exercise = NORDIC, **said
) -> tuple[Session, Report]:
    """A whole session over a track whose times are the world's. said: mode, mass_kg, height_m,
    sex."""
    setting = setting or estimate(track, Athlete(**said)).model_copy(update={"clock": "known"})
    session = Session(exercise, setting)
    for pose in track:
        session.push(pose)
    return session, session.close()


def findings(report: Report) -> list[tuple[int | None, str, str]]:
    """Rep, check and severity of all that was found."""
    return [(r.number, f.check, f.severity) for r in report.reps for f in r.findings]


CAMERA = Camera(
    knee_px=(500, 600),
    distance=9,
    yaw_deg=0,
    pitch_deg=4,
    focal=1,
    shoulder_depth=-0.25,
    covariance=tuple(tuple(row) for row in np.diag([0.02, 0.06, 0.05, 0.2, 0.05]) ** 2),
)
"""Three to four metres away, as well known as a set tells it."""


def setting(**changes) -> Setting:
    """A camera exactly from the side, 30 frames a second, a rest that is known exactly."""
    known = {
        "side": "right",
        "facing": "right",
        "size": SIZE,
        "frame_s": 1 / 30,
        "thigh_px": THIGH_PX,
        "rest": {
            "thigh_lean": Rest(landmark_deg=0, true_deg=0, sd_deg=0),
            "shank_pitch": Rest(landmark_deg=0, true_deg=0, sd_deg=0),
        },
        "yaw_deg": 0.0,
        "clock": "known",
    }
    return Setting(**{**known, **changes})


def made_rep(t: np.ndarray, **told) -> Rep:
    """A Rep of signals (n,) at the times t (n,); what else is told replaces a field of the Rep.

    Signals that are not told are 0 and well seen, lengths constant; the rep spans all of t, its
    bottom is its end.
    """
    fields = {k: told.pop(k) for k in list(told) if k in Rep.__dataclass_fields__}
    seen = told.pop("visibility", 0.97)
    names = {name: i for i, name in enumerate(NORDIC.signals(setting()))}
    raw = np.zeros((len(t), len(names)))
    for name, values in {"thigh_length": 1.0, "trunk_length": TRUNK, **told}.items():
        raw[:, names[name]] = values
    frame = float(np.median(np.diff(t)))
    value, rate = local_quadratic(t, raw, max(SMOOTHING_S, 1.6 * frame))
    samples = Samples(t, np.stack([value, rate, raw, np.full_like(raw, seen)], 1))
    first, last = float(t[0]), float(t[-1])
    whole = {
        "number": 1, "kind": "full", "names": names, "samples": samples, "start": first,
        "begins": first, "bottom": last, "end": last, "until": last,
        "setting": setting(frame_s=frame), "cycle": NORDIC.cycle,
    }  # fmt: skip
    return Rep(**{**whole, **fields})


def lowering(fps=30.0):
    """Kneels for 1 s at 90 degrees, opens the knee by 8 deg/s for 5 s to 50, then falls with 120
    deg/s2 to 5 degrees and lies there for a second. Returns times, flexion and the three moments
    that matter: start, none for the hands, bottom."""
    fall = (np.sqrt(8**2 + 2 * 120 * 45) - 8) / 120
    t = np.arange(0, 6 + fall + 1, 1 / fps)
    late = np.clip(t - 6, 0, fall)
    flexion = 90 - 8 * np.clip(t - 1, 0, 5) - 8 * late - 60 * late**2
    return t, flexion, (1.0, np.nan, 6 + fall)


def reps_of(session: Session) -> list[Rep]:
    """The reps and attempts that a session handed on."""
    return [e.rep for e in session.events if isinstance(e, RepFinished)]
