"""The walls between the rooms, read from the imports, and the size of files and functions.

A room imports from lower floors, or from rooms listed before it on its own. Imports inside
functions count as well: lazy is not free of walls.
"""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "formcheck"
FILES = sorted(PACKAGE.rglob("*.py"))

FLOORS = (
    ("formcheck", "errors", "cores", "deferred", "heap", "resting", "deaf"),
    ("files", "caps", "filming", "libraries", "failures", "pose", "timing", "video"),
    ("models", "trimmed", "unfiltered", "landmarker", "plane", "signals"),
    ("setting", "segments", "pace", "smoothing", "filtering", "sampled", "cycle", "rep", "reps"),
    ("view", "measures", "pauses", "recognition", "checks"),
    (
        "report",
        "look",
        "sets",
        "set_values",
        "same_setup",
        "set_stop",
        "programme",
        "exercise",
        "set_best",
        "set_parts",
        "profile",
        "sagittal",
        "prone",
        "clip_time",
        "quality",
        "verdict",
    ),
    (
        "exercises",
        "session",
        "phases",
        "reps_table",
        "summary",
        "progress",
        "curves",
        "pairing",
        "words",
        "overlay",
        "motion",
    ),
    ("tracking", "pages"),
    ("candidates", "analysis", "drawing", "annotation", "results", "live"),
    ("store", "history", "twosets", "doctor", "batch", "forgetting", "validate", "testing"),
    ("web",),
    ("terminal", "tables", "usage", "runs", "watch", "overnight", "accuracy", "cli", "__main__"),
)
"""The lowest first. A folder is one room; `formcheck` is the package itself."""
PLACE = {room: (floor, i) for floor, rooms in enumerate(FLOORS, 1) for i, room in enumerate(rooms)}
GUARDED = {
    "mediapipe": {"landmarker", "models", "trimmed"},
    "av": {"video"},
    "cv2": {"video", "motion", "overlay", "live"},
    "PIL": {"words", "overlay", "live"},
    "typer": {"cli"},
    "ray": {"batch", "web"},
    "fastapi": {"web"},
    "starlette": {"web"},
    "uvicorn": {"web"},
    "sqlalchemy": {"store", "web"},
    "alembic": {"store"},
    "matplotlib": {"pages", "words"},
    "jinja2": {"pages", "web"},
    "rich": {"terminal", "tables", "overnight", "cli"},
}
"""Libraries that only some rooms may name."""
EVERYWHERE = {"numpy", "scipy", "pydantic"}
ALSO = {"landmarker": {"mediapipe"}, "models": {"mediapipe", "flatbuffers", "platformdirs", "pip"},
        "trimmed": {"mediapipe", "flatbuffers"},
        "video": {"av", "cv2"}, "motion": {"cv2"}, "words": {"PIL", "matplotlib"},
        "overlay": {"cv2", "PIL"}}  # fmt: skip
"""What a room on the floors 1 to 7 may need besides."""
LAZY = {"scipy", "mediapipe", "matplotlib"}
"""Slow to load: on the lower floors only within functions."""
LONGEST = {"exercises/bench_leg_curl.py": 250}
"""Lines, where fewer than 400: adding an exercise is to be writing one small file."""
HEAVY = ("mediapipe", "av", "cv2", "matplotlib", "scipy", "fastapi")


