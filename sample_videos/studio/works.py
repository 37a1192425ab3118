"""All clips: rendered over all cores, resumed, laid out on sheets, compared with the committed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import asdict
from functools import cache
from multiprocessing import active_children, get_context
from pathlib import Path
from typing import Any

import av
from PIL import Image
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from studio import assets, catalogue, film
from studio.catalogue import Catalogue, Clip

SOURCES = Path(__file__).resolve().parent
SHEET_WIDTH = 400
"""Of each frame on a contact sheet, pixels."""
SETS = "sets"
"""The folder of the recordings of several sets, among the committed clips."""
MOST_JOBS = 60
"""Windows waits for no more processes at once."""
NEAR = 1e-9
"""Two truths are equal when no number differs by more."""


def render(clips: Sequence[Clip], out: Path, jobs: int | None) -> None:
    """Render the clips that are not rendered yet by this very studio. Ctrl-C keeps the finished."""
    out.mkdir(parents=True, exist_ok=True)
    assets.ensure()  # fetched once, before the processes start
    waiting = sorted(unfinished(clips, out), key=_work, reverse=True)
    for part in out.glob(".*.part"):
        part.unlink()
    pool = ProcessPoolExecutor(
        min(jobs or os.cpu_count() or 1, MOST_JOBS),
        mp_context=get_context("spawn"),
        initializer=_deaf,
        max_tasks_per_child=1,
    )
    try:
        _watch([pool.submit(make, clip.name, out) for clip in waiting])
    except KeyboardInterrupt:
        for process in active_children():
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _deaf() -> None:
    """Ctrl-C is for the parent process, which ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _watch(futures: Sequence[Future[str]]) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn()) as progress:
        task = progress.add_task("rendering", total=len(futures))
        for future in as_completed(futures):
            progress.console.print(_outcome(future))
            progress.advance(task)


def _outcome(future: Future[str]) -> str:
    """What was made, or why it was not: one clip that fails does not take the others with it."""
    error = future.exception()
    return future.result() if error is None else f"failed: {error}"


def make(name: str, out: Path) -> str:
    """Render one clip and write its truth; says what was made."""
    from studio.production import Production

    listed = catalogue.read()
    clip = listed.named(name)
    production = Production(clip, listed)
    picture = out / f"{name}.mp4"
    film.write(picture, production.film(), clip.picture)
    _write(out / f"{name}.truth.json", as_text(production.truth()))
    _write(out / f"{name}.recipe", recipe(clip, listed))
    megabytes = picture.stat().st_size / 1e6
    return f"{name}: {len(production.schedule)} frames, {megabytes:.2f} MB"


def as_text(truth: dict[str, Any]) -> str:
    """Strict JSON, a key a line, and each column of frames on one."""
    told = {k: v for k, v in truth.items() if k != "frames"}
    text = json.dumps(told, indent=1, ensure_ascii=False, allow_nan=False)
    columns = (
        f'  "{name}": {json.dumps(values, separators=(",", ":"), allow_nan=False)}'
        for name, values in truth["frames"].items()
    )
    return text.removesuffix("\n}") + ',\n "frames": {\n' + ",\n".join(columns) + "\n }\n}\n"


