"""The recorded path: a clip or a saved pose track in, a report out."""

from __future__ import annotations

import itertools
import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module, metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from formcheck import __version__, models
from formcheck.candidates import Trial, candidates, saved_for, shown_by
from formcheck.caps import OWN, Caps
from formcheck.curves import Curves, curves
from formcheck.errors import InputError, UsageError
from formcheck.exercise import Exercise
from formcheck.exercises import DEFAULT
from formcheck.files import sha256, shown, spelled
from formcheck.heap import give_back, settle, settle_pictures
from formcheck.pace import check_said, contradicted, kind, pace
from formcheck.pauses import estimate_sets
from formcheck.pose import PoseTrack
from formcheck.profile import Profile
from formcheck.quality import seems_slow
from formcheck.report import ClipInfo, Provenance, Report
from formcheck.session import Session
from formcheck.setting import Athlete, Origin, Setting, Whom
from formcheck.signals import Rows
from formcheck.timing import holes, timing

if TYPE_CHECKING:
    from formcheck.video.film import Clip

SEEMS_SLOW = (
    "it seems to play in slow motion, and by how much is not known: say how it was filmed with "
    "--capture-fps"
)
FOREIGN = (
    "the setting that was given is another clip's: side, camera and rest are taken from there, "
    "which holds only where camera and athlete were in the same place; leave --setting out to have "
    "them from this clip"
)
NEEDED_LATER = ("scipy.linalg", "scipy.optimize", "formcheck.overlay.draw")
Progress = Callable[[str, float], None]
"""Takes what is being done, in words, and the share of it that is done, 0 to 1."""


@dataclass(frozen=True)
class Options:
    """What the user may ask of an analysis."""

    exercise: str = DEFAULT
    """A name, or "auto": the one that the clip shows."""
    athlete: Mapping[str, Any] = field(default_factory=dict)
    """What was said of the athlete and the mode: fields of Athlete; it outdoes a given setting."""
    athlete_name: str | None = None
    setting: Path | None = None
    """A saved setting, to be used instead of the clip's own."""
    capture_fps: float | None = None
    """Frames a second that the camera took; None: as the clip's tags say, or as it plays."""
    follow: tuple[float, float, float | None] | None = None
    """A point on the athlete, x and y in pixels, and its second; None: where somebody is seen."""
    model: Path | None = None
    """Another pose model than formcheck's own."""
    profile: Profile | None = None
    """A club's own limits."""
    caps: Caps = OWN
    """The most that is taken of a clip."""
    clip_name: str | None = None
    """What the report calls the clip, where its file has another name; None: the file's."""


@dataclass(frozen=True)
class Analysis:
    """All that is known of a clip after its analysis."""

    source: Path
    report: Report
    setting: Setting
    track: PoseTrack
    curves: Curves
    exercise: Exercise

    @property
    def filmed(self) -> bool:
        """Whether the source is a film, or a pose track alone."""
        return not is_track(self.source)


def is_track(path: Path) -> bool:
    """Whether the path names a saved pose track."""
    return path.suffix.lower() == ".npz"


def analyze(source: Path, options: Options, progress: Progress) -> Analysis:
    """Follow, measure and judge one clip or pose track.

    Raises InputError (source or setting), MissingPartError (model, library), UsageError.
    """
    exercises, given = asked(options)
    if is_track(source):
        if options.follow is not None:
            raise UsageError("--follow needs the clip itself: a pose.npz holds one body only.")
        track, model, whom, film = PoseTrack.load(source, options.caps), None, None, None
        clip = _track_info(source, track)
    else:
        settle()
        _readable(source, options, given)  # a slip of the pen is answered before all work
        model = model_for(options, progress)
        track, whom, clip, film = _followed(source, model, options, progress)
    fits(given, options, track.size)
    origin = Origin(clip_sha256=clip.sha256, track_sha256=track.fingerprint)
    odd = (*_foreign(given, origin), *_contradicted(track, options.capture_fps, film))
    clip = clip.model_copy(update={"problems": (*clip.problems, *odd)})
    if given is not None and FOREIGN in odd:  # its rests are not this clip's
        given = given.model_copy(update={"later": ()})
    trials = []
    for exercise in exercises:
        setting = _timed(given, track.steadied(), options.capture_fps, film, exercise)
        known = {"origin": origin, "exercise": exercise.name} if given is None else {}
        known |= {} if whom is None else {"whom": whom}
        told = {"athlete": _told(setting.athlete, options.athlete)}
        setting = setting.model_copy(update=known | told)
        trials.append(Trial(exercise, setting, *judge(track, exercise, setting)))
    give_back()  # what was held while it was judged
    return concluded(shown_by(trials), source, clip, track, options, model)


