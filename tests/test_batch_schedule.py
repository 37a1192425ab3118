"""Resume, duplicates, one retry, back-pressure: what becomes of each clip, without processes."""

import errno
import json
import os
import shutil
from pathlib import Path

import pytest
from nights import Here, Run, Silent, made, word, work

from formcheck import results
from formcheck.analysis import Options
from formcheck.batch import run as run_module
from formcheck.batch import stamp
from formcheck.batch.finding import find
from formcheck.batch.job import Ending, Outcome, Terms
from formcheck.batch.pool import Lost
from formcheck.batch.run import Asked, _watch
from formcheck.batch.schedule import EndedError
from formcheck.batch.worker import refused
from formcheck.caps import OTHERS
from formcheck.errors import OutputError
from formcheck.files import sha256

LARGE = "x" * 4000
"""Makes a clip the largest, which is the first."""


@pytest.fixture
def clips(tmp_path) -> Path:
    """Three clips, of which one cannot be read."""
    for name, text in {"a.mp4": "fine", "b.mp4": "bad", "sub/c.mp4": "fine"}.items():
        word(tmp_path / "in" / name, text)
    return tmp_path / "in"


def test_every_clip_has_its_folder_or_its_reason(clips, tmp_path):
    found = Run(clips, tmp_path / "out").all()
    assert {name: (r.status, r.folder) for name, r in found.items()} == {
        "a.mp4": ("ok", "a"), "b.mp4": ("unreadable", None), "sub/c.mp4": ("ok", "sub/c")
    }  # fmt: skip
    assert found["b.mp4"].reason == "This is no film."
    assert (tmp_path / "out" / "sub" / "c" / "report.json").is_file()


def test_what_is_finished_and_what_cannot_be_read_is_taken_over(clips, tmp_path):
    first = Run(clips, tmp_path / "out").all()
    again = Run(clips, tmp_path / "out")
    assert again.all() == first
    assert again.pool.begun == []
    assert [p.taken_over for p in again.told] == [True] * 3


def test_other_settings_or_another_version_are_another_result(clips, tmp_path):
    Run(clips, tmp_path / "out").all()
    again = Run(clips, tmp_path / "out", key="another")
    again.all()
    assert sorted(again.pool.begun) == ["a.mp4", "b.mp4", "sub/c.mp4"]


def test_another_content_is_another_clip(clips, tmp_path):
    Run(clips, tmp_path / "out").all()
    word(clips / "a.mp4", "fine", "another")
    again = Run(clips, tmp_path / "out")
    again.all()
    assert again.pool.begun == ["a.mp4"]


@pytest.mark.parametrize("harm", ["seal", "report", "cut", "folder", "nonsense"])
def test_a_folder_that_is_not_whole_is_done_anew(clips, tmp_path, harm):
    first = Run(clips, tmp_path / "out").all()
    folder = tmp_path / "out" / "a"
    if harm == "seal":
        (folder / results.SEAL).unlink()
    elif harm == "report":
        (folder / "report.json").unlink()
    elif harm == "cut":
        (folder / "report.json").write_text("{")
    elif harm == "nonsense":
        (folder / results.SEAL).write_text('{"schema_": "formcheck.seal/1"')
    else:
        shutil.rmtree(folder)
    again = Run(clips, tmp_path / "out")
    assert again.all() == first
    assert again.pool.begun == ["a.mp4"]


def test_a_half_written_result_is_in_no_place_where_results_are(tmp_path):
    class Killed(BaseException):
        pass

    run = Run(tmp_path / "in", tmp_path / "out")
    word(tmp_path / "in" / "a.mp4")

    def killed(job):
        part = stamp.scratch(job.out) / "x"
        part.mkdir(parents=True)
        (part / "report.json").write_text("{}")
        raise Killed

    with pytest.raises(Killed):
        run.all(Here(become=killed))
    assert [p.name for p in (tmp_path / "out").iterdir()] == [stamp.STATE]
    assert Run(tmp_path / "in", tmp_path / "out").all()["a.mp4"].status == "ok"


def test_the_same_content_is_analysed_once(tmp_path):
    for name in ("b.mp4", "a.mp4", "c.mov"):
        word(tmp_path / "in" / name, "fine", "same")
    run = Run(tmp_path / "in", tmp_path / "out")
    found = run.all()
    assert run.pool.begun == ["a.mp4"]
    assert [(r.status, r.folder, r.duplicate_of) for r in found.values()] == [
        ("ok", "a", None), ("duplicate", "a", "a.mp4"), ("duplicate", "a", "a.mp4")
    ]  # fmt: skip


def test_a_duplicate_of_what_cannot_be_read_has_no_folder(tmp_path):
    for name in ("a.mp4", "b.mp4"):
        word(tmp_path / "in" / name, "bad", "same")
    found = Run(tmp_path / "in", tmp_path / "out").all()
    assert (found["b.mp4"].status, found["b.mp4"].folder) == ("duplicate", None)


