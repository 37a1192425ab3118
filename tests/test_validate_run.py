"""Whole validations of made-up clips: perfect ones, bad ones, their page, table and baseline."""

from __future__ import annotations

import json
import math
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path

import pytest
from athlete import OTHER_MOVEMENTS, Curl, perform
from hypothesis import given, settings
from hypothesis import strategies as st
from known_clips import save, truth_of
from test_cli import COMMAND, run

from formcheck import tables
from formcheck.analysis import Options, analyze
from formcheck.errors import InputError, MissingPartError
from formcheck.pages.accuracy import number, render
from formcheck.validate import run as runner
from formcheck.validate.baseline import against, baseline_of, read_baseline
from formcheck.validate.compare import compare, failed
from formcheck.validate.known import Known, known_clips
from formcheck.validate.run import gathered, one, validate
from formcheck.validate.scores import Validation
from formcheck.validate.truth import Truth
from formcheck.validate.words import headline, told

PIKE = {"faults": [{"rep": 2, "check": "hips-pike"}], "borderline": []}


def quiet(stage: str, share: float) -> None:
    """No progress is shown."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Four clips: a clean set, one with a fault, one that is no Nordic curl, one from the front."""
    place = tmp_path_factory.mktemp("known")
    save(place, "clean", perform(Curl(), Curl()), borderline=[], refusals=[], easy=True)
    save(place, "pike", perform(Curl(), Curl(fold=40)), **PIKE, refusals=[], description="folds")
    save(place, "plank", perform(*OTHER_MOVEMENTS["a plank"]), exercise="none")
    save(
        place, "oblique", perform(Curl()), {"yaw": 52}, awaits="view",
        camera={"yaw_deg": 52, "pitch_deg": None, "height_m": None, "distance_m": None},
        refusals=[{"measure": "break_point_angle", "reason": "the view"}],
    )  # fmt: skip
    return place


@pytest.fixture(scope="module")
def found(folder) -> Validation:
    return validate(folder, quiet, jobs=1)


def clip(found: Validation, name: str):
    return next(c for c in found.clips if c.name == f"{name}.npz")


def test_a_noise_free_body_is_followed_and_its_reps_and_faults_are_exact(found):
    s = found.summary
    assert (s.clips, s.failed, s.clips_with_reps_known, s.reps_exact) == (4, 0, 4, 4)
    assert s.recognised_rightly == 4
    assert (s.easy_clips, s.easy_held) == (1, 1)
    assert clip(found, "clean").knee_change_mae_deg < 0.5
    assert clip(found, "clean").thigh_change_mae_deg < 0.5
    assert (s.faults.found, s.faults.missed, s.faults.false) == (1, 0, 0)
    assert (s.faults.precision, s.faults.recall, s.faults.f1) == (1.0, 1.0, 1.0)
    assert s.false_alarms_per_clean_set == 0.0
    assert s.break_point_coverage == 1.0
    assert s.events["bottom"].mae < 0.1


def test_what_was_refused_and_whether_rightly(found):
    refused = clip(found, "oblique").refusals
    assert refused["break_point_angle"].rightly == 1
    assert refused["catch_angle"].though_visible == 1
    assert refused["eccentric_duration"].given == 1
    assert found.summary.refusals.wrongly_given == 0
    assert clip(found, "oblique").reps[0].found_outcome == "refused"


def test_a_rep_that_was_not_found_is_missed_and_not_refused(tmp_path):
    """Whoever recognises nothing refuses nothing rightly."""
    listed = [{"measure": "break_point_angle", "reason": "the view"}]
    reps = truth_of(perform(Curl()))["reps"]
    save(tmp_path, "blind", perform(*OTHER_MOVEMENTS["a plank"]), reps=reps, refusals=listed)
    found = validate(tmp_path, quiet, jobs=1)
    assert (found.clips[0].reps_true, found.clips[0].reps_found) == (1, 0)
    assert found.clips[0].refusals == {}


