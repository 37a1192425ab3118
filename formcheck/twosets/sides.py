"""A set to be compared: a clip, which is analysed, or the folder of a result, which is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from formcheck import analysis, results
from formcheck.analysis import Analysis, Options, Progress
from formcheck.curves import Curves, curves
from formcheck.errors import InputError, UsageError
from formcheck.exercise import Exercise
from formcheck.files import sha256, shown, spelled
from formcheck.pairing import comparison, step
from formcheck.pose import PoseTrack
from formcheck.progress.past import made_by
from formcheck.report import Report
from formcheck.session import Session
from formcheck.setting import Setting


@dataclass(frozen=True)
class Side:
    """A set, all that is known of it, and its clip where that is there."""

    path: Path
    """As it was given."""
    done: Analysis
    film: Path | None

    @property
    def set_(self) -> step.Set:
        """What brings it in step."""
        return step.Set(self.done.report, self.done.curves)

    def told(self, name: str, alone: tuple[int, ...]) -> comparison.Side:
        """What compare.json says of it."""
        report = self.done.report
        clip = report.clip
        return comparison.Side(
            name=name,
            sha256=None if clip is None else clip.sha256,
            athlete=report.athlete.name,
            recorded_at=None if clip is None else clip.recorded_at,
            made_by=made_by(report.provenance),
            reps=report.set_.reps,
            alone=alone,
            filmed=self.film is not None,
        )


def sides(
    a: Path, b: Path, options: Options, progress: Progress, *, said: bool = False
) -> tuple[Side, Side]:
    """Both sets; a clip beside a folder is analysed as its exercise, unless one was asked for
    (said), and in its mode, unless another was.

    Raises UsageError where they are of two exercises, InputError where one cannot be read or has no
    rep, and what an analysis raises.
    """
    known = {p: side_of(p) for p in dict.fromkeys((a, b)) if p.is_dir()}
    for one in known.values():
        _counted(one)
        options = _like(one, options, said=said)
    clips = [p for p in dict.fromkeys((a, b)) if p not in known]
    for path in clips:
        analysis.check(path, options)
    for path in clips:
        done = analysis.analyze(path, options, progress)
        known[path] = Side(path, done, path if done.filmed else None)
        _counted(known[path])
    check(known[a], known[b])
    return known[a], known[b]


def _like(one: Side, options: Options, *, said: bool) -> Options:
    """To analyse a clip as this result was, in what was not said."""
    name = one.done.exercise.name
    options = options if said else replace(options, exercise=name)
    if options.exercise != name:
        return options
    mode = one.done.report.settings.mode
    return replace(options, athlete={"mode": mode, **options.athlete})


def check(a: Side, b: Side) -> None:
    """Whether there is anything to compare. Raises UsageError where they show two exercises, or
    are one clip; InputError where one has no rep."""
    _two_clips(a, b)
    _same_exercise(a, b)
    for one in (a, b):
        _counted(one)


def _two_clips(a: Side, b: Side) -> None:
    clips = {side.done.report.clip.sha256 for side in (a, b) if side.done.report.clip}
    if len(clips) == 1 and a.done.report.clip and b.done.report.clip:
        raise UsageError(f"{_called(a)}: that is one clip twice. Give two.")


def _same_exercise(a: Side, b: Side) -> None:
    one, other = (side.done.exercise for side in (a, b))
    if one.name != other.name:
        raise UsageError(
            f"{_called(a)} shows a {one.title} and {_called(b)} a {other.title}: only sets "
            "of one exercise can be compared. Give two of the same."
        )


def _called(side: Side) -> str:
    clip = side.done.report.clip
    return shown(side.path if clip is None else clip.name)


def _counted(side: Side) -> None:
    if not side.set_.counted:
        report = side.done.report
        raise InputError(
            f"{_called(side)}: no rep was counted, so there is nothing to compare. "
            f"{report.verdict.sentence} {report.verdict.advice}".strip()
        )


def side_of(folder: Path, film: Path | None = None) -> Side:
    """The result in a folder. Its report is taken as it stands; the curves are drawn anew from its
    poses. film: its clip, where that is known. Raises InputError."""
    _, report, setting, exercise = results.read(folder)
    track = PoseTrack.load(folder / "pose.npz")
    drawn = _curves(track, exercise, setting, report)
    film = film or film_of(folder, report)
    done = Analysis(film or folder / "pose.npz", report, setting, track, drawn, exercise)
    return Side(folder, done, film)


def _curves(track: PoseTrack, exercise: Exercise, setting: Setting, report: Report) -> Curves:
    session = Session(exercise, setting)
    for pose in track:
        session.push(pose)
    session.close()
    return curves(exercise, setting, session.names, session.samples, report)


def film_of(folder: Path, report: Report) -> Path | None:
    """The clip of a result, where it lies in the folder, beside it, one further up or where the
    program was started; None where it does not, or another has its name."""
    clip = report.clip
    if clip is None or analysis.is_track(Path(clip.name)):
        return None
    return next((p for p in _near(folder, clip.name) if _same(p, clip.sha256)), None)


def _near(folder: Path, name: str) -> Iterator[Path]:
    whole = folder.absolute()
    for place in dict.fromkeys((whole, *whole.parents[:2], Path.cwd())):
        if (found := place / Path(name).name).is_file():
            yield found


def _same(path: Path, digest: str) -> bool:
    try:
        return sha256(path) == digest
    except OSError:
        return False


def names(a: Side, b: Side) -> tuple[str, str]:
    """What the two are called: by their clips, or where these have one name by what was given."""
    clips = [spelled(s.done.report.clip.name if s.done.report.clip else "") for s in (a, b)]
    if clips[0] != clips[1] and all(clips):
        return clips[0], clips[1]
    paths = [s.path.absolute() for s in (a, b)]
    if paths[0].name == paths[1].name:
        paths = [p.relative_to(p.parents[min(1, len(p.parents) - 1)]) for p in paths]
        return spelled(paths[0].as_posix()), spelled(paths[1].as_posix())
    return spelled(paths[0].name), spelled(paths[1].name)