def test_a_clip_that_kills_its_worker_is_tried_once_more_and_then_listed(clips, tmp_path):
    def become(job):
        return Lost(job, "it died") if job.name == "a.mp4" else work(job, None)

    run = Run(clips, tmp_path / "out")
    found = run.all(Here(become=become))
    assert run.pool.begun.count("a.mp4") == 2
    assert found["a.mp4"].status == "failed"
    assert "after 2 tries: it died" in found["a.mp4"].reason
    assert found["sub/c.mp4"].status == "ok"


def test_the_second_try_may_succeed(clips, tmp_path):
    lost = []

    def become(job):
        if job.name == "a.mp4" and not lost:
            lost.append(job)
            return Lost(job, "it died")
        return work(job, None)

    assert Run(clips, tmp_path / "out").all(Here(become=become))["a.mp4"].status == "ok"


def test_a_lost_machine_is_not_the_clips_fault(clips, tmp_path):
    lost = []

    def become(job):
        if job.name == "a.mp4" and len(lost) < 5:
            lost.append(job)
            return Lost(job, "the machine is gone", innocent=True)
        return work(job, None)

    assert Run(clips, tmp_path / "out").all(Here(become=become))["a.mp4"].status == "ok"


def test_what_failed_before_is_tried_again_after_the_others(clips, tmp_path):
    def fails(job):
        return refused(job, "failed", "Its memory ran out.")

    Run(clips, tmp_path / "out").all(Here(become=fails))
    word(clips / "z.mp4")
    again = Run(clips, tmp_path / "out")
    found = again.all()
    assert again.pool.begun == ["z.mp4", "sub/c.mp4", "a.mp4", "b.mp4"]
    assert found["a.mp4"].status == "ok"


def test_the_largest_go_first_and_those_of_one_size_by_name(tmp_path):
    for name, length in {"a": 5, "b": 9, "c": 7, "d": 9}.items():
        word(tmp_path / "in" / f"{name}.mp4", "fine", name * length)
    run = Run(tmp_path / "in", tmp_path / "out")
    run.all()
    assert run.pool.begun == ["b.mp4", "d.mp4", "c.mp4", "a.mp4"]


def test_never_more_is_given_out_than_there_is_room_for(tmp_path):
    for n in range(30):
        word(tmp_path / "in" / f"{n:02}.mp4")
    run = Run(tmp_path / "in", tmp_path / "out")
    run.all(Here(3))
    assert run.pool.most == 3
    assert run.pool.begun == sorted(run.pool.begun)


def test_what_would_befall_every_clip_ends_the_batch_and_keeps_what_is_finished(tmp_path):
    for name, text in {"a.mp4": "fine", "b.mp4": "full", "c.mp4": "fine"}.items():
        word(tmp_path / "in" / name, text)
    run = Run(tmp_path / "in", tmp_path / "out")
    with pytest.raises(EndedError, match="No room is left") as caught:
        run.all(Here(1))
    assert caught.value.status == 5
    assert [r.name for r in run.schedule.records()] == ["a.mp4"]


def test_a_run_that_is_stopped_early_knows_what_was_finished_before(clips, tmp_path):
    first = Run(clips, tmp_path / "out").all()
    word(clips / "0.mp4", "full", LARGE)
    run = Run(clips, tmp_path / "out")
    with pytest.raises(EndedError):
        run.all(Here(1))
    assert "a.mp4" not in {r.name for r in run.schedule.records()}
    found = {r.name: r for r in run.schedule.so_far() if r.reported}
    assert found == {name: first[name] for name in ("a.mp4", "sub/c.mp4")}