def test_a_clip_that_is_known_twice_is_refused(tmp_path):
    save(tmp_path, "a", perform(Curl()))
    label = {"exercise": "nordic-curl", "reps": 0, "events": []}
    (tmp_path / "labels.json").write_text(json.dumps({"a.npz": label}))
    with pytest.raises(InputError, match=r"a\.npz: known twice"):
        known_clips(tmp_path)


def test_clips_that_await_work_are_shown_and_summed_apart(found):
    assert clip(found, "oblique").awaits == "view"
    assert (found.summary.clips, found.asked.clips) == (4, 3)
    assert "1 awaits work to come" in told(found)["Clips"]


def test_an_angle_of_what_was_not_recognised_counts_for_nothing(found):
    seen = sum(clip(found, name).frames for name in ("clean", "pike", "oblique"))
    assert found.summary.angles["thigh_lean"].absolute.n <= seen
    assert clip(found, "plank").recognised_rightly


def test_a_perfect_analysis_scores_perfect(folder):
    """The truth is what the analysis itself found."""
    (known,) = [k for k in known_clips(folder) if k.name == "clean.npz"]
    analysis = analyze(known.clip, Options(), quiet)
    curves, data = analysis.curves, known.truth.model_dump()
    data["frames"] = {
        "t_s": curves.t_s.tolist(), "phase": list(curves.phase),
        **{f"{n}_deg": [None if math.isnan(v) else v for v in curves.values[n]]
           for n in ("thigh_lean", "knee_flexion", "hip_flexion")},
    }  # fmt: skip
    for true, rep in zip(data["reps"], analysis.report.reps, strict=True):
        for event in ("start", "break", "catch", "bottom", "release", "end"):
            true[f"{event}_s"] = getattr(rep, f"{event}_s")
        true["break_point_angle_deg"] = rep.measures["break_point_angle"].value
        true["eccentric_duration_s"] = rep.measures["eccentric_duration"].value
    truth = Truth.model_validate_json(json.dumps(data))
    perfect = gathered([compare(analysis, Known(known.clip, truth.reps, truth))]).summary
    assert perfect.reps_exact == 1
    for name in ("knee", "thigh", "hip"):
        assert getattr(perfect, f"{name}_mae_deg") == 0.0
        assert getattr(perfect, f"{name}_change_mae_deg") == 0.0
    assert (perfect.break_point_mae_deg, perfect.break_point_coverage) == (0.0, 1.0)
    assert all(event.mae in (0.0, None) for event in perfect.events.values())
    assert perfect.measures["eccentric_duration"].mae == 0.0
    assert [(o.true, o.found) for o in perfect.outcomes] == [("broken", "broken")]


def test_angles_are_compared_where_something_was_seen(tmp_path):
    """A third of the frames without a body: errors of the rest, none over the gaps."""
    save(tmp_path, "gaps", perform(Curl()), {"lost": 0.05, "seed": 3})
    found = validate(tmp_path, quiet, jobs=1).clips[0]
    assert found.coverage < 1
    assert found.knee_change_mae_deg < 1


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(4)))
def test_the_order_in_which_clips_are_done_does_not_matter(scored, order):
    mixed = [scored()[i] for i in order]
    assert gathered(mixed).text() == gathered(scored()).text()


@pytest.fixture(scope="module")
def scored(folder):
    """Called for, because Hypothesis would print all of it."""
    every = [one(known) for known in known_clips(folder)]
    return lambda: every


@pytest.mark.slow
def test_the_number_of_processes_does_not_matter(folder, found):
    assert validate(folder, quiet, jobs=2).text() == found.text()


