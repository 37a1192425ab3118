"""What is kept of athletes: after an analysis, on the command line, on the page; and forgotten."""

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import pytest
from athlete import NORDIC, Curl, Hold, perform
from pasts import START, past, session
from typer.testing import CliRunner

from formcheck import history
from formcheck.analysis import Options, analyze
from formcheck.cli import app
from formcheck.errors import InputError, UsageError
from formcheck.pages.history import render, trend
from formcheck.pauses import IDLE_S
from formcheck.progress.past import followed
from formcheck.progress.story import told
from formcheck.report import Report
from formcheck.setting import Setting
from formcheck.store import keeping
from formcheck.store.opening import opened

ONE = (Curl(lower=3.0), Curl(lower=3.0))
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def analysed(tmp_path_factory):
    """Two sets in one recording."""
    npz = tmp_path_factory.mktemp("clip") / "anna.npz"
    perform(*ONE, Hold(IDLE_S + 5), *ONE).film(fps=24).save(npz)
    done = analyze(npz, Options(), lambda *_: None)
    return done.report, done.setting


@pytest.fixture(autouse=True)
def _fresh(tmp_path, monkeypatch):
    monkeypatch.setenv("FORMCHECK_DATA", str(tmp_path / "data"))


@pytest.fixture
def folder(tmp_path, analysed):
    """Writes a result: filmed when, of which clip, and what else of the report."""

    def write(name="clip", recorded_at=None, sha256=None, **changes):
        report, setting = analysed
        clip = {"recorded_at": recorded_at, "sha256": sha256 or report.clip.sha256}
        changes["clip"] = report.clip.model_copy(update=clip)
        here = tmp_path / "out" / name
        here.mkdir(parents=True, exist_ok=True)
        text = report.model_copy(update=changes).json_text()
        (here / "report.json").write_text(text, encoding="utf-8")
        if sha256:
            origin = setting.origin.model_copy(update={"track_sha256": sha256})
            setting = setting.model_copy(update={"origin": origin})
        setting.save(here / "setting.json")
        return here

    return write


def life(name="Anna", now=NOW):
    with opened() as store:
        return history.life(store, name, now)


def run(*arguments, status=0, **how):
    done = CliRunner().invoke(app, ["history", *map(str, arguments)], **how)
    assert done.exit_code == status, done.output
    return done


# --- keeping


def test_a_result_is_kept_with_its_sets_and_its_whole_report(folder):
    here = folder(recorded_at="2026-03-02T17:00:00.000000Z")
    assert history.keep(here, "Anna", NOW) == "new"
    (recording,) = life().recordings
    assert (recording.dated_by, recording.recorded_at.day, recording.folder) == (
        "clip",
        2,
        str(here),
    )
    first, second = history.sets_of(recording)
    assert (first.reps, second.number) == (2, 2)
    assert first.at == datetime(2026, 3, 2, 17, tzinfo=UTC) + timedelta(
        seconds=recording.report["sets"][0]["start_s"]
    )
    assert Report.model_validate(recording.report).set_.reps == 4
    assert Setting.model_validate(recording.setting).side


@pytest.mark.parametrize("date", [None, "no date", "1904-01-01T00:00:00Z", "2126-01-01T00:00:00Z"])
def test_a_clip_that_does_not_know_its_day_has_that_of_its_analysis(folder, date):
    history.keep(folder(recorded_at=date), "Anna", NOW)
    (recording,) = life().recordings
    assert (recording.recorded_at, recording.dated_by) == (NOW, "kept")


def test_the_same_clip_is_kept_once_and_stays_of_its_day(folder):
    history.keep(folder(), "Anna", NOW)
    assert history.keep(folder(), "  anna ", NOW + timedelta(days=3)) == "again"
    assert [r.recorded_at for r in life().recordings] == [NOW]
    assert history.keep(folder(), "Anna", NOW, at=NOW - timedelta(days=9)) == "again"
    (recording,) = life().recordings
    assert recording.recorded_at == NOW - timedelta(days=9)
    assert history.keep(folder("other", sha256="0" * 64), "Anna", NOW) == "new"
    assert history.keep(folder(), "Ben", NOW) == "new"


def test_what_was_said_of_the_body_is_remembered(folder, analysed):
    settings = analysed[0].settings.model_copy(update={"mass_kg": 62.0, "sex": "female"})
    history.keep(folder(settings=settings), "Anna", NOW)
    history.keep(folder("again", sha256="1" * 64), "Anna", NOW)  # nothing said: nothing lost
    asked = Options(athlete={"mass_kg": 64.0}, athlete_name="ANNA")
    assert history.remembered(asked).athlete == {"mass_kg": 64.0, "sex": "female"}
    assert history.remembered(Options(athlete_name="Ben")).athlete == {}
    plain = Options()
    assert history.remembered(plain) is plain