def concluded(
    done: Trial,
    source: Path,
    clip: ClipInfo,
    track: PoseTrack,
    options: Options,
    model: Path | None,
) -> Analysis:
    """What was judged, with what the report tells besides: of the file, of what was asked for, and
    of what made it. model: None where the poses were given."""
    report = done.report.model_copy(
        update={
            "clip": _clip_timed(
                _named(clip, options), track, done.setting, seems_slow(done.report)
            ),
            "settings": done.report.settings.model_copy(update={"exercise": options.exercise}),
            "athlete": done.report.athlete.model_copy(update={"name": options.athlete_name}),
            "provenance": _provenance(done.exercise, options, model),
        }
    )
    track, told = track.rested(), done.curves.rested()
    return Analysis(source, report, done.setting, track, told, done.exercise)


def asked(options: Options) -> tuple[tuple[Exercise, ...], Setting | None]:
    """What a clip may be judged as, and the setting that was given; what cannot be is said before
    the work, not after it. Raises UsageError, InputError (profile, setting)."""
    exercises, given = wanted(options), None
    if options.setting is not None:
        given, exercises = saved_for(options.setting, exercises)
    _told(Athlete(), options.athlete)
    return exercises, given


def _named(clip: ClipInfo, options: Options) -> ClipInfo:
    name = options.clip_name
    return clip if name is None else clip.model_copy(update={"name": spelled(name)})


def wanted(options: Options) -> tuple[Exercise, ...]:
    """The exercises that a clip may be judged as. Raises UsageError, InputError (the profile)."""
    return candidates(options.exercise, options.athlete.get("mode"), options.profile)


def _timed(
    given: Setting | None,
    track: PoseTrack,
    said: float | None,
    film: Clip | None,
    exercise: Exercise,
) -> Setting:
    """The setting on the clip's own clock; what the user says outdoes the one that was given."""
    if given is not None and said is None:
        return given
    tagged, apple = (film.capture_fps, film.apple) if film is not None else (None, False)
    even = timing(track.t_s)
    check_said(said, even.fps if even.kind != "ramped" else math.nan, tagged)
    time_scale, clock = pace(even, said, tagged, apple)
    if given is not None:
        return given.paced(time_scale, clock, said)
    found = {"time_scale": time_scale, "clock": clock, "capture_fps": said}
    found_in = estimate_sets(track.quickened(time_scale), exercise.posture)
    return found_in.model_copy(update=found)


def _clip_timed(clip: ClipInfo, track: PoseTrack, setting: Setting, gentle: bool) -> ClipInfo:
    """The clip with what is known, or suspected, of its speed."""
    said = kind(timing(track.t_s), setting)
    slow = gentle and said in {"constant", "variable"}
    return clip.model_copy(
        update={
            "timing": "slow-motion" if slow else said,
            "time_scale": round(setting.time_scale, 6),
            "problems": (*clip.problems, SEEMS_SLOW) if slow else clip.problems,
        }
    )


def fits(setting: Setting | None, options: Options, size: tuple[int, int]) -> None:
    """Refuse a setting of another clip. Raises InputError."""
    if setting is None or setting.size == size:
        return
    (width, height), (w, h) = setting.size, size
    raise InputError(
        f"{shown(options.setting or '')}: this setting is for pictures of {width} x {height}, and "
        f"the clip's are {w} x {h}. Give the setting.json of this clip, or leave it out."
    )


def _foreign(setting: Setting | None, origin: Origin) -> tuple[str, ...]:
    """What is to be said of a setting that was given and is another clip's; nothing of one that
    does not know its clip."""
    known = setting.origin if setting is not None else None
    return () if known is None or known.same(origin) else (FOREIGN,)


def _contradicted(track: PoseTrack, said: float | None, film: Clip | None) -> tuple[str, ...]:
    told = contradicted(timing(track.t_s), said, film.capture_fps if film is not None else None)
    return () if told is None else (told,)


def judge(track: PoseTrack, exercise: Exercise, setting: Setting) -> tuple[Report, Curves]:
    """The session of a whole track: the one path, live or recorded."""
    session = Session(exercise, setting, Rows(track))
    for pose in track:
        session.push(pose)
        session.forget()
    report = session.close()
    return report, curves(exercise, setting, session.names, session.samples, report)


