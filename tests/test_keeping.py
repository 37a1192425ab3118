"""What is kept of athletes and what is deleted: nobody else's, nothing twice, nothing left."""

import csv
import io
import json
import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from athlete import Curl, perform
from storing import done as stored
from typer.testing import CliRunner

from formcheck import forgetting, history, overnight, results, watch
from formcheck.analysis import Options, analyze
from formcheck.cli import app
from formcheck.errors import OutputError, UsageError
from formcheck.live.output import Counts
from formcheck.store import jobs, keeping, opening
from formcheck.store.opening import opened

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
DONE = stored()
ONE = (Curl(lower=3.0),)


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    """Two pose tracks of one tripod: Monday's and Tuesday's."""
    folder = tmp_path_factory.mktemp("clips")
    perform(*ONE).film(fps=15).save(folder / "mon.npz")
    perform(*ONE).film(fps=15, seed=1, noise=0.5).save(folder / "tue.npz")
    return folder


@pytest.fixture(scope="module")
def made(clips, tmp_path_factory):
    """The results of both, Tuesday's with Monday's setting."""
    out = tmp_path_factory.mktemp("made")

    def write(name, **options):
        done = analyze(clips / f"{name}.npz", Options(**options), lambda *_: None)
        results.write(done, out / name, lambda *_: None, video=False)

    write("mon")
    write("tue", setting=out / "mon" / "setting.json")
    return out


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("FORMCHECK_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def put(tmp_path, made):
    """A result in a folder, of another clip each time unless one says which: who it names, and
    what else of its report is otherwise."""

    def copy(name="clip", of="mon", sha256=None, athlete="Anna", **changes):
        here = tmp_path / "out" / name
        shutil.copytree(made / of, here, dirs_exist_ok=True)
        told = json.loads((here / "report.json").read_text(encoding="utf-8"))
        if sha256 is not None:  # another clip
            told["clip"]["sha256"] = sha256
            (here / "pose.npz").unlink()
        told["clip"] |= changes.pop("clip", {})
        told["athlete"]["name"] = athlete
        (here / "report.json").write_text(json.dumps(told | changes), encoding="utf-8")
        return here

    return copy


def life(name="Anna", now=NOW):
    with opened() as store:
        return history.life(store, name, now)


def names():
    with opened() as store:
        return [one.name for one in keeping.entries(store)]


def run(*arguments, status=0, command="history", **how):
    done = CliRunner().invoke(app, [command, *map(str, arguments)], **how)
    assert done.exit_code == status, done.output
    return done


# --- what is kept


def test_two_clips_of_one_setting_are_two_recordings(made):
    for name in ("mon", "tue"):
        assert history.keep(made / name, "Anna", NOW) == "new"
    assert [r.name for r in life().recordings] == ["mon.npz", "tue.npz"]


def test_where_the_poses_are_not_known_clips_are_not_taken_for_one_another(put):
    for n in "12":
        assert history.keep(put(n, sha256=n * 64), "Anna", NOW) == "new"
    assert {r.track_sha256 for r in life().recordings} == {""}


def test_a_clip_and_its_poses_are_one_recording(put):
    history.keep(put("clip", clip={"sha256": "1" * 64}), "Anna", NOW)
    assert history.keep(put("poses", clip={"sha256": "2" * 64}), "Anna", NOW) == "again"
    assert len(life().recordings) == 1


def test_a_clip_whose_other_results_are_two_replaces_both(put):
    history.keep(put("a", sha256="1" * 64), "Anna", NOW)
    history.keep(put("b", of="tue", clip={"sha256": "2" * 64}), "Anna", NOW)
    both = put("c", of="tue", clip={"sha256": "1" * 64})
    assert history.keep(both, "Anna", NOW) == "again"
    assert [r.folder for r in life().recordings] == [str(both)]


def test_a_clip_in_which_no_rep_is_counted_any_more_is_taken_out(put):
    history.keep(put(), "Anna", NOW)
    assert history.keep(put(sets=[], reps=[]), "Ben", NOW) == "nothing"
    assert history.keep(put(sets=[], reps=[]), "Anna", NOW) == "removed"
    assert life().recordings == ()


def test_a_clip_taken_for_another_exercise_is_kept_once(put, made):
    history.keep(put(), "Anna", NOW)
    analysed = put()
    told = json.loads((analysed / "report.json").read_text(encoding="utf-8"))
    told["exercise"] = "bench-leg-curl"
    (analysed / "report.json").write_text(json.dumps(told), encoding="utf-8")
    assert history.keep(analysed, "Anna", NOW) == "again"
    assert [r.exercise for r in life().recordings] == ["bench-leg-curl"]


def test_a_day_that_somebody_said_outdoes_that_of_the_clip_and_that_the_day_of_the_analysis(put):
    day = lambda n: NOW - timedelta(days=n)  # noqa: E731 - three of them in a row
    told = {"recorded_at": day(9).isoformat()}
    for at, clip, want in (
        (None, {}, (NOW, "kept")),
        (None, told, (day(9), "clip")),
        (None, {}, (day(9), "clip")),
        (day(30), told, (day(30), "user")),
        (None, told, (day(30), "user")),
        (day(20), {}, (day(20), "user")),
    ):
        history.keep(put(clip=clip), "Anna", NOW, at=at)
        (recording,) = life().recordings
        assert (recording.recorded_at, recording.dated_by) == want
        assert history.sets_of(recording)[0].at - want[0] < timedelta(minutes=1)


def test_an_old_clip_does_not_say_what_is_true_of_the_body_now(put, made):
    settings = json.loads((made / "mon" / "report.json").read_text(encoding="utf-8"))["settings"]
    heavy, light = ({"settings": settings | {"mass_kg": kg}} for kg in (62.0, 58.0))
    heavy["settings"]["sex"] = None
    light["settings"]["sex"] = "female"
    history.keep(put("new", sha256="1" * 64, **heavy), "Anna", NOW, at=NOW)
    history.keep(put("old", sha256="2" * 64, **light), "Anna", NOW, at=NOW - timedelta(days=700))
    assert life().body == {"mass_kg": 62.0, "height_m": None, "sex": "female"}
    history.keep(put("next", sha256="3" * 64, **light), "Anna", NOW, at=NOW + timedelta(hours=1))
    assert life().body["mass_kg"] == 58.0


def test_a_clip_without_a_day_does_not_say_what_is_true_of_the_body_now(put, made):
    settings = json.loads((made / "mon" / "report.json").read_text(encoding="utf-8"))["settings"]
    heavy, light = ({"settings": settings | {"mass_kg": kg}} for kg in (62.0, 58.0))
    history.keep(put("first", sha256="1" * 64, **light), "Anna", NOW)
    history.keep(put("dated", sha256="2" * 64, **heavy), "Anna", NOW, at=NOW - timedelta(days=3))
    history.keep(put("undated", sha256="3" * 64, **light), "Anna", NOW)
    assert life().body["mass_kg"] == 62.0


def test_a_day_that_nobody_knows_is_not_told_as_the_last():
    for n, dated_by in enumerate(("kept", "clip")):
        with opened() as store:
            sets = [one.model_copy(update={"at": NOW - timedelta(days=9 * n)}) for one in DONE.sets]
            changes = {"clip_sha256": str(n), "track_sha256": str(n), "dated_by": dated_by}
            at = NOW - timedelta(days=9 * n)
            keeping.keep(store, "Anna", replace(DONE, sets=sets, at=at, **changes), NOW)
            (one,) = keeping.entries(store)
        assert one.last == (None if n == 0 else NOW - timedelta(days=9))


def test_a_day_is_said_of_a_result_and_is_no_day_to_come(put):
    here = put()
    assert "--add DIR" in run("Anna", "--on", "2026-04-22", status=2).stderr
    run("Anna", "--add", here, "--on", "2962-01-01", status=2)
    assert names() == []


def test_a_recording_is_taken_out_by_its_name_or_its_folder(put):
    mine, other = put("a", sha256="1" * 64), put("b", sha256="2" * 64)
    history.keep(other, "Anna", NOW)
    history.keep(mine, "Anna", NOW, at=NOW)
    last = "The last are: mon.npz (day not known), mon.npz (2026-05-01)."
    assert f"no recording called 'x.mp4'. {last}" in " ".join(
        run("Anna", "--remove", "x.mp4", status=2).stderr.split()
    )
    assert "has 2 recordings called" in run("Anna", "--remove", "mon.npz", status=2).stderr
    said = run("anna", "--remove", mine).stderr
    assert "Taken out: mon.npz (2026-05-01)" in said and str(mine) in said
    assert [r.folder for r in life().recordings] == [str(other)]
    assert mine.is_dir()
    run("Anna", "--remove", "mon.npz")
    run("Ben", "--add", mine)  # this is how it is moved
    assert names() == ["Anna", "Ben"]


def today() -> str:
    return f"{datetime.now().astimezone():%Y-%m-%d}"


def test_notes_are_added_with_their_day_and_of_those_only_who_are_known(put):
    assert "no athlete called 'Anna'" in run("Anna", "--note", "left knee", status=2).stderr
    assert names() == []
    history.keep(put(), "Anna", NOW)
    begun = today()
    run("anna", "--note", "left knee")
    said = run("anna", "--note", "back\nagain").stdout.splitlines()
    days = [line[:10] for line in said[1:3]]
    assert said[1:3] == [f"{days[0]}: left knee", f"{days[1]}: back again"]
    assert begun <= days[0] <= days[1] <= today()
    run("anna", "--note", "")
    assert life().notes == ""


def test_sets_that_another_version_kept_are_read_from_the_report(put):
    history.keep(put(), "Anna", NOW)
    before = history.sets_of(life().recordings[0])
    with opened() as store, store.writing() as session:
        (recording,) = keeping.there(session, "Anna").recordings
        recording.sets[0].told = recording.sets[0].told | {"of_tomorrow": 1}
    (recording,) = life().recordings
    assert history.sets_of(recording) == before
    with opened() as store, store.writing() as session:
        (recording,) = keeping.there(session, "Anna").recordings
        recording.report = recording.report | {"of_tomorrow": 1}
    assert life().stories == ()
    assert "analyse them anew: mon.npz" in run("Anna").stdout
    assert json.loads(run("Anna", "--json").stdout)["recordings"][0]["sets"] == []


def test_a_table_computes_nothing(put, tmp_path):
    history.keep(put(clip={"name": '=HYPERLINK("http://x").mp4'}), "Anna", NOW)
    rows = list(csv.DictReader(io.StringIO(history.as_csv(life()))))
    assert rows[0]["recording"] == '\'=HYPERLINK("http://x").mp4'
    table = tmp_path / "a.csv"
    run("Anna", "--csv", table)
    assert table.read_text(encoding="utf-8") == history.as_csv(life())
    assert sorted(tmp_path.glob("*.part")) == []


# --- kept by whom


def test_analyze_keeps_what_it_wrote(clips, tmp_path):
    out = tmp_path / "out"
    done = run(clips / "mon.npz", "--athlete", "Anna", "--out", out, command="analyze")
    assert "Kept for Anna: formcheck history Anna" in done.stderr
    assert [r.folder for r in life().recordings] == [str(out / "mon")]


def test_a_history_that_cannot_be_written_spoils_no_analysis(clips, tmp_path, monkeypatch):
    def locked(*_):
        raise OutputError("formcheck.db: the database cannot be used (database is locked).")

    monkeypatch.setattr(keeping, "keep", locked)
    args = (clips / "mon.npz", "--athlete", "Anna B", "--out", tmp_path / "out")
    said = " ".join(run(*args, command="analyze").stderr.split())
    assert "Not kept for Anna B: formcheck.db: the database cannot be used" in said
    assert f"formcheck history 'Anna B' --add {tmp_path / 'out' / 'mon'}" in said


def test_a_batch_keeps_each_clip_as_it_is_done(clips, tmp_path, monkeypatch):
    """Also where it never ends well, as a watch that is stopped."""

    def stop(night):
        raise KeyboardInterrupt

    monkeypatch.setattr(overnight.Night, "idle", stop)
    for clip in clips.iterdir():
        os.utime(clip, (1e9, 1e9))  # old, so whole at once
    args = (clips, "--athlete", "Anna", "--out", tmp_path / "out", "--watch", "--jobs", 1)
    done = run(*args, command="batch", status=130)
    assert done.stderr.count("Kept for Anna: formcheck history Anna") == 1
    assert {r.folder for r in life().recordings} == {
        str(tmp_path / "out" / name) for name in ("mon", "tue")
    }


def test_live_keeps_a_set_as_soon_as_its_folder_is_there(put, tmp_path, monkeypatch):
    """Not after the videos are drawn, which takes as long as the sitting did."""
    folder = put()

    def sit(live, *_, **how):
        live.written(folder)
        assert len(life().recordings) == 1
        raise KeyboardInterrupt

    monkeypatch.setattr(watch, "sit", sit)
    run("--athlete", "Anna", "--no-window", "--no-sound", command="live", status=130)
    assert len(life().recordings) == 1


def test_live_says_what_was_kept_with_the_set(put, monkeypatch):
    folder = put()
    done = SimpleNamespace(folder=folder, analysis=SimpleNamespace(filmed=False))

    def sit(live, progress, told, counts):
        live.written(folder)
        told(done)
        counts(Counts((), 0, 0, 0, 0))

    monkeypatch.setattr(watch, "sit", sit)
    monkeypatch.setattr(watch, "summarise", lambda *_, **how: None)
    said = run("--athlete", "Anna", "--no-window", "--no-sound", command="live").stderr
    assert said.splitlines() == ["Kept for Anna: formcheck history Anna"]


# --- what is deleted


def forget(name="Anna", **how):
    return run(name, "--delete", "--yes", **how).stderr


def test_a_result_that_now_names_somebody_else_stays(put):
    history.keep(put(athlete="Ana"), "Ana", NOW)
    here = put(athlete="Anna")  # the slip of the pen is mended: analysed once more
    history.keep(here, "Anna", NOW)
    assert f"another's: {here}" in forget("Ana")
    assert here.is_dir() and names() == ["Anna"]
    assert "1 folder of results" in forget("anna")
    assert not here.exists()


@pytest.mark.parametrize("order", [("Ana", "Anna"), ("Anna", "Ana")])
def test_who_was_mistyped_once_is_forgotten_in_any_order(put, order):
    history.keep(put(athlete="Ana"), "Ana", NOW)
    here = put(athlete="Anna")
    history.keep(here, "Anna", NOW)
    for name in order:
        forget(name)
    assert not here.exists() and names() == []


def test_comparisons_that_show_the_clips_are_named(put, tmp_path):
    history.keep(put("mon", sha256="1" * 64), "Anna", NOW)
    history.keep(put("other", sha256="3" * 64), "Ben", NOW)
    both = tmp_path / "out" / "mon_and_fri"
    both.mkdir()
    told = {"a": {"sha256": "1" * 64}, "b": {"sha256": "2" * 64}}
    (both / "compare.json").write_text(json.dumps(told), encoding="utf-8")
    assert f"A comparison still shows them; delete its folder yourself: {both}" in forget()
    assert "A comparison" not in forget("Ben")


def test_a_live_set_of_the_web_app_leaves_no_name(put, data):
    """Its source is the folder of its result."""
    here = put()
    history.keep(here, "Anna", NOW)
    with opened() as store:
        jobs.enqueue(store, "Set", str(here), {"athlete": "Anna Secret"}, NOW)
        jobs.enqueue(store, "Set", str(here), {"athlete": "Anna"}, NOW)
    assert "in the web app" not in forget()
    with opened() as store:
        assert keeping.uploads(store, "Anna") == []
        assert keeping.uploads(store, "Anna Secret") == [here]


def test_a_result_that_is_kept_for_two_stays_until_the_second_goes(put):
    """Two athletes in one clip, or one that was added to both."""
    here = put(athlete=None)
    for name in ("Anna", "Ben"):
        history.keep(here, name, NOW)
    assert f"another's: {here}" in forget("Anna")
    assert here.is_dir()
    forget("Ben")
    assert not here.exists()


def test_what_formcheck_has_not_written_stays(put):
    here = put()
    (here / "original.mov").write_text("mine")
    history.keep(here, "Anna", NOW)
    said = forget()
    assert f"formcheck has not written: {here}" in said
    assert [p.name for p in here.iterdir()] == ["original.mov"]


def test_what_live_filmed_goes_and_the_prompt_says_so(put):
    here = put()
    for name in results.OWN:
        (here / name).touch()
    history.keep(here, "Anna", NOW)
    run("Anna", "--delete", input="n\n", status=130)
    asked = run("Anna", "--delete", input="y\n").stderr
    assert "1 with recorded.mp4, the only film of a set" in asked
    assert not here.exists()


def test_a_folder_that_is_not_there_any_more_is_named(put):
    here = put()
    history.keep(here, "Anna", NOW)
    here.rename(here.with_name("moved"))
    said = forget()
    assert "0 folders of results" in said
    assert f"if you moved it, delete it yourself: {here}" in said
    assert names() == []


def test_who_was_interrupted_can_ask_again(put, monkeypatch):
    """Whatever goes first, the folders are known until they are gone."""
    one, other = put("a", sha256="1" * 64), put("b", sha256="2" * 64)
    for here in (one, other):
        history.keep(here, "Anna", NOW)
    removed = results.remove

    def killed(folder):
        removed(folder)
        raise SystemExit(9)

    with monkeypatch.context() as patch:
        patch.setattr(results, "remove", killed)
        run("Anna", "--delete", "--yes", status=9)
    assert names() == ["Anna"]
    assert (one.exists(), other.exists()) == (False, True)
    forget()
    assert not other.exists() and names() == []


def test_what_is_kept_while_it_is_deleted_goes_too(put, monkeypatch):
    first, late = put("a", sha256="1" * 64), put("b", sha256="2" * 64)
    history.keep(first, "Anna", NOW)
    places = keeping.places

    def meanwhile(store, name):
        found = places(store, name)
        history.keep(late, "Anna", NOW)
        return found

    with opened() as store, monkeypatch.context() as patch:
        patch.setattr(keeping, "places", meanwhile)
        done = forgetting.forget(store, "Anna")
    assert done.of("gone") == [first, late]


def test_a_folder_that_cannot_be_deleted_is_named(put, monkeypatch):
    def denied(folder):
        raise PermissionError

    here = put()
    history.keep(here, "Anna", NOW)
    monkeypatch.setattr(results, "remove", denied)
    assert f"Could not be deleted: {here}" in forget(status=5)


def test_tables_of_a_batch_that_still_tell_of_the_clips_are_named(put, tmp_path):
    here = put("team/clip", sha256="1" * 64)
    table = tmp_path / "out" / "batch.json"
    table.write_text(json.dumps({"clips": [{"sha256": "1" * 64}]}), encoding="utf-8")
    history.keep(here, "Anna", NOW)
    history.keep(put("other", sha256="2" * 64), "Ben", NOW)
    assert f"tables still tell of them; take the clips out and run it again: {table.parent}" in (
        forget()
    )
    assert "tables still" not in forget("Ben")


def test_clips_in_the_web_app_are_named(put, tmp_path):
    history.keep(put(), "Anna", NOW)
    mine, bens = tmp_path / "mine.mp4", tmp_path / "bens.mp4"
    with opened() as store:
        for clip, whose in ((mine, "ANNA"), (bens, "Ben"), (tmp_path / "gone", "Anna")):
            jobs.enqueue(store, clip.name, str(clip), {"athlete": whose}, NOW)
    mine.touch(), bens.touch()
    said = forget()
    assert f"in the web app; delete it there: {mine}" in said
    assert "bens" not in said and "gone" not in said


def test_that_somebody_still_reads_what_was_deleted_is_said(put, data, monkeypatch):
    monkeypatch.setattr(opening, "WAITS_S", 0.05)
    history.keep(put(), "Anna Secret", NOW)
    with opened() as store, store.reading() as session:
        keeping.there(session, "Anna Secret")
        assert "Another process reads the database" in forget("Anna Secret")
    assert "Another process" not in run("Zoe", "--delete", "--yes", status=2).stderr
    assert b"Secret" not in b"".join(f.read_bytes() for f in Path(data).iterdir())


def test_nobody_is_no_athlete():
    with opened() as store, pytest.raises(UsageError, match="no athlete called 'Zoe'"):
        forgetting.forget(store, "Zoe")