@pytest.mark.parametrize("jobs", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_an_unreadable_clip_is_recorded_and_the_rest_go_on(tmp_path, jobs):
    save(tmp_path, "a", perform(Curl()))
    save(tmp_path, "b", perform(Curl())).write_bytes(b"not a track")
    save(tmp_path, "c", perform(Curl())).unlink()
    said: list[str] = []
    found = validate(tmp_path, lambda stage, share: said.append(stage), jobs=jobs)
    assert [c.status for c in found.clips] == ["ok", "failed", "failed"]
    assert "not a pose track" in found.clips[1].reason
    assert "not there" in found.clips[2].reason
    assert (found.summary.failed, found.summary.clips_with_reps_known) == (2, 1)
    assert "2 could not be analysed" in told(found)["Clips"]
    assert said[0] == "Checking 3 clips" and said[-1].startswith("Checked 3 of 3: ")


def test_nothing_but_what_the_athlete_would_say_is_told_to_the_analysis(tmp_path):
    save(tmp_path, "a", perform(Curl()), mode="eccentric-only")
    (known,) = known_clips(tmp_path)
    assert runner.options(known) == Options(
        athlete={"height_m": 1.8, "mass_kg": 80, "sex": "male", "mode": "eccentric-only"}
    )
    assert runner.options(Known(known.clip, ())) == Options()


def test_a_fault_of_our_own_is_recorded_and_a_missing_part_is_not_a_clips_failure(
    folder, monkeypatch
):
    (known, *_) = known_clips(folder)
    monkeypatch.setattr(runner, "analyze", lambda *_: 1 / 0)
    assert "ZeroDivisionError" in one(known).score.reason

    def lacks(*_):
        raise MissingPartError("no model")

    monkeypatch.setattr(runner, "analyze", lacks)
    with pytest.raises(MissingPartError):
        one(known)


# --- the command


def test_json_is_strict_and_alone_on_stdout(folder, tmp_path):
    done = run("validate", folder, "--json", "--jobs", 1, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr

    def refuse(word):
        raise AssertionError(word)

    values = json.loads(done.stdout, parse_constant=refuse)
    assert {"summary", "clips"} <= values.keys()
    assert {
        "clips", "reps_exact", "reps_off_by_one", "knee_mae_deg", "thigh_mae_deg",
        "break_point_mae_deg", "break_point_coverage", "faults", "false_alarms_per_clean_set",
    } <= values["summary"].keys()  # fmt: skip
    assert {"precision", "recall", "f1"} <= values["summary"]["faults"].keys()
    assert "oblique" in done.stderr and "2 of 2" in done.stderr
    written = (tmp_path / "out" / "validation.json").read_text(encoding="utf-8")
    assert json.loads(written) == values
    assert (tmp_path / "out" / "validation.html").stat().st_size > 0
    assert [p.name for p in (tmp_path / "out").iterdir() if p.name.startswith(".")] == []


def test_without_samples_it_is_4_and_bad_truth_is_3(tmp_path):
    done = run("validate", tmp_path)
    assert (done.returncode, done.stdout) == (4, "")
    (tmp_path / "a.truth.json").write_text("{}", encoding="utf-8")
    done = run("validate", tmp_path)
    assert done.returncode == 3
    assert "a.truth.json" in done.stderr and "is missing" in done.stderr
    assert run("validate", tmp_path / "nowhere").returncode == 3


def test_without_a_folder_it_is_the_samples_beside_the_source(monkeypatch, tmp_path):
    from formcheck import doctor
    from formcheck.validate.known import samples

    assert samples().name == "sample_videos"
    monkeypatch.setattr(doctor, "_ROOT", tmp_path)
    with pytest.raises(MissingPartError, match="validate DIR"):
        samples()


def test_a_place_that_cannot_be_written_is_told_before_the_work(folder, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = run("validate", folder, "--out", tmp_path / "file")
    assert done.returncode == 5
    assert "Checking" not in done.stderr


def gone(group: int) -> bool:
    """Whether no process of the group is left, within the time that the last one takes to end."""
    for _ in range(1000):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def works(pid: int) -> bool:
    """Whether it has begun a process that works, where that can be seen; Python begins one too."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return not listed.is_file() or len(listed.read_text().split()) >= 2


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
@pytest.mark.parametrize("after", ["Checking 8 clips", "Checked 1 of 8"], ids=["at once", "midway"])
def test_stopping_leaves_no_process_and_no_file(tmp_path, after):
    """Not even where those that have just begun cannot answer yet."""
    for i in range(8):
        save(tmp_path, f"set{i}", perform(*[Curl()] * 4), {"fps": 60})
    started = subprocess.Popen(
        [*COMMAND, "validate", str(tmp_path), "--jobs", "2", "--out", str(tmp_path / "out")],
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert any(line.startswith(after) for line in iter(started.stderr.readline, ""))
    while started.poll() is None and not works(started.pid):
        time.sleep(0.01)
    os.killpg(started.pid, signal.SIGINT)
    _, said = started.communicate(timeout=300)
    assert started.returncode == 130, said
    assert "Stopped" in said and "Traceback" not in said
    assert not (tmp_path / "out").exists()
    assert gone(started.pid)


# --- the baseline


def changed(found: Validation, **figures) -> Validation:
    return found.model_copy(update={"summary": found.summary.model_copy(update=figures)})


def test_the_same_result_holds_its_baseline(found, tmp_path):
    path = tmp_path / "baseline.json"
    path.write_text(baseline_of(found).text(), encoding="utf-8")
    comparison = against(found, read_baseline(path))
    assert comparison.holds
    assert (comparison.worse, comparison.better, comparison.missing) == ((), (), ())


def test_worse_better_and_neither(found):
    baseline = baseline_of(found)
    knee, exact = found.summary.knee_mae_deg, found.summary.reps_exact
    worse = against(changed(found, knee_mae_deg=knee + 0.2, reps_exact=exact - 1), baseline)
    assert [c.figure for c in worse.worse] == ["reps_exact", "knee_mae_deg"]
    assert not worse.holds
    better = against(changed(found, knee_mae_deg=knee - 0.2), baseline)
    assert [c.figure for c in better.better] == ["knee_mae_deg"] and better.holds
    same = against(changed(found, knee_mae_deg=knee + 0.1), baseline)
    assert (same.worse, same.better) == ((), ())
    gone = against(changed(found, knee_mae_deg=None), baseline)
    assert [(c.figure, c.now) for c in gone.worse] == [("knee_mae_deg", None)]


def test_some_clips_alone_are_compared_one_by_one(found, scored):
    baseline = baseline_of(found)
    some = gathered(scored()[:2])
    comparison = against(some, baseline)
    assert comparison.worse == ()
    assert comparison.missing == tuple(c.name for c in found.clips[2:])
    assert not comparison.holds
    crashed = gathered([failed(known, "broken") for known in [Known(Path("clean.npz"), ())]])
    figures = {c.figure for c in against(crashed, baseline).worse}
    assert {"analysed", "wrong_reps", "knee_change_mae_deg"} <= figures


def test_a_baseline_that_is_none_is_refused(tmp_path):
    path = tmp_path / "baseline.json"
    path.write_text('{"schema": "formcheck.baseline/2"}', encoding="utf-8")
    with pytest.raises(InputError, match=r"baseline\.json.*--raise"):
        read_baseline(path)


def test_a_worse_figure_is_1_and_the_baseline_is_raised_on_purpose(folder, tmp_path):
    path, out = tmp_path / "baseline.json", tmp_path / "out"
    common = ("validate", folder, "--jobs", 1, "--out", out, "--baseline", path)
    assert run(*common).returncode == 3
    assert run(*common, "--raise").returncode == 0
    was = path.read_text(encoding="utf-8")
    path.write_text(was.replace('"thigh_change_mae_deg": 0.', '"thigh_change_mae_deg": -1.'))
    done = run(*common)
    assert done.returncode == 1
    assert "Worse than in" in done.stderr and "thigh_change_mae_deg" in done.stderr
    assert run(*common, "--raise").returncode == 0
    assert path.read_text(encoding="utf-8") == was
    assert run("validate", folder, "--raise", "--out", out).returncode == 2


# --- the words and the page


def test_the_words_are_those_of_the_figures(found):
    words = told(found)
    assert words["headline"] == headline(found.summary)
    assert words["headline"].startswith("The reps are exact in 4 of 4 clips; on average the knee")
    assert words["Faults"] == "1 of 1 found, no false alarm. In 2 clean sets no false alarm."
    assert "over 4 reps" in words["Break point"]


def test_labels_alone_have_words_too(tmp_path):
    known = Known(tmp_path / "a.mp4", (), None, "none")
    words = told(gathered([failed(known, "no film")]))
    assert words["headline"] == "0 of 0 clips are recognised for what they are."


def test_the_page_is_whole_and_asks_for_nothing(found):
    page = render(found.model_dump(by_alias=True), told(found))
    assert page == render(found.model_dump(by_alias=True), told(found))
    assert not re.search(r'(?:src|href)="(?!data:|#)', page)
    assert "http" not in page.replace("http://www.w3.org", "")
    for words in ("limits of agreement", "hips-pike (rep 2)", "awaits: view", "1 rightly"):
        assert words in page
    assert page.count("<svg class=") >= 4


def test_the_page_escapes_what_a_file_says(tmp_path):
    save(tmp_path, "a", perform(Curl()), description="<script>alert(1)</script>")
    found = validate(tmp_path, quiet, jobs=1)
    page = render(found.model_dump(by_alias=True), told(found))
    assert "<script>" not in page and "&lt;script&gt;" in page


def test_a_page_of_failures_alone_is_a_page(tmp_path):
    known = Known(tmp_path / "a.mp4", (), None)
    found = gathered([failed(known, "cannot be read")])
    assert "cannot be read" in render(found.model_dump(by_alias=True), told(found))


def test_figures_have_no_sign_before_nothing():
    assert [number(v, 1, sign=True) for v in (-0.02, 0.0, 0.26, -1.0, None)] == [
        "0.0", "0.0", "+0.3", "−1.0", "–",
    ]  # fmt: skip


# --- a process that dies, and the terminal


class Dying:
    """A pool whose process dies at one clip, and takes along what runs beside it."""

    def submit(self, work, known):
        future: Future = Future()
        if known.name in ("a.npz", "b.npz"):
            future.set_exception(BrokenProcessPool("died"))
        else:
            future.set_result(work(known))
        return future


def test_a_clip_that_kills_its_process_is_recorded_and_takes_no_other_along(tmp_path, monkeypatch):
    for name in "abc":
        save(tmp_path, name, perform(Curl()))
    pools = []

    @contextmanager
    def pool(jobs):
        pools.append(jobs)
        dies_alone = len(pools) == 2  # the first of the two that were lost, tried alone
        yield Dying() if len(pools) == 1 or dies_alone else Alive()

    class Alive:
        def submit(self, work, known):
            future: Future = Future()
            future.set_result(work(known))
            return future

    monkeypatch.setattr(runner, "_pool", pool)
    found = validate(tmp_path, quiet, jobs=2)
    assert pools == [2, 1, 1]
    assert [(c.name, c.status) for c in found.clips] == [
        ("a.npz", "failed"), ("b.npz", "ok"), ("c.npz", "ok"),
    ]  # fmt: skip
    assert found.clips[0].reason == runner.CRASHED


@pytest.mark.parametrize("columns", [40, 80, 100])
def test_the_terminal_says_it_at_every_width(found, tmp_path, monkeypatch, capsys, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    tables.say_validation(found, tmp_path)
    tables.say_comparison(against(changed(found, reps_exact=0), baseline_of(found)), tmp_path)
    said = capsys.readouterr().err
    text = " ".join(said.split())
    for words in ("clean", "2 of 2", "hips-pike", "Break point", "In 2 clean sets", "reps_exact"):
        assert words in text
    lines = [line for line in said.splitlines() if str(tmp_path) not in line]
    assert max(len(line.rstrip()) for line in lines) <= columns
    assert str(tmp_path / "validation.html") in text


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390, 1200])
def test_the_page_fits_its_window_and_is_read_by_everybody(found, tmp_path, browser, axe, width):
    path = tmp_path / "validation.html"
    path.write_text(render(found.model_dump(by_alias=True), told(found)), encoding="utf-8")
    for scheme in ("light", "dark"):
        how = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
        with browser.new_page(**how) as page:
            page.goto(path.as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.add_script_tag(path=axe)
            result = page.evaluate("axe.run()")
        broken = [(v["id"], v["nodes"][0]["html"]) for v in result["violations"]]
        assert broken == []