def test_where_no_rep_was_counted_nothing_is_kept(folder, analysed):
    assert history.keep(folder(sets=(), reps=()), "Anna", NOW) == "nothing"
    with opened() as store:
        assert keeping.entries(store) == []


def test_what_is_no_result_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"no result of formcheck .* `formcheck analyze`"):
        history.keep(tmp_path, "Anna", NOW)


@pytest.mark.parametrize("name", ["", "  ", "a\nb\0", "x" * 300])
def test_a_name_has_to_be_one(name, folder):
    if name == "a\nb\0":
        assert keeping.key("a\nb") == "a b"
    with pytest.raises(UsageError, match="needs a name"):
        history.keep(folder(), name, NOW)


# --- told, exported, forgotten


def test_who_is_kept_is_listed(folder):
    assert "Nobody is kept yet" in run().stdout
    history.keep(folder(), "Ben", NOW)
    history.keep(folder(), "anna", NOW)
    assert [line.split(",")[0] for line in run().stdout.splitlines()] == [
        "anna: 2 sets",
        "Ben: 2 sets",
    ]
    listed = json.loads(run("--json").stdout)
    assert [a["sets"] for a in listed["athletes"]] == [2, 2]


def test_an_athlete_is_told_in_the_terminal(folder):
    history.keep(folder(recorded_at="2026-04-22T17:00:00Z"), "Anna", NOW)
    history.keep(folder("b", "2026-04-27T17:00:00Z", sha256="2" * 64), "Anna", NOW)
    said = run("anna", env={"COLUMNS": "120"}).stdout
    assert said.startswith("Anna\n\nNordic curls\n")
    assert said.count("  2 + 2  ") == 2
    assert "Best break point of the first 3 reps: no two sessions in the same set-up" in said
    assert "Next: Stay with lowering and coming back up" in said


def test_a_clip_without_a_day_is_shown_and_its_day_can_be_said(folder):
    here = folder()
    history.keep(here, "Anna", NOW)
    said = run("Anna", env={"COLUMNS": "120"}).stdout
    assert said.count("not known") == 2
    assert "2 sets have no day" in said
    assert "Next:" not in said
    run("Anna", "--add", here, "--on", "2026-04-22")
    (one,) = life().stories[0].sessions
    assert (one.at.date().isoformat(), one.day_only) == ("2026-04-22", True)
    rows = list(csv.DictReader(io.StringIO(history.as_csv(life()))))
    assert [r["dated_by"] for r in rows] == ["day", "day"]
    history.keep(here, "Anna", NOW)
    assert life().stories[0].sessions[0].day_only


def test_all_exercises_of_a_muscle_count_for_its_rest(folder):
    history.keep(folder(recorded_at="2026-04-27T17:00:00Z"), "Anna", NOW)
    history.keep(folder("b", "2026-04-28T17:00:00Z", "2" * 64, exercise="bench-leg-curl"), "Anna")
    bench, nordic = life().stories
    assert "(nordic-curl)" in bench.too_soon[0].words
    assert bench.ready_at == nordic.ready_at


def test_who_it_is_is_said(folder, analysed, tmp_path):
    said = {"mass_kg": 62.0, "height_m": 1.684, "sex": "female"}
    settings = analysed[0].settings.model_copy(update=said)
    history.keep(folder(settings=settings), "Anna", NOW)
    page = tmp_path / "a.html"
    days = [datetime.now().astimezone()]
    out = run("Anna", "--note", "left knee", "--html", page).stdout
    days.append(datetime.now().astimezone())  # which may have begun meanwhile
    assert out.splitlines()[:2] == ["Anna", "62 kg, 168 cm, female"]
    assert out.splitlines()[2] in {f"{day:%Y-%m-%d}: left knee" for day in days}
    assert "62 kg, 168 cm, female" in page.read_text(encoding="utf-8")


def test_nobody_of_that_name_is_said_with_who_there_is(folder):
    assert "Nobody is kept yet" in run("Zoe", status=2).stderr
    history.keep(folder(), "Anna", NOW)
    assert "There are: Anna" in run("Zoe", status=2).stderr
    assert "Whose?" in run("--delete", status=2).stderr


