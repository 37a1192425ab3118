"""One clip of a batch: what `formcheck analyze` makes, a seal, a reason for every failure."""

import errno
import json
from pathlib import Path

import pytest
from athlete import Curl, perform

from formcheck import results
from formcheck.analysis import Options, analyze
from formcheck.batch import stamp
from formcheck.batch.job import Job, Terms, key_of
from formcheck.batch.worker import GROWN, work
from formcheck.errors import MissingPartError, OutputError
from formcheck.files import sha256


@pytest.fixture(scope="module")
def track(tmp_path_factory) -> Path:
    """A clean rep as a pose track."""
    path = tmp_path_factory.mktemp("clip") / "anna.npz"
    perform(Curl()).film().save(path)
    return path


@pytest.fixture
def job(track, tmp_path):
    def make(path: Path = track, **more) -> Job:
        given = {"name": f"team/{path.name}", "path": path, "sha256": sha256(path),
                 "out": tmp_path / "out", "folder": "team/anna", "key": "k",
                 "terms": Terms()}  # fmt: skip
        return Job(**(given | more))

    return make


def silent(*_):
    pass


def raising(error: Exception):
    def fail(*_, **__):
        raise error

    return fail


def test_it_is_the_result_of_analyze_and_a_seal(job, track, tmp_path):
    done = work(job(), silent)
    results.write(analyze(track, Options(), silent), tmp_path / "alone", silent)
    alone, batch = tmp_path / "alone", tmp_path / "out" / "team" / "anna"
    names = {file.name for file in alone.iterdir()}
    assert {file.name for file in batch.iterdir()} == names | {results.SEAL}
    for name in names - {"pose.npz", "report.html"}:  # a zip has a clock; a page its own ids
        assert (batch / name).read_bytes() == (alone / name).read_bytes()
    assert (done.record.status, done.record.folder) == ("ok", "team/anna")
    assert done.record.summary.reps == 1
    assert done.record.seconds > 0


def test_a_later_run_takes_the_very_record_over(job, tmp_path):
    one = job()
    done = work(one, silent).record
    found = stamp.finished(one.into, "k", one.name, one.sha256)
    assert found == done.kept()
    assert stamp.finished(one.into, "other", one.name, one.sha256) is None
    assert stamp.finished(one.into, "k", "other", one.sha256) is None
    assert stamp.finished(one.into, "k", one.name, "other") is None


def test_it_tells_how_far_it_is(job):
    told = []
    work(job(), lambda words, share: told.append(words))
    assert "Writing the report" in told


@pytest.mark.parametrize("name", ["no film.mp4", "no track.npz"])
def test_what_cannot_be_read_has_a_reason_without_the_place(job, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"not at all")
    done = work(job(path), silent)
    assert (done.record.status, done.record.folder, done.ending) == ("unreadable", None, None)
    assert str(tmp_path) not in done.record.reason
    assert not done.record.reason.startswith(name)
    assert not list((tmp_path / "out").glob("*/*"))


def test_a_folder_of_somebody_else_is_left_and_said(job, tmp_path):
    mine = tmp_path / "out" / "team" / "anna" / "mine.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("not yours")
    done = work(job(), silent)
    assert done.record.status == "failed"
    assert done.record.reason.startswith("Its folder team/anna exists and is not a result")
    assert mine.read_text() == "not yours"


def test_a_clip_that_changed_meanwhile_is_no_finished_clip(job):
    done = work(job(sha256="0" * 64), silent)
    assert (done.record.status, done.record.reason) == ("failed", GROWN)


def test_what_another_machine_made_meanwhile_is_taken(job, monkeypatch):
    one = job()
    first = work(one, silent).record
    error = OutputError("it exists")
    error.__cause__ = OSError(errno.ENOTEMPTY, "Directory not empty")
    monkeypatch.setattr("formcheck.results.write", raising(error))
    assert work(one, silent).record == first.model_copy(update={"seconds": None})


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_what_befalls_every_output_ends_the_batch_with_status_5(job, monkeypatch, number):
    monkeypatch.setattr("pathlib.Path.write_text", raising(OSError(number, "as it were")))
    done = work(job(), silent)
    assert done.record is None
    assert done.ending.status == 5
    assert "--out" in done.ending.words
    assert not list((job().out / stamp.STATE / "parts").iterdir())


def test_a_folder_that_cannot_be_written_at_all_ends_the_batch(job, monkeypatch):
    error = OutputError("team/anna: the result could not be written.")
    error.__cause__ = PermissionError(errno.EACCES, "Permission denied")
    monkeypatch.setattr("formcheck.results.write", raising(error))
    assert work(job(), silent).record.status == "failed"  # only this clip's
    monkeypatch.setattr("formcheck.batch.worker.writable", raising(error.__cause__))
    assert work(job(), silent).ending.status == 5


def test_a_missing_part_of_the_machine_ends_the_batch_with_status_4(job, monkeypatch):
    monkeypatch.setattr("formcheck.batch.worker.analyze", raising(MissingPartError("No model.")))
    assert work(job(), silent).ending.status == 4


@pytest.mark.parametrize(
    ("error", "said"),
    [(MemoryError(), "It needs more memory"), (OSError(errno.EFBIG, "x"), "larger than a file"),
     (ZeroDivisionError("x"), "a fault of formcheck itself")],
)  # fmt: skip
def test_what_befalls_one_clip_is_its_reason(job, monkeypatch, error, said):
    monkeypatch.setattr("formcheck.batch.worker.analyze", raising(error))
    done = work(job(), silent)
    assert done.record.status == "failed"
    assert said.lower() in done.record.reason.lower()
    assert "run" in done.record.reason.lower()  # what to do
    assert done.trace is None


def test_a_fault_of_formcheck_is_told_with_its_traceback_where_asked_for(job, monkeypatch):
    monkeypatch.setattr("formcheck.batch.worker.analyze", raising(ZeroDivisionError("x")))
    assert "ZeroDivisionError" in work(job(terms=Terms(debug=True)), silent).trace


def test_nothing_assessed_is_a_report_with_a_reason(job, tmp_path):
    path = tmp_path / "still.npz"
    perform().film().save(path)
    done = work(job(path), silent).record
    assert (done.status, done.folder) == ("not-assessed", "team/anna")
    assert done.reason == done.summary.sentence
    report = json.loads((tmp_path / "out" / "team" / "anna" / "report.json").read_text())
    assert report["verdict"]["status"] == "not-assessed"


def test_the_key_changes_with_all_that_a_result_follows_from(track, tmp_path):
    setting = tmp_path / "setting.json"
    results.write(analyze(track, Options(), silent), tmp_path / "set", silent)
    setting.write_bytes((tmp_path / "set" / "setting.json").read_bytes())
    model = tmp_path / "m.task"
    model.write_bytes(b"weights")
    terms = [
        Terms(), Terms(video=False), Terms(freeze=False), Terms(Options(exercise="auto")),
        Terms(Options(athlete={"mass_kg": 70.0})), Terms(Options(athlete_name="Anna")),
        Terms(Options(capture_fps=240.0)), Terms(Options(setting=setting)),
    ]  # fmt: skip
    keys = [key_of(t, m) for t in terms for m in (None, model)]
    assert len(set(keys)) == len(keys)
    assert keys == [key_of(t, m) for t in terms for m in (None, model)]
    model.write_bytes(b"others")
    assert key_of(Terms(), model) not in keys