def test_a_reason_that_cannot_be_written_down_ends_the_batch(clips, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("formcheck.batch.stamp.write_whole", full)
    word(clips / "a.mp4", "bad")
    with pytest.raises(OutputError, match="Free some space"):
        Run(clips, tmp_path / "out").all()


def test_a_folder_removed_meanwhile_is_made_again(clips, tmp_path):
    gone = []

    def become(job):
        if job.name == "sub/c.mp4" and not gone:
            gone.append(shutil.rmtree(tmp_path / "out"))
        return work(job, None)

    word(clips / "a.mp4", "fine", LARGE)
    run = Run(clips, tmp_path / "out")
    found = run.all(Here(1, become=become))
    assert found["a.mp4"].status == found["sub/c.mp4"].status == "ok"
    assert (tmp_path / "out" / "a" / "report.json").is_file()


def test_a_folder_removed_while_watching_is_made_again(clips, tmp_path, monkeypatch):
    class Idle(Silent):
        times = 0

        def idle(self):
            assert (tmp_path / "out" / "a" / "report.json").is_file()
            self.times += 1
            if self.times > 3:
                raise KeyboardInterrupt
            shutil.rmtree(tmp_path / "out" / "a")

    for clip in clips.rglob("*.mp4"):
        os.utime(clip, (1e9, 1e9))  # old, so whole at once
    monkeypatch.setattr(run_module, "LOOK_S", 0.01)
    run, screen, pool = Run(clips, tmp_path / "out"), Idle(), Here()
    with pytest.raises(KeyboardInterrupt):
        _watch(Asked([clips], tmp_path / "out", Terms()), run.schedule, pool, screen)
    assert pool.begun.count("a.mp4") == 4
    assert len(pool.begun) == 6


def test_a_folder_that_is_removed_again_and_again_is_said(tmp_path):
    word(tmp_path / "in" / "a.mp4")

    def become(job):
        record = made(job)
        shutil.rmtree(job.into)
        return Outcome(job.name, record)

    found = Run(tmp_path / "in", tmp_path / "out").all(Here(become=become))
    assert (found["a.mp4"].status, found["a.mp4"].folder) == ("failed", None)
    assert "removed while the batch ran" in found["a.mp4"].reason


def test_a_clip_that_is_gone_before_its_turn_has_a_reason(clips, tmp_path):
    run = Run(clips, tmp_path / "out")
    found = find([clips], tmp_path)
    (clips / "a.mp4").unlink()
    assert run.all(clips=found.clips)["a.mp4"].status == "unreadable"


def test_a_clip_that_says_it_is_a_terabyte_is_not_even_hashed(clips, tmp_path):
    with (clips / "huge.mp4").open("wb") as file:
        file.truncate(10**12)  # takes no room on the disk
    found = Run(clips, tmp_path / "out", terms=Terms(Options(caps=OTHERS))).all()["huge.mp4"]
    assert (found.status, found.folder) == ("unreadable", None)
    assert found.reason.startswith("The file has 1,000.0 GB. Expected at most 16 GB.")


def test_a_clip_that_changed_is_analysed_anew_and_so_are_its_twins(tmp_path):
    for name in ("a.mp4", "b.mp4"):
        word(tmp_path / "in" / name, "fine", "same")
    run = Run(tmp_path / "in", tmp_path / "out")
    run.all()
    word(tmp_path / "in" / "a.mp4", "fine", "another")
    found = run.all(clips=[c for c in run.schedule._clips.values() if c.name == "a.mp4"])
    assert [(r.status, r.folder) for r in found.values()] == [("ok", "a"), ("ok", "b")]


def step_by_step(run: Run, pool: Here) -> dict[str, str]:
    """To the end; the statuses by name. Fails where it does not come to one."""
    for _ in range(50):
        if not run.schedule.busy:
            return {record.name: record.status for record in run.schedule.records()}
        run.schedule.step(pool)
    raise AssertionError("it goes round in circles")


def test_a_clip_that_changes_while_it_is_analysed_comes_anew_and_holds_nothing_up(tmp_path):
    path = word(tmp_path / "in" / "a.mp4")
    run = Run(tmp_path / "in", tmp_path / "out")

    def become(job):
        if job.sha256 == before:
            word(path, "fine", "more of it came")
            run.schedule.add(find([run.source], run.out).clips)
            run.schedule.step(Here(1, become=lambda _: pytest.fail("nothing runs here")))
        return work(job, None)

    before = sha256(path)
    run.schedule.add(find([run.source], run.out).clips)
    pool = Here(2, become=become)
    assert step_by_step(run, pool) == {"a.mp4": "ok"}
    assert pool.begun == ["a.mp4", "a.mp4"]
    (record,) = run.schedule.records()
    assert record.sha256 == sha256(path)


def test_a_clip_that_changes_before_its_turn_is_given_out_once(tmp_path):
    for name in ("a.mp4", "b.mp4"):
        word(tmp_path / "in" / name, "fine", "same")
    Run(tmp_path / "in", tmp_path / "out").all(Here(become=lambda j: refused(j, "failed", "No.")))
    run = Run(tmp_path / "in", tmp_path / "out")
    run.schedule.add(find([run.source], run.out).clips)
    run.schedule.step(Here(0))  # looks at it: it failed before, so it comes last
    word(tmp_path / "in" / "a.mp4", "fine", "another")
    run.schedule.add(c for c in find([run.source], run.out).clips if c.name == "a.mp4")
    pool = Here(2)
    assert step_by_step(run, pool) == {"a.mp4": "ok", "b.mp4": "ok"}
    assert sorted(pool.begun) == ["a.mp4", "b.mp4"]


def test_whose_duplicate_it_is_breaks_no_line(tmp_path):
    for name in ("a\nb\u202e.mp4", "c.mp4"):
        word(tmp_path / "in" / name, "fine", "same")
    found = Run(tmp_path / "in", tmp_path / "out").all()["c.mp4"]
    assert found.reason == "The same content as a\\nb\\u202e.mp4."


def test_nothing_of_this_run_alone_is_kept(clips, tmp_path):
    def slow(job):
        done = work(job, None)
        return Outcome(job.name, done.record.model_copy(update={"seconds": 12.0}))

    Run(clips, tmp_path / "out").all(Here(become=slow))
    for text in (tmp_path / "out").rglob("*.json"):
        if text.name != "report.json":
            assert json.loads(text.read_text())["record"]["seconds"] is None


def test_an_ending_says_how_to_go_on():
    assert "run the batch again" in str(EndedError(Ending("Full.", 5)))