def test_all_is_exported(folder, tmp_path):
    history.keep(folder(), "Anna", NOW)
    table, page = tmp_path / "a.csv", tmp_path / "a.html"
    found = json.loads(run("Anna", "--csv", table, "--html", page, "--json").stdout)
    assert found["schema"] == "formcheck.history/1"
    (recording,) = found["recordings"]
    assert len(recording["sets"]) == 2
    assert recording["report"]["schema"] == "formcheck.report/1"
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8"))))
    assert float(rows[0]["setup_shank_pitch_deg"]) == pytest.approx(0.0, abs=5.0)
    assert rows[0]["setup_shank_pitch_deg_uncertainty"]
    assert [(r["set"], r["reps"]) for r in rows] == [("1", "2"), ("2", "2")]
    best = recording["sets"][0]["values"]["break_point_best"]["value"]
    assert float(rows[0]["break_point_best_deg"]) == best
    assert "Anna" in page.read_text(encoding="utf-8")


def test_a_place_that_cannot_be_written_is_named(folder, tmp_path):
    history.keep(folder(), "Anna", NOW)
    assert "cannot be written" in run("Anna", "--csv", tmp_path, status=5).stderr


def test_results_that_lie_here_are_added_with_their_day(folder):
    run("Anna", "--add", folder(), "--on", "2026-02-03", "--note", "left knee")
    found = life()
    assert found.notes.endswith(": left knee")
    assert found.recordings[0].recorded_at.astimezone().date().isoformat() == "2026-02-03"
    run("Anna", "--add", folder("none", sets=(), reps=()), status=3)


def test_an_athlete_is_forgotten_with_everything(folder, tmp_path):
    mine, foreign = folder("mine", sha256="3" * 64), folder("taken", sha256="4" * 64)
    for here in (mine, foreign):
        history.keep(here, "Anna Secret", NOW)
    history.keep(folder("bens", sha256="5" * 64), "Ben", NOW)
    folder("taken", sha256="6" * 64)  # another's result took the place
    assert run("Anna Secret", "--delete", status=130, input="n\n")
    assert mine.is_dir()
    said = run("anna secret", "--delete", "--yes").stderr
    assert "2 recordings, 1 folder of results" in said
    assert (mine.exists(), foreign.exists()) == (False, True)
    with opened() as store:
        assert [e.name for e in keeping.entries(store)] == ["Ben"]
    kept = b"".join(f.read_bytes() for f in (tmp_path / "data").iterdir())
    assert b"Secret" not in kept
    assert b"3" * 64 not in kept
    assert b"5" * 64 in kept


# --- the page


@lru_cache
def page(name="Anna", about=()):
    year = [s for day in range(0, 200, 4) for s in session(day, 60 - day / 10)]
    now = START + timedelta(days=201)
    return render(name, about, [told(year, NORDIC, now)], now)


def test_the_page_tells_the_sentences_and_every_session():
    told_ = page()
    assert "more than chance" in told_
    assert told_.count("<circle") == 50  # the sessions; the other number is not told
    last, earlier = told_.split("<details", 1)
    assert (last.count("<tr>"), earlier.count("<tr>")) == (13, 39)  # with the heads
    assert "38 earlier sessions" in earlier
    assert "<script" not in told_
    assert not re.search(r"(src|href)=\"(?!data:,)", told_)


def test_the_page_escapes_names_and_is_the_same_again():
    evil = "<script>alert(1)</script>"
    assert evil not in render(evil, [evil], [], NOW)
    assert page.__wrapped__() == page()


def test_the_page_shows_the_faults_over_the_sessions():
    sets = [
        s.model_copy(update={"faults": {"hips-pike": 2} if day < 10 else {}})
        for day in range(0, 40, 4)
        for s in session(day)
    ]
    shown = render("Anna", (), [told(sets, NORDIC, START)], START)
    assert shown.count('class="strip"') == 1
    assert shown.count("<rect") == 3
    assert "18 of 96 reps" in shown


def test_the_curve_joins_what_compares_and_shows_a_limit_as_one():
    days = [
        past(0, 50),
        past(4, 30, shins=20.0),
        past(8, 45, bound="at-most"),
        past(12, 46, width=8.0),
    ]
    (curve, *_) = (trend(told(days, NORDIC, START), name) for name in followed(NORDIC))
    assert [p.alike for p in curve.points] == [True, False, True, True]
    assert [bool(p.mark) for p in curve.points] == [False, False, True, False]
    assert curve.points[2].said == "2026-01-13: at most 45°"
    assert curve.points[1].said.endswith("not compared")
    assert curve.points[3].low > curve.points[3].y > curve.points[3].high  # down the page
    page = render("Anna", (), [told(days, NORDIC, START)], START)
    assert page.count('class="apart"') == 1
    assert "grey and without a line: not compared" in page


def test_the_page_shows_what_has_no_day():
    story = told([*session(0), past(4, told={"dated_by": "kept"})], NORDIC, START)
    assert "<td>not known</td>" in render("Anna", (), [story], START)


def test_no_picture_of_a_single_session():
    assert "<svg" not in render("Anna", (), [told(session(0), NORDIC, START)], START)
