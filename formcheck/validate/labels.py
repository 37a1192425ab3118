"""`labels.json`: reps and their moments as a person saw them in real clips, by the clip's name."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from formcheck.errors import InputError
from formcheck.exercises import EXERCISES
from formcheck.files import shown
from formcheck.validate.truth import TrueRep, mistakes

LABELS = "labels.json"
HOW = "docs/accuracy.md says how labels are written."


class _Label(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, allow_inf_nan=False)


class Moments(_Label):
    """When what happened in a rep, seconds; None: it did not, or was not seen."""

    start_s: float
    break_s: float | None = None
    catch_s: float | None = None
    bottom_s: float | None = None
    top_s: float | None = None
    lower_s: float | None = None
    end_s: float | None


class Label(_Label):
    """What a person saw in a clip."""

    exercise: str
    reps: int | None = None
    """How many; None: as many as events."""
    events: tuple[Moments, ...] = ()
    view: str = ""

    @property
    def known(self) -> bool:
        """Whether the clip shows an exercise that there is."""
        return self.exercise in EXERCISES

    @property
    def front(self) -> bool:
        """Whether it is filmed from the front."""
        return self.view.lower().startswith("front")

    def true_reps(self) -> tuple[TrueRep, ...]:
        """Its reps, as far as an eye can tell; none of another movement."""
        every = self.events if self.known else ()
        return tuple(TrueRep.model_validate({**e.model_dump(), "kind": "full"}) for e in every)


def read_labels(path: Path) -> dict[str, Label]:
    """The labels by the clip's name. Raises InputError, naming the file and the field."""
    try:
        found = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"{shown(path)}: cannot be read ({error.strerror}).") from error
    except ValueError as error:
        raise InputError(f"{shown(path)}: this is not JSON ({error}). {HOW}") from error
    if not isinstance(found, dict):
        raise InputError(f"{shown(path)}: expected the clips by name. {HOW}")
    return {name: _label(path, name, said) for name, said in found.items() if name[:1] != "_"}


def _label(path: Path, name: str, said: object) -> Label:
    try:
        # Read as JSON again, so that a list may stand for a tuple and nothing else for anything.
        label = Label.model_validate_json(json.dumps(said))
        label.true_reps()
    except ValidationError as error:
        raise InputError(mistakes(path / name, error, HOW)) from error
    if label.known and label.events and label.reps not in (None, len(label.events)):
        raise InputError(
            f"{shown(path)}: {name} has {label.reps} reps and {len(label.events)} events; "
            f"expected as many. {HOW}"
        )
    return label
