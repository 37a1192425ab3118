"""The clips of a folder of which something is known: by truth files, or by labels made by eye."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from formcheck import doctor
from formcheck.errors import FormcheckError, InputError, MissingPartError
from formcheck.exercise import Exercise
from formcheck.exercises import DEFAULT, EXERCISES
from formcheck.files import shown
from formcheck.validate.labels import LABELS, Label, read_labels
from formcheck.validate.truth import SUFFIX, Frames, TrueRep, Truth, read_truth

FILMS = (".mp4", ".mov", ".webm", ".npz")
"""What stands beside a truth file; where there are several, the first of these."""


@dataclass(frozen=True)
class Known:
    """A clip and what is known of it, whoever knows it."""

    clip: Path
    """It may not be there: then its analysis fails, and that is recorded."""
    reps: tuple[TrueRep, ...]
    truth: Truth | None = None
    """None: labelled by eye."""
    exercise: str = DEFAULT
    """What it shows, be that an exercise that there is or another movement."""
    front: bool = False
    """Whether labels call it a front view."""
    counted: int | None = None
    """How many reps there are, where nothing else is known of them; None: as many as `reps`."""

    @property
    def name(self) -> str:
        """What the clip is called: its file's name."""
        return self.clip.name

    @property
    def shown(self) -> Exercise | None:
        """The exercise that it shows; None: a movement that is none."""
        return EXERCISES.get(self.exercise)

    @property
    def judge(self) -> Exercise:
        """The exercise that it is analysed as: its own, or the usual one."""
        return self.shown or EXERCISES[DEFAULT]

    @property
    def reps_true(self) -> int:
        """How many reps there are to be counted."""
        there = sum(rep.kind != "attempt" for rep in self.reps)
        return there if self.counted is None else self.counted

    @property
    def by_eye(self) -> bool:
        """Whether its moments were seen by a person, give or take 0.3 s."""
        return self.truth is None

    @property
    def frames(self) -> Frames | None:
        """The true angles; None where nobody knows them."""
        return None if self.truth is None or not self.truth.frames.t_s else self.truth.frames

    @property
    def yaw_deg(self) -> float | None:
        """Of the camera; None where nobody knows it."""
        return None if self.truth is None else self.truth.camera.yaw_deg


def samples() -> Path:
    """The folder of the samples that come with the source code. Raises MissingPartError."""
    folder = doctor.sample().parent
    if not folder.is_dir():
        raise MissingPartError(
            f"The samples are not here ({shown(folder)}); they come with the source code. "
            "Give a folder of clips with truth: `formcheck validate DIR`."
        )
    return folder


def known_clips(folder: Path) -> list[Known]:
    """Every clip of which something is known, by name.

    Raises InputError where there is no such folder or a file in it is not in the expected form:
    every bad file is named. Raises MissingPartError where nothing is known of any clip.
    """
    if not folder.is_dir():
        what = "this is a file" if folder.exists() else "there is no such folder"
        raise InputError(f"{shown(folder)}: {what}. Expected a folder of clips with truth files.")
    try:
        listed = sorted(folder.iterdir())
    except OSError as error:
        raise InputError(f"{shown(folder)}: cannot be read ({error.strerror}).") from error
    found, wrong = _read(listed)
    named = [known.name for known in found]
    twice = sorted({name for name in named if named.count(name) > 1})
    wrong += [f"{name}: known twice, by a truth file and by {LABELS}." for name in twice]
    if wrong:
        raise InputError("\n".join(wrong))
    if not found:
        raise MissingPartError(
            f"{shown(folder)}: there are no clips with known truth here. Expected "
            f"NAME{SUFFIX} beside NAME.mp4, .mov, .webm or .npz, or a {LABELS}."
        )
    return sorted(found, key=lambda known: known.name)


def _read(listed: list[Path]) -> tuple[list[Known], list[str]]:
    """What the files say, and what is wrong with them."""
    found, wrong = [], []
    for path in listed:
        try:
            if path.name.endswith(SUFFIX):
                found.append(_told(path, listed))
            elif path.name == LABELS:
                found += [_labelled(path.parent / n, one) for n, one in read_labels(path).items()]
        except FormcheckError as error:
            wrong.append(str(error))
    return found, wrong


def _labelled(clip: Path, label: Label) -> Known:
    reps = label.true_reps()
    counted = label.reps if label.known and not reps else None
    return Known(clip, reps, None, label.exercise, label.front, counted)


def _told(path: Path, listed: list[Path]) -> Known:
    stem = path.name.removesuffix(SUFFIX)
    beside = {p.suffix.lower(): p for p in listed if p.stem == stem}
    clip = next((beside[s] for s in FILMS if s in beside), path.parent / f"{stem}{FILMS[0]}")
    truth = read_truth(path)
    return Known(clip, truth.reps if truth.exercise in EXERCISES else (), truth, truth.exercise)