def room(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return "formcheck" if parts == ("__init__",) else parts[0]


def imported(path: Path) -> list[tuple[str, bool, int]]:
    """Dotted names that a file imports, whether at its top, and where. `if TYPE_CHECKING` counts:
    a wall that only the types climb over is climbed over."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    top = {id(node) for node in tree.body}
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [(a.name, id(node) in top, node.lineno) for a in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno}: imports are absolute here"
            inner = [f"{node.module}.{a.name}" for a in node.names]
            names += [(name, id(node) in top, node.lineno) for name in inner]
    return names


def rooms_imported(path: Path) -> list[tuple[str, int]]:
    """The rooms of formcheck that a file imports."""
    found = []
    for name, _, line in imported(path):
        parts = name.split(".")
        if parts[0] == "formcheck":
            inner = parts[1] if len(parts) > 1 else ""
            found.append((inner if inner in _rooms() else "formcheck", line))
    return found


def _rooms() -> set[str]:
    return {room(path) for path in FILES}


def where(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


every_file = pytest.mark.parametrize("path", FILES, ids=where)


def test_every_room_has_its_floor():
    assert _rooms() <= set(PLACE)


@every_file
def test_imports_go_down(path):
    here = room(path)
    up = [
        f"line {line}: {here} (floor {PLACE[here][0]}) imports {other} (floor {PLACE[other][0]})"
        for other, line in rooms_imported(path)
        if other != here and PLACE[other] >= PLACE[here]
    ]
    assert up == []


def test_there_is_no_cycle_of_files():
    """Not within a folder either, where rooms say nothing."""
    names = {module(path): path for path in FILES}
    graph = {name: {_known(n, names) for n, _, _ in imported(path)} - {None, name}
             for name, path in names.items()}  # fmt: skip
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " -> ".join((*way, name))
        if name not in done:
            for other in sorted(graph[name]):
                visit(other, (*way, name))
            done.add(name)

    for name in graph:
        visit(name, ())
    assert done == set(names)


def module(path: Path) -> str:
    parts = ("formcheck", *path.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _known(name: str, names) -> str | None:
    outer = name.rpartition(".")[0]
    return name if name in names else outer if outer in names else None


@every_file
def test_libraries_stay_in_their_rooms(path):
    here = room(path)
    broken = []
    for name, at_top, line in imported(path):
        library = name.split(".")[0]
        if library in GUARDED and here not in GUARDED[library]:
            broken.append(f"line {line}: {library} is not for {here}")
        if library == "mediapipe" and here == "models" and at_top:
            broken.append(f"line {line}: models imports mediapipe late or not at all")
    assert broken == []


LOWER = [p for p in FILES if PLACE.get(room(p), (0,))[0] <= 7]


@pytest.mark.parametrize("path", LOWER, ids=where)
def test_the_lower_floors_need_little(path):
    here = room(path)
    allowed = EVERYWHERE | ALSO.get(here, set()) | set(sys.stdlib_module_names) | {"formcheck"}
    libraries = {name.split(".")[0] for name, _, _ in imported(path)}
    assert libraries - allowed == set()


@pytest.mark.parametrize("path", [p for p in LOWER if room(p) != "landmarker"], ids=where)
def test_what_loads_slowly_is_imported_late(path):
    """The landmarker, and what lies above floor 7, is itself loaded late."""
    at_top = {name.split(".")[0] for name, top, _ in imported(path) if top}
    assert at_top & LAZY == set()


def loaded_by(statement: str) -> set[str]:
    """The modules that are there after a statement in a fresh interpreter."""
    code = f"{statement}\nimport sys\nprint(*sys.modules, sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("statement", ["import formcheck", "import formcheck.cli"])
def test_no_model_no_codec_and_no_web_framework_is_loaded(statement):
    loaded = loaded_by(statement)
    assert "formcheck" in loaded
    assert [name for name in HEAVY if name in loaded] == []


def test_the_package_alone_loads_no_numpy():
    assert "numpy" not in loaded_by("import formcheck")


@pytest.mark.parametrize("name", ["session", "analysis"])
def test_the_judge_needs_no_picture(name):
    """Saved pose tracks are analysed again without any video or model."""
    loaded = loaded_by(f"import formcheck.{name}")
    assert [lib for lib in ("mediapipe", "fastapi", "typer") if lib in loaded] == []
    if name == "session":
        assert [lib for lib in HEAVY if lib in loaded] == []


NAMES = re.compile(r"nordic|bench|curl", re.IGNORECASE)
"""The exercises and their parts."""
SOURCES = re.compile(r"(docs/)?nordic-curl\.md")
"""The protocol, which a docstring or a comment may cite."""
SHARED = sorted(p for p in PACKAGE.rglob("*") if p.suffix in {".py", ".html", ".css", ".js"})


@pytest.mark.parametrize("path", [p for p in SHARED if room(p) != "exercises"], ids=where)
def test_no_room_but_theirs_names_an_exercise(path):
    """What one exercise needs it declares: an exercise is a file, and nothing else changes."""
    lines = SOURCES.sub("", path.read_text(encoding="utf-8")).splitlines()
    named = [f"line {n}: {line.strip()}" for n, line in enumerate(lines, 1) if NAMES.search(line)]
    assert named == []


@every_file
def test_files_are_short(path):
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST.get(where(path), 400)


@every_file
def test_functions_are_short(path):
    """The body, without the docstring."""
    long = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            if body and (lines := body[-1].end_lineno - body[0].lineno + 1) > 80:
                long.append(f"{node.name}: {lines} lines")
    assert long == []