def _told(athlete: Athlete, said: Mapping[str, Any]) -> Athlete:
    """The athlete with what the user said. Raises UsageError where that cannot be."""
    try:
        return Athlete.model_validate({**athlete.model_dump(), **said})
    except ValidationError as error:
        first = error.errors()[0]
        name, value = ".".join(str(part) for part in first["loc"]), first["input"]
        raise UsageError(f"{name} cannot be {value!r}: {first['msg']}.") from error


def check(source: Path, options: Options) -> None:
    """Before the work on several: whether a clip can be read and what is asked of it can be done.
    Raises UsageError, InputError."""
    _, given = asked(options)
    if is_track(source):
        PoseTrack.load(source, options.caps)
    else:
        _readable(source, options, given)


def _readable(source: Path, options: Options, setting: Setting | None) -> None:
    from formcheck.tracking.follow import Pointed, check
    from formcheck.video.reader import VideoFile

    with VideoFile(source, options.caps) as video:
        fits(setting, options, (video.clip.width, video.clip.height))
        if video.clip.frames is not None:  # told by the file, not guessed
            tagged = video.clip.capture_fps
            check_said(options.capture_fps, video.clip.fps or math.nan, tagged)
        if options.follow is not None:
            check(video, Pointed(*options.follow))


def model_for(options: Options, progress: Progress) -> Path:
    """The pose model, fetched where it is not there. Raises MissingPartError, InputError."""
    if options.model is not None:
        return models.checked(options.model)
    return models.ensure(progress=lambda words, share: progress(words, share or 0.0))


def _followed(
    source: Path, model: Path, options: Options, progress: Progress
) -> tuple[PoseTrack, Whom, ClipInfo, Clip]:
    from formcheck.landmarker import Landmarker
    from formcheck.tracking.follow import Pointed, follow
    from formcheck.video.reader import VideoFile

    point = None if options.follow is None else Pointed(*options.follow)
    video, ticks = VideoFile(source, options.caps), itertools.count()

    def told(share: float) -> None:
        if next(ticks) == 0:  # beside the model's work, which needs no Python
            threading.Thread(target=_load_ahead, name="loading", daemon=True).start()
        progress("Following the athlete", share)

    settle_pictures(video.clip.duration_s)
    with video:
        done = follow(video, partial(Landmarker, model), told, point)
    info = clip_info(
        source,
        done.track,
        rotation=video.clip.rotation_deg,
        recorded_at=video.clip.recorded_at,
        problems=tuple(video.problems),
    )
    return done.track, done.whom, info, video.clip


def _load_ahead() -> None:
    """Load what the measures, the drawing and the page need: half a second of importing."""
    for name in NEEDED_LATER:
        import_module(name)
    from formcheck.pages.html import load

    load()


def _track_info(source: Path, track: PoseTrack) -> ClipInfo:
    if len(track) < 2:
        raise InputError(
            f"{shown(source.name)}: this pose track has {len(track)} frames, expected at least 2. "
            "Give the clip itself."
        )
    return clip_info(source, track, rotation=0, recorded_at=None, problems=())


def clip_info(
    source: Path,
    track: PoseTrack,
    *,
    rotation: int,
    recorded_at: str | None,
    problems: tuple[str, ...],
) -> ClipInfo:
    """What the report tells of a clip. Raises InputError where it cannot be read any more."""
    even = timing(track.t_s)
    try:
        digest = sha256(source)
    except OSError as error:
        raise InputError(f"{shown(source)}: cannot be read any more ({error.strerror}).") from error
    return ClipInfo(
        name=spelled(source.name),
        sha256=digest,
        duration_s=round(float(track.t_s[-1] - track.t_s[0]) + track.frame_s, 3),
        frames=len(track),
        width=track.size[0],
        height=track.size[1],
        rotation_deg=rotation,
        fps=round(even.fps, 3),
        timing=even.kind,
        recorded_at=recorded_at,
        problems=(*problems, *holes(track.t_s)),
    )


def _provenance(exercise: Exercise, options: Options, model: Path | None) -> Provenance:
    return Provenance(
        formcheck=__version__,
        mediapipe=metadata.version("mediapipe") if model is not None else None,
        model=None if model is None else "full" if options.model is None else spelled(model.name),
        model_sha256=None if model is None else sha256(model),
        exercise_sha256=sha256(*exercise.pages),
        profile_sha256=options.profile.sha256 if options.profile and exercise.profile else None,
    )
