"""The benchmarks themselves: what they compare, and that what got worse fails them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the benchmarks run on Linux")
HERE = Path(__file__).parent / "benchmarks"


LONG = {"seconds": 60.0}


def loaded(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A benchmark, with the others of its folder as it knows them."""
    monkeypatch.syspath_prepend(str(HERE))
    for other in ("clips", "timed"):  # there are tests' rooms of these names
        monkeypatch.delitem(sys.modules, other, raising=False)
    module = __import__(name)
    for other in (name, "clips", "timed"):
        monkeypatch.delitem(sys.modules, other, raising=False)
    return module


@pytest.fixture
def timed(monkeypatch):
    return loaded("timed", monkeypatch)


@pytest.fixture
def analysis(monkeypatch):
    return loaded("analysis", monkeypatch)


def recorded(timed, path: Path, **figures) -> ModuleType:
    timed.kept(path, figures)
    return timed.Recorded.read(path)


def test_each_run_is_compared_with_the_bare_loop_of_its_own_round(timed, analysis):
    runs = {
        "bare": [timed.Run(40.0, 40.0, 1.0), timed.Run(50.0, 50.0, 1.0), timed.Run(40, 40, 1.0)],
        "video": [timed.Run(30.0, 60.0, 9.0), timed.Run(35.0, 60.0, 8.0), timed.Run(20, 60, 7.0)],
    }
    told = analysis.figures(runs)
    assert told["ratios"] == {"bare": 1.0, "video": 0.7}
    assert told["spread"]["video"] == [0.5, 0.75]
    assert told["cpu_ratios"]["video"] == 1.5
    assert told["runs"]["video"]["wall_s"] == 30.0
    assert analysis.figures({"video": runs["video"]})["ratios"] == {}


@pytest.mark.parametrize(
    ("ratios", "status", "said"),
    [
        ({"bare": 1.0, "video": 0.70}, 0, ""),
        ({"bare": 1.0, "video": 0.76}, 1, "MISSED video: 0.76, aim 0.75"),
        ({"bare": 1.0, "video": 0.70, "opencv": 1.5}, 1, "WORSE opencv, ratios: 1.5, recorded 1.1"),
        ({"bare": 1.0}, 0, "video: recorded, and not run"),
        ({"bare": 1.0, "sports2d": 2.0}, 0, "sports2d: not recorded"),
    ],
)
def test_what_missed_its_aim_or_got_worse_fails(
    timed, analysis, tmp_path, capsys, ratios, status, said
):
    old = recorded(timed, tmp_path / "a.json", ratios={"bare": 1.0, "video": 0.72, "opencv": 1.1})
    assert analysis.judged({**LONG, "ratios": ratios, "cpu_ratios": {}}, old) == status
    assert said in capsys.readouterr().err


def test_a_short_clip_has_no_aim(timed, analysis, tmp_path):
    told = {"seconds": 20.0, "ratios": {"bare": 1.0, "video": 1.1}, "cpu_ratios": {}}
    assert analysis.judged(told, None) == 0
    assert analysis.judged({**told, **LONG}, None) == 1


def test_processor_time_that_grew_fails_though_the_wall_did_not(timed, analysis, tmp_path):
    old = recorded(timed, tmp_path / "a.json", ratios={}, cpu_ratios={"video": 1.2})
    assert analysis.judged({**LONG, "ratios": {}, "cpu_ratios": {"video": 1.26}}, old) == 0
    assert analysis.judged({**LONG, "ratios": {}, "cpu_ratios": {"video": 1.3}}, old) == 1


def test_another_machine_is_named(timed, tmp_path):
    old = recorded(timed, tmp_path / "a.json", ratios={})
    assert old.odd("ratios", {}) == []
    told = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    told["machine"]["cores"] = 640
    (line,) = timed.Recorded(told).odd("ratios", {})
    assert "640" in line


def test_figures_that_are_not_there_are_told(timed, tmp_path):
    with pytest.raises(SystemExit, match=r"b\.json: .*record with --json"):
        timed.Recorded.read(tmp_path / "b.json")


def test_only_the_end_that_is_known_is_taken_for_one(timed):
    ends = [sys.executable, "-c", "import sys; print('no jump'); sys.exit(1)"]
    assert timed.timed(ends, but="no jump").wall_s > 0
    with pytest.raises(SystemExit, match="status 1"):
        timed.timed(ends, but="no phases")
    with pytest.raises(SystemExit, match="no jump"):
        timed.timed(ends)


@pytest.mark.parametrize(
    ("peaks", "height", "said"),
    [
        ({"1": 500.0, "60": 520.0}, 1080, 0),
        ({"1": 500.0, "60": 530.0}, 1080, 1),
        ({"0.1": 300.0, "1": 500.0}, 1080, 0),
        ({"1": 1000.0}, 1080, 1),
        ({"1": 1000.0}, 2160, 0),
    ],
)
def test_memory_is_judged_by_its_aims(monkeypatch, peaks, height, said):
    assert len(list(loaded("memory", monkeypatch).judged(peaks, height))) == said


def test_a_frame_more_of_the_processor_fails_growth(timed, monkeypatch, tmp_path):
    growth = loaded("growth", monkeypatch)
    old = recorded(timed, tmp_path / "a.json", ratios={"length 60 s": 0.9}, peaks={})
    now = {"ratios": {"length 60 s": 0.95}, "peaks": {"length 60 s": 400.0}}
    assert growth.judged(now, old) == 0
    assert growth.judged({**now, "ratios": {"length 60 s": 1.0}}, old) == 1
    assert growth.median_of([[3.0, 4.0, 9.0], [1.0, 2.0, 3.0]]) == 3.0


def test_films_are_joined_without_a_gap(monkeypatch, tmp_path):
    clips = loaded("clips", monkeypatch)
    reader = __import__("formcheck.video.reader", fromlist=["VideoFile"])
    short = clips.resized(clips.SAMPLE, tmp_path / "short.mp4", 90, 10.0, until_s=2.0)
    film = reader.VideoFile(clips.session(short, tmp_path / "two.mp4", 2, 16.0))
    seconds = [frame.t for frame in film]
    assert len(seconds) == 160
    assert seconds == pytest.approx([k / 10 for k in range(160)], abs=1e-3)
    assert film.problems == []