def recipe(clip: Clip, listed: Catalogue) -> str:
    """A digest of all that a clip depends on: its entry, its people, the studio itself."""
    looks = {n: asdict(listed.people[n]) for n in [clip.athlete, *(o.look for o in clip.others)]}
    parts = [json.dumps(asdict(clip)), json.dumps(looks), assets.SHA256, _studio()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@cache
def _studio() -> str:
    """The sources that make a picture or its truth."""
    files = sorted(f for f in SOURCES.rglob("*.[pg]*") if f.suffix in (".py", ".glsl"))
    others = [file for file in files if file.name not in ("works.py", "__main__.py")]
    return "\0".join(file.read_text(encoding="utf-8") for file in others)


def contact_sheets(names: Sequence[str], out: Path) -> None:
    """Twelve frames of each clip on one picture, `sheets/NAME.png`."""
    (out / "sheets").mkdir(exist_ok=True)
    for name in names:
        _sheet(out / f"{name}.mp4").save(out / "sheets" / f"{name}.png")


def _sheet(clip: Path, rows: int = 3, columns: int = 4) -> Image.Image:
    with av.open(str(clip)) as container:
        count = container.streams.video[0].frames
        wanted = [round(i * (count - 1) / (rows * columns - 1)) for i in range(rows * columns)]
        decoded = enumerate(container.decode(video=0))
        arrays = [frame.to_ndarray(format="rgb24") for i, frame in decoded if i in wanted]
    height = round(arrays[0].shape[0] * SHEET_WIDTH / arrays[0].shape[1])
    sheet = Image.new("RGB", (columns * SHEET_WIDTH, rows * height))
    for i, array in enumerate(arrays):
        small = Image.fromarray(array).resize((SHEET_WIDTH, height))
        sheet.paste(small, (i % columns * SHEET_WIDTH, i // columns * height))
    return sheet


def adopt(names: Sequence[str], out: Path, samples: Path) -> None:
    """Copy clips and truths among the committed ones."""
    for name in names:
        for ending in (".mp4", ".truth.json"):
            shutil.copyfile(out / f"{name}{ending}", home(name, samples) / f"{name}{ending}")


def home(name: str, samples: Path) -> Path:
    """The folder among the committed ones in which a clip lies."""
    several = {clip.name for clip in catalogue.read().recordings}
    return samples / SETS if name in several else samples


def compare(names: Sequence[str], out: Path, samples: Path) -> int:
    """Say which truths and which clips differ from the committed. 1 where a truth does."""
    wrong = missing = same_bytes = 0
    for name in names:
        committed = home(name, samples) / f"{name}.truth.json"
        if not committed.exists():
            print(f"{name}: not committed yet")
            missing += 1
            continue
        differs = difference(_load(committed), _load(out / f"{name}.truth.json"))
        wrong += differs is not None
        if differs is not None:
            print(f"{name}: the truth differs at {differs}")
        same_bytes += _same(committed.parent / f"{name}.mp4", out / f"{name}.mp4")
    same = f"{len(names) - wrong - missing} of {len(names)} truths as committed"
    print(f"{same}, {same_bytes} clips byte for byte.")
    return 1 if wrong else 0


def difference(first: object, second: object, at: str = "") -> str | None:
    """Where two JSON values first differ; None: nowhere."""
    if isinstance(first, dict) and isinstance(second, dict) and first.keys() == second.keys():
        found = (difference(first[k], second[k], f"{at}/{k}") for k in first)
    elif isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        pairs = enumerate(zip(first, second, strict=True))
        found = (difference(a, b, f"{at}/{i}") for i, (a, b) in pairs)
    else:
        if isinstance(first, float | int) and isinstance(second, float | int):
            return None if abs(first - second) <= NEAR else at
        return None if first == second else at
    return next((place for place in found if place is not None), None)


def _same(first: Path, second: Path) -> bool:
    return first.exists() and second.exists() and first.read_bytes() == second.read_bytes()


def _load(path: Path) -> object:
    return json.loads(path.read_text(encoding="utf-8"))


def unfinished(clips: Sequence[Clip], out: Path) -> list[Clip]:
    """Those that are not rendered, or not by this very studio."""
    listed = catalogue.read()
    return [clip for clip in clips if not _done(clip, listed, out)]


def _done(clip: Clip, listed: Catalogue, out: Path) -> bool:
    made = [out / f"{clip.name}{ending}" for ending in (".mp4", ".truth.json", ".recipe")]
    return all(file.exists() for file in made) and made[2].read_text() == recipe(clip, listed)


def _work(clip: Clip) -> float:
    """Roughly how long a clip takes, to begin with the longest."""
    picture = clip.picture
    done = clip.set or clip.curls
    reps = 2.0 if done is None else float(len(done.reps))
    return reps * picture.fps * picture.slow * picture.blur * picture.width * picture.height


def _write(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
