"""A club's own limits: what they change, what they leave, and what is refused."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from athlete import NORDIC, Curl, estimate, judged, perform
from demonstrations import bench_leg_curl
from typer.testing import CliRunner

from formcheck.analysis import Options, analyze, wanted
from formcheck.checks import Limit
from formcheck.cli import app
from formcheck.errors import InputError
from formcheck.exercises import AUTO, EXERCISES
from formcheck.files import sha256
from formcheck.measures.measure import Measured
from formcheck.profile import limits_of, load
from formcheck.report import Report
from formcheck.session import Session
from formcheck.sets import SetCheck, SetMeasure, variation
from formcheck.testing import at_rate

DOCS = Path(__file__).resolve().parent.parent / "docs"
SLOWER = """
name = "First team"
[falls-too-fast.eccentric_duration]
warning = 7.5
fault = 2.25
"""


def written(folder, text, name="club.toml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def refusal(tmp_path):
    """What is said of a profile that cannot be used on the Nordic curl."""

    def of(text: str) -> str:
        with pytest.raises(InputError) as error:
            load(written(tmp_path, text)).applied(NORDIC)
        assert error.value.status == 3
        return str(error.value)

    return of


@pytest.fixture
def track(tmp_path):
    path = tmp_path / "anna.npz"
    perform(Curl(), Curl()).film(fps=24).save(path)
    return path


def limit_of(exercise, check, measure) -> Limit:
    return next(
        limit
        for c in exercise.checks
        if c.name == check
        for limit in c.limits
        if limit.measure == measure
    )


# --- what it changes


def test_the_named_levels_change_and_nothing_else(tmp_path):
    changed = load(written(tmp_path, SLOWER)).applied(NORDIC)
    limit = limit_of(changed, "falls-too-fast", "eccentric_duration")
    assert (limit.fault, limit.warning, limit.note) == (2.25, 7.5, None)
    assert limit.source.startswith("profile First team; else ")
    own = limit_of(NORDIC, "falls-too-fast", "eccentric_duration")
    put_back = replace(limit, fault=own.fault, warning=own.warning, source=own.source)
    assert put_back == own

    def others(exercise):
        return [
            limit for c in exercise.checks for limit in c.limits if limit.measure != own.measure
        ]

    assert others(changed) == others(NORDIC)
    assert replace(changed, checks=NORDIC.checks, profile=None) == NORDIC


def test_a_finding_carries_the_profiles_limit_and_says_it_truly(tmp_path):
    done = perform(Curl()).film(fps=30)
    setting = estimate(done).model_copy(update={"clock": "known"})
    session = Session(load(written(tmp_path, SLOWER)).applied(NORDIC), setting)
    for pose in done:
        session.push(pose)
    report = session.close()
    (finding,) = [f for r in report.reps for f in r.findings if f.measure == "eccentric_duration"]
    assert (finding.severity, finding.limit) == ("warning", 7.5)
    assert "under 7.5 s; aim for 7.5 s or more" in finding.sentence
    assert report.settings.profile == "First team"
    plain = judged(done)[1]
    assert not [f for r in plain.reps for f in r.findings if f.measure == "eccentric_duration"]
    assert plain.settings.profile is None


def test_a_level_may_be_added_and_a_laxer_one_silences(tmp_path):
    lax = "[falls-too-fast.eccentric_duration]\nwarning = 0.5\nfault = 0.25\nnote = 9"
    limit = limit_of(
        load(written(tmp_path, lax)).applied(NORDIC), "falls-too-fast", "eccentric_duration"
    )
    assert (limit.fault, limit.warning, limit.note) == (0.25, 0.5, 9.0)
    assert limit.aim == 9.0


def test_a_limit_of_the_set_is_changed_as_well(tmp_path):
    uneven = SetCheck(
        "uneven-tempo", "an uneven tempo", "Count evenly.",
        limits=(Limit("tempo_variation", "It varied by {value:.0%}.", note=0.3, source="-"),),
    )  # fmt: skip
    measure = SetMeasure("tempo_variation", "1", variation("eccentric_duration", 3, "It"), "-")
    look = replace(NORDIC.look, compared=())
    exercise = replace(
        NORDIC, set_checks=(uneven,), set_measures=(measure,), look=look, programme=None
    )
    changed = load(written(tmp_path, "[uneven-tempo.tempo_variation]\nnote = 0.2")).applied(
        exercise
    )
    assert changed.set_checks[0].limits[0].note == 0.2
    assert dict(limits_of(changed))["uneven-tempo.tempo_variation"] == "note over 0.2"


def test_without_a_name_it_is_called_by_its_file(tmp_path):
    profile = load(written(tmp_path, "[hips-pike.hip_break]\nwarning = 10", "u19 girls.toml"))
    assert profile.name == "u19 girls.toml"
    assert profile.applied(NORDIC).profile == "u19 girls.toml"


def test_what_hangs_on_a_limit_hangs_on_the_profiles(tmp_path):
    """Hands down at 40 degrees are early for a club that says 30: without a break it is open."""
    strict = load(written(tmp_path, "[overuses-arms.catch_angle]\nfault = 30")).applied(NORDIC)
    told = {"unit": "deg", "source": "-", "status": "ok"}
    measures = {
        "catch_angle": Measured(value=40.0, **told),
        "hand_assisted_work_fraction": Measured(value=0.1, **told),
        "break_point_angle": Measured(value=None, reason="It was too dark.", **told),
    }
    said = [
        next(c for c in exercise.checks if c.name == "overuses-arms")
        for exercise in (NORDIC, strict)
    ]
    assert [check.unsure(check, measures) for check in said] == [None, "It was too dark."]


# --- what is refused


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[falls-too-fst.early_fall]\nfault = 1", ("no check 'falls-too-fst'", "hips-pike")),
        ("[hips-pike.hip_brake]\nfault = 30", ("no limit on 'hip_brake'", "one of: hip_break")),
        ("[hips-pike.early_fall]\nfault = 30", ("no limit on 'early_fall'",)),
        ("[hips-pike.hip_break]\nfaults = 30", ("faults = 30", "one of: fault, warning, note")),
        ("[hips-pike]\nfault = 30", ("of which measure?", "[hips-pike.MEASURE]")),
        ("exercize = 'nordic-curl'\n[hips-pike.hip_break]\nfault = 30", ("exercize", "exercise")),
        ("[hips-pike.hip_break]\nfault = '30'", ('fault = "30"', "expected a number")),
        ("[hips-pike.hip_break]\nfault = true", ("fault = True", "expected a number")),
        ("[hips-pike.hip_break]\nfault = [30]", ("expected a number",)),
        ("[hips-pike.hip_break]\nfault = 2026-11-30", ("expected a number",)),
        ("[hips-pike.hip_break]\nfault = nan", ("fault = nan", "can be reached")),
        ("[hips-pike.hip_break]\nfault = -inf", ("fault = -inf", "can be reached")),
        ("[hips-pike.hip_break]\nwarning = 25", ("warning of 25", "fault of 20", "20 or less")),
        ("[hips-pike.hip_break]\nnote = 16", ("note of 16", "warning of 15", "15 or less")),
        ("[hips-pike.hip_break]\nfault = 10", ("warning of 15", "fault of 10")),
        (
            "[falls-too-fast.eccentric_duration]\nwarning = 1.5",
            ("warning of 1.5", "fault of 2", "2 or more"),
        ),
        ("name = 7\n[hips-pike.hip_break]\nfault = 30", ("name = 7", "a name in quotes")),
        ("name = ' '\n[hips-pike.hip_break]\nfault = 30", ("a name in quotes",)),
        ("[hips-pike.hip_break]", ("changes no limit",)),
        ("[hips-pike]", ("changes no limit", "[hips-pike.MEASURE]")),
        ("name = 'nothing'", ("changes no limit",)),
        ("", ("changes no limit",)),
        ("fault = = 3", ("not TOML", "[CHECK.MEASURE]")),
        ("[hips-pike.hip_break]\nfault = 30\nfault = 31", ("not TOML",)),
        (
            "exercise = 'rowing'\n[hips-pike.hip_break]\nfault = 30",
            ("it is for rowing", "checked as nordic-curl", "--exercise rowing"),
        ),
    ],
)
def test_a_wrong_one_is_refused_with_what_was_expected(refusal, text, said):
    message = refusal(text)
    assert "club.toml" in message
    assert [part for part in said if part not in message] == []
    assert "--profile" in message or "leave the profile out" in message


def test_all_that_is_wrong_is_said_at_once(refusal):
    message = refusal(
        "[a.b]\nfault = 1\n[hips-pike.c]\nfault = 2\n[hips-pike.hip_break]\nnote = 99"
    )
    assert len([line for line in message.splitlines() if line.startswith("  [")]) == 3


def test_what_is_no_text_or_not_there_is_refused(tmp_path):
    binary = tmp_path / "club.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not TOML"):
        load(binary)
    with pytest.raises(InputError, match=r"none.toml.*cannot be read"):
        load(tmp_path / "none.toml")
    with pytest.raises(InputError, match="cannot be read"):
        load(tmp_path)


# --- through the analysis


def analysed(path, track) -> Report:
    return analyze(track, Options(profile=load(path)), lambda stage, share: None).report


def test_the_report_names_it_and_keeps_the_pages_hash(tmp_path, track):
    path = written(tmp_path, SLOWER)
    report, plain = analysed(path, track), analyze(track, Options(), lambda *_: None).report
    assert report.settings.profile == "First team"
    assert report.provenance.profile_sha256 == sha256(path)
    assert report.provenance.exercise_sha256 == plain.provenance.exercise_sha256
    assert plain.provenance.profile_sha256 is None
    assert report.set_.reps == plain.set_.reps == 2
    assert report.json_text() == analysed(path, track).json_text()


def test_where_the_exercise_is_left_open_the_others_keep_their_own_limits(tmp_path, track):
    path = written(tmp_path, f'exercise = "nordic-curl"\n{SLOWER}')
    open_ = Options(exercise=AUTO, profile=load(path))
    limited = {e.name: e.profile for e in wanted(open_)}
    assert limited == dict.fromkeys(EXERCISES, None) | {"nordic-curl": "First team"}
    found = analyze(track, open_, lambda *_: None).report
    assert (found.exercise, found.settings.profile) == ("nordic-curl", "First team")
    lying = bench_leg_curl(reps=2, share=1.0)
    at_rate(lying, 24).save(tmp_path / "lying.npz")
    other = analyze(tmp_path / "lying.npz", open_, lambda *_: None).report
    assert other.exercise == "bench-leg-curl"
    assert other.settings.profile is other.provenance.profile_sha256 is None


def test_left_open_or_not_a_wrong_one_is_refused(tmp_path):
    wrong = "[hips-pike.hip_brake]\nfault = 30"
    for text in (wrong, f'exercise = "nordic-curl"\n{wrong}'):
        with pytest.raises(InputError, match="hip_brake"):
            wanted(Options(exercise=AUTO, profile=load(written(tmp_path, text))))
    ours = "[hips-lift.hip_lift]\nfault = 12"
    with pytest.raises(InputError, match="nordic-curl has no check"):
        text = f'exercise = "nordic-curl"\n{ours}'
        wanted(Options(exercise=AUTO, profile=load(written(tmp_path, text))))


def test_the_documents_example_works(tmp_path, track):
    (example,) = re.findall(r"```toml\n(.*?)```", (DOCS / "profile.md").read_text("utf-8"), re.S)
    report = analysed(written(tmp_path, example), track)
    assert report.settings.profile == "First team, in season"
    assert {f.limit for r in report.reps for f in r.findings} <= {4.0, 2.5, 12.0, 0.3}


def test_the_command_takes_it_and_says_so_on_the_page_and_in_the_terminal(tmp_path, track):
    out = tmp_path / "out"
    args = ["analyze", str(track), "--out", str(out), "--profile", str(written(tmp_path, SLOWER))]
    done = CliRunner().invoke(app, args)
    assert done.exit_code == 0
    assert "Limits: those of the profile First team." in done.stderr
    page = (out / "anna" / "report.html").read_text(encoding="utf-8")
    assert "those of the profile First team" in page
    assert '"profile": "First team"' in (out / "anna" / "report.json").read_text(encoding="utf-8")


def test_a_wrong_one_ends_the_command_before_any_clip_and_once(tmp_path, track):
    second = track.with_name("berta.npz")
    second.write_bytes(track.read_bytes())
    wrong = written(tmp_path, "[hips-pike.hip_brake]\nfault = 30")
    out = tmp_path / "out"
    args = ["analyze", str(track), str(second), "--out", str(out), "--profile", str(wrong)]
    done = CliRunner().invoke(app, args)
    assert done.exit_code == 3
    assert done.stderr.count("no limit on 'hip_brake'") == 1
    assert not out.exists()


def test_the_exercises_limits_are_listed_as_a_profile_names_them():
    done = CliRunner().invoke(app, ["exercises"])
    assert "[falls-too-fast.eccentric_duration] fault under 2 s, warning under 3 s" in done.stdout
    assert "[hips-pike.hip_break] fault over 20°, warning over 15°" in done.stdout
    named = re.findall(r"\[([a-z-]+)\.([a-z_]+)\]", done.stdout)
    every = [c for e in EXERCISES.values() for c in (*e.checks, *e.set_checks)]
    assert named == [(c.name, limit.measure) for c in every for limit in c.limits]
