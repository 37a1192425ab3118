"""Two sets in step: the common clock, what differs and whether it is real, page, video, command."""

import json
import random
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from athlete import NORDIC, Curl, Hold, perform
from pasts import START, value
from typer.testing import CliRunner

from formcheck import results
from formcheck.analysis import Options, analyze
from formcheck.cli import app
from formcheck.errors import InputError, UsageError
from formcheck.files import sha256
from formcheck.overlay import twofold
from formcheck.pages.pairing import render
from formcheck.pairing import comparison, words
from formcheck.pairing.step import in_step, partners
from formcheck.progress.past import past_sets
from formcheck.progress.story import told as told_of
from formcheck.twosets import film, run
from formcheck.twosets.sides import Side, names, side_of, sides

QUIET = lambda *_: None  # noqa: E731
MARK_S = 0.1
"""So near to each other do the moments of both have to be."""


BREAK = "break_point_angle"


def varied(seed: int, reps: int = 3) -> tuple[Curl, ...]:
    """Reps of one set, each with its own tempo and break."""
    dice = random.Random(seed)
    return tuple(
        Curl(
            rest=dice.uniform(1.0, 2.5),
            lower=dice.uniform(2.8, 5.0),
            breaks=dice.uniform(35, 55),
            floor=dice.uniform(0.4, 1.2),
            up=dice.uniform(1.5, 3.0),
        )
        for _ in range(reps)
    )


@lru_cache
def made(*acts, fps=30.0, mirror=False):
    """A set by construction: what was done, and its analysis."""
    done = perform(*acts)
    return done, done.film(fps=fps, mirror=mirror)


@pytest.fixture(scope="module")
def side(tmp_path_factory):
    """Analyses made-up sets, each once."""
    here, kept = tmp_path_factory.mktemp("sets"), {}

    def analysed(*acts, name=None, **how) -> Side:
        how = {"fps": 30.0, **how}
        key = (*acts, name, *how.items())
        if key not in kept:
            npz = here / f"{name or f'set {len(kept)}'}.npz"
            made(*acts, **how)[1].save(npz)
            kept[key] = Side(npz, analyze(npz, Options(), QUIET), None)
        return kept[key]

    return analysed


def stepped(a, b):
    step = in_step(a.set_, b.set_, NORDIC.look)
    assert step is not None
    return step


def told(a, b, **changes):
    """What is said of two sets, the report of b with changes."""
    clip, settings, athlete = (changes.pop(n, {}) for n in ("clip", "settings", "athlete"))
    report = b.done.report
    changes |= {
        "clip": report.clip.model_copy(update=clip),
        "settings": report.settings.model_copy(update=settings),
        "athlete": report.athlete.model_copy(update=athlete),
    }
    other = replace(b, done=replace(b.done, report=report.model_copy(update=changes)))
    return run.of_sides(a, other).told


def said_of(side, **changes):
    """A side whose report says something else."""
    report = side.done.report
    clip = report.clip.model_copy(update=changes.pop("clip", {}))
    athlete = report.athlete.model_copy(update=changes.pop("athlete", {}))
    report = report.model_copy(update={"clip": clip, "athlete": athlete, **changes})
    return replace(side, done=replace(side.done, report=report))


def breaking(side, **told):
    """The reps of a set, with that told of their break points."""
    return tuple(
        r.model_copy(update={"measures": {**r.measures, BREAK: replace(r.measures[BREAK], **told)}})
        for r in side.done.report.reps
    )


def broke(side, degrees):
    """The same set with another best break point, in degrees."""
    whole = side.done.report.set_
    told = {"value": degrees, "bound": None, "uncertainty": 6.0}
    best = replace(whole.measures["break_point_best"], **told)
    measures = {**whole.measures, "break_point_best": best}
    reps = breaking(side, **told, threshold=None, method="one")
    return said_of(side, set_=whole.model_copy(update={"measures": measures}), reps=reps)


# --- in step


@pytest.mark.parametrize("seed", range(1, 4))
def test_what_happens_in_both_is_shown_at_the_same_time(side, seed):
    """By the truth: where the body was made to start, to give way, to land and to come home."""
    scripts = varied(seed, 2), varied(seed + 100, 2)
    step = stepped(*(side(*acts, fps=fps) for acts, fps in zip(scripts, (30.0, 24.0), strict=True)))
    assert len(step.pairs) == 2
    for k, pair in enumerate(step.pairs):
        names = {knot.moment for knot in pair.knots}
        assert {"start", "bottom", "end"} <= names
        for name, true in (("break", "breaks"), ("bottom", "bottom"), ("catch", "catch")):
            if name not in names:
                continue
            shown = [
                np.interp(getattr(made(*acts)[0].reps[k], true), *_way(step, which))
                for acts, which in zip(scripts, ("a", "b"), strict=True)
            ]
            assert abs(shown[0] - shown[1]) < MARK_S, (k, name)


def _way(step, which):
    """From the seconds of a clip to those of the video."""
    knots = step.knots
    return [k.of(which) for k in knots], [k.at_s for k in knots]


@pytest.mark.parametrize("seed", range(1, 4))
def test_the_frames_of_a_moment_are_shown_at_its_time(side, seed):
    a, b = side(*varied(seed, 2), fps=30.0), side(*varied(seed + 100, 2), fps=24.0)
    step = stepped(a, b)
    at_s = film.instants(step)
    for which, one in film.by_letter(a, b):
        course, own = film.course(one, which, step, at_s), one.done.track.t_s
        assert (np.diff(course.frame) >= 0).all()
        for knot in step.knots:
            n = int(np.argmin(np.abs(at_s - knot.at_s)))
            assert abs(own[course.frame[n]] - knot.of(which)) < MARK_S


def test_nothing_runs_faster_than_it_was_and_one_of_both_as_it_was(side):
    a, b = side(*varied(1)), side(*varied(2))
    step = stepped(a, b)
    for pair in step.pairs:
        for one, other in pairwise(pair.knots):
            middle = (one.at_s + other.at_s) / 2
            paces = [step.pace(which, middle, 1.0) for which in ("a", "b")]
            assert max(paces) == pytest.approx(1.0)


def test_the_other_way_round_it_is_the_same_clock(side):
    a, b = side(*varied(1)), side(*varied(2))
    one, other = stepped(a, b), stepped(b, a)
    assert [k.at_s for k in one.knots] == pytest.approx([k.at_s for k in other.knots])


def test_slow_motion_is_shown_at_the_pace_of_the_world(side):
    a, b = side(*varied(1)), side(*varied(2))
    slow = said_of(b, clip={"time_scale": 4.0})  # then b is the quick one everywhere
    step = stepped(a, slow)
    first, last = step.pairs[0].knots[0], step.pairs[0].knots[-1]
    assert last.at_s - first.at_s == pytest.approx(last.a_s - first.a_s, abs=1e-6)


def test_a_rep_without_a_break_is_brought_in_step_by_what_both_have(side):
    held = side(Curl(breaks=None, hands=None, lower=4.0))
    fell = side(Curl(lower=2.0))
    (pair,) = stepped(held, fell).pairs
    assert [k.moment for k in pair.knots] == ["start", "bottom", "end"]


def test_reps_without_a_partner_are_named_and_left_out(side):
    long, short = side(*varied(3, 3)), side(*varied(2, 2))
    step = stepped(long, short)
    assert [(p.a, p.b) for p in step.pairs] == [(1, 1), (2, 2)]
    assert step.alone == ((3,), ())
    assert "Without a partner: rep 3 of A." in words.alone(run.of_sides(long, short).told)


def test_a_set_of_a_recording_goes_with_the_same_set_of_the_other(side):
    reps = side(*varied(3, 3)).set_.counted

    def of_sets(*numbers):
        return [r.model_copy(update={"set_number": n}) for r, n in zip(reps, numbers, strict=False)]

    pairs = partners(of_sets(1, 1, 2), of_sets(1, 2, 2))
    assert [(a.number, b.number) for a, b in pairs] == [(1, 1), (3, 2)]


def test_a_long_rest_is_run_through(side):
    slow = Curl(lower=3.0, rest=7.0)
    step = stepped(*[side(Curl(lower=3.0), slow)] * 2)
    first, second = step.pairs
    assert second.knots[0].at_s - first.knots[-1].at_s == pytest.approx(1.5)


# --- what differs, and whether that is real


@pytest.mark.parametrize(
    ("degrees", "apart_h", "real", "best"),
    [
        (60.0, 24, False, None),  # 16 degrees: less than 1.65 times 8.03 joined with 6 and 6
        (54.0, 0.2, True, "A"),  # more than 4.1 with them, in one session
        (64.0, 24, True, "A"),
        (24.0, 24, True, "B"),
        (64.0, None, True, "A"),
        (60.0, None, False, None),  # not known when: as if of two sessions
    ],
)
def test_a_difference_is_real_beyond_what_was_measured(side, degrees, apart_h, real, best):
    a = broke(side(*varied(1)), 44.0)
    b = broke(side(*varied(2)), degrees)
    if apart_h is not None:
        a = said_of(a, clip={"recorded_at": "2026-03-02T17:00:00Z"})
        day, hour = (3, 17) if apart_h == 24 else (2, 17)
        b = said_of(b, clip={"recorded_at": f"2026-03-{day:02}T{hour}:12:00Z"})
    found = run.of_sides(a, b).told
    assert found.change.real is real
    headline = words.headline(found)
    assert ("real" in headline) and (best is None or f"{best} is" in headline)
    published, looks = (4.1, 1.0) if apart_h == 0.2 else (8.03, 1.65)
    least = looks * np.hypot(published, np.hypot(6, 6))
    assert found.change.least == pytest.approx(least, abs=0.01)
    assert _of_history(a, b, together=apart_h == 0.2) == (found.change.real, found.change.least)


def _of_history(*both, together):
    """What a history of these two says."""
    apart = timedelta(hours=1 if together else 48)
    sets = [
        one
        for n, side in enumerate(both)
        for one in past_sets(side.done.report, NORDIC, START + n * apart)
    ]
    story = told_of(sets, NORDIC, START + timedelta(days=4))
    found = story.within_last if together else story.since_start
    return found.real, round(found.least, 2)


def test_the_first_reps_of_a_set_are_compared(side):
    """The best of more reps is better by chance, and later sets are tired."""
    short, long = side(*varied(1)), side(*varied(1), *varied(2), *varied(3))
    found = run.of_sides(short, long).told
    assert found.change.reps == 3
    assert found.change.a == pytest.approx(found.change.b, abs=1.0)  # the same three reps
    first, whole = (n for n in found.measures if n.measure == "break_point_best")
    assert (first.label, whole.label) == (
        "Best break point of the first 3 reps",
        "Best break point of all reps",
    )
    assert first.b.value == found.change.b
    assert whole.b.value < found.change.b


@pytest.mark.parametrize("sets", [(1, 1), (1, 2, 2)])
def test_where_no_set_has_so_many_reps_nothing_is_called_real(side, sets):
    """8.03 degrees hold for the best of three."""
    few = side(*varied(2, len(sets)))
    reps = tuple(
        r.model_copy(update={"set_number": n})
        for r, n in zip(few.done.report.reps, sets, strict=True)
    )
    (one,) = few.done.report.sets
    parts = tuple(
        one.model_copy(update={"number": n, "reps": sets.count(n)}) for n in sorted(set(sets))
    )
    found = run.of_sides(side(*varied(1)), said_of(few, reps=reps, sets=parts)).told
    assert found.change is None
    assert "there is no set in B in which so many reps tell it" in found.why_not


def test_a_limit_is_told_as_one(side):
    a, b = broke(side(*varied(1)), 50.0), broke(side(*varied(2)), 45.0)
    reps = breaking(b, bound="at-most")
    found = run.of_sides(a, said_of(b, reps=reps)).told
    assert words.headline(found) == "How much better the best break point of B is, is not known."
    assert "A 50.0°, B at most 45.0°" in next(words.because(found))


def test_who_measured_is_told_where_it_is_not_the_same(side):
    a, b = side(*varied(1)), side(*varied(2))
    assert words.makes(run.of_sides(a, b).told) == ""
    made = b.done.report.provenance.model_copy(update={"profile_sha256": "1" * 64})
    found = run.of_sides(a, said_of(b, provenance=made))
    said = words.makes(found.told)
    assert "different versions, models or profiles" in said
    assert said in words.because(found.told)
    assert run.page(found, None).count(said) == 2


def test_a_number_without_an_error_bar_is_beyond_nothing():
    one, other = value(50.0), value(40.0)
    bare = other.model_copy(update={"uncertainty": None})
    line = comparison._line("break_point_best", one, bare, NORDIC)
    assert (line.difference, line.uncertainty, line.beyond) == (-10.0, None, None)


def test_a_rule_of_its_own_does_not_compare(side):
    slow = broke(side(*varied(1)), 44.0)
    reps = breaking(slow, method="another")
    found = run.of_sides(broke(side(*varied(2)), 20.0), said_of(slow, reps=reps)).told
    assert found.change is None
    assert "another rule" in found.why_not


def test_two_athletes_do_not_change_into_each_other(side):
    a = said_of(side(*varied(1)), athlete={"name": "Anna"})
    found = told(a, side(*varied(2)), athlete={"name": "Ben"})
    assert found.change is None
    assert "two athletes" in found.why_not
    full = next(line for line in found.measures if line.measure == "break_point_best")
    halves = full.a.uncertainty, full.b.uncertainty
    assert full.uncertainty == pytest.approx(np.hypot(*halves), abs=1e-3)


def test_another_setup_is_named_and_no_change_is_called(side):
    found = told(side(*varied(1)), side(*varied(2)), settings={"mode": "eccentric-only"})
    assert found.setup.same is False
    assert found.change is None
    assert "not set up alike" in found.why_not
    assert any("two ways" in line for line in words.because(found))


def test_a_number_that_is_but_a_bound_is_not_subtracted(side):
    held = side(Curl(breaks=None, hands=None, lower=4.0))
    found = run.of_sides(held, side(*varied(2))).told
    best = next(line for line in found.measures if line.measure == "break_point_best")
    assert (best.difference, best.beyond, words.differs(best)) == (None, None, "does not compare")


def test_faults_of_one_of_both_and_of_both_are_told_apart(side):
    slow, fast = side(*varied(1)), side(Curl(lower=1.0), Curl(lower=1.0, fold=45))
    found = run.of_sides(slow, fast).told
    where = {f.check: f.where for f in found.findings}
    assert where["hips-pike"] == "b"
    assert {f.check: f.b for f in found.findings}["hips-pike"] == (2,)
    turned = {f.check: f.where for f in run.of_sides(fast, slow).told.findings}
    assert turned["hips-pike"] == "a"


# --- the picture


def test_both_bodies_are_as_large_and_face_one_way(side):
    a, b = side(*varied(1)), side(*varied(2), mirror=True)
    tracks, settings = zip(*((s.done.track, s.done.setting) for s in (a, b)), strict=True)
    one, other = twofold.views(tracks, settings)
    thighs = [view.scale * s.thigh_px for view, s in zip((one, other), settings, strict=True)]
    assert thighs[0] == pytest.approx(thighs[1])
    assert not one.mirrored
    assert other.mirrored
    for view, track in zip((one, other), tracks, strict=True):
        placed = view.points(track.points)[:, :, :2]
        inside = (placed >= 0).all(axis=-1) & (placed <= twofold.HALF).all(axis=-1)
        assert inside.mean() > 0.95


def test_a_picture_lies_under_the_points_of_its_body(side):
    done = side(*varied(1), mirror=True).done
    facing_right = done.setting.model_copy(update={"facing": "right"})
    _, view = twofold.views((done.track, done.track), (facing_right, done.setting))
    width, height = done.track.size
    rgb = np.zeros((height, width, 3), np.uint8)
    x, y = width // 2, height // 2
    rgb[y - 3 : y + 4, x - 3 : x + 4] = 255
    lit = np.argwhere(view.picture(rgb)[:, :, 0] > 200).mean(axis=0)[::-1]
    assert lit == pytest.approx(view.points(np.array([[x, y, 0.0]]))[0, :2], abs=1.0)


# --- folders, the command, the page


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Two results: a slow set and a fast one."""
    here, made_of = tmp_path_factory.mktemp("results"), {}
    for name, acts in (
        ("slow", (Curl(rest=1.0, lower=2.0, floor=0.3, up=1.2),)),
        ("fast", (Curl(rest=1.0, lower=1.5, floor=0.3, up=1.2),)),
    ):
        npz = here / f"{name}.npz"
        perform(*acts).film().save(npz)
        made_of[name] = results.write(analyze(npz, Options(), QUIET), here / name, QUIET)
    return made_of


def command(*args, status=0):
    done = CliRunner().invoke(app, ["compare", *map(str, args)])
    assert done.exit_code == status, done.output
    return done


def test_two_results_end_to_end(folders, tmp_path):
    done = command(folders["slow"], folders["fast"], "--out", tmp_path, "--json")
    folder = tmp_path / "slow_and_fast"
    assert {p.name for p in folder.iterdir()} == {"compare.html", "compare.mp4", "compare.json"}
    found = json.loads((folder / "compare.json").read_text(encoding="utf-8"))
    assert json.loads(done.stdout) == found
    assert found["schema"] == "formcheck.compare/1"
    assert found["pairs"][0]["moments"][0]["moment"] == "start"
    from formcheck.video.reader import VideoFile

    with VideoFile(folder / "compare.mp4") as video:
        times = [frame.t for frame in video]
        assert (video.clip.width, video.clip.height) == twofold.SIZE
    end = found["pairs"][-1]["moments"][-1]["at_s"]
    assert times[-1] >= end
    page = (folder / "compare.html").read_text(encoding="utf-8")
    assert 'src="compare.mp4"' in page
    assert "The clip of A was not found" in page
    assert "http" not in page.replace("http-equiv", "")


def test_it_is_replaced_as_a_whole_and_what_is_foreign_is_left(folders, tmp_path):
    arguments = folders["slow"], folders["fast"], "--out", tmp_path, "--no-video"
    command(*arguments)
    folder = tmp_path / "slow_and_fast"
    assert not (folder / "compare.mp4").exists()
    command(*arguments)
    (folder / "compare.json").unlink()
    command(*arguments, status=5)
    assert (folder / "compare.html").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["slow_and_fast"]


def test_a_result_and_a_clip_go_together(folders):
    track = folders["slow"].parent / "fast.npz"
    a, b = sides(folders["slow"], track, Options(), QUIET)
    assert b.done.report.set_.reps == 1
    assert a.done.report.json_text() == (folders["slow"] / "report.json").read_text("utf-8")


def test_the_clip_of_a_result_is_found_beside_it_and_only_if_it_is_the_same(folders, tmp_path):
    here = tmp_path / "out" / "slow"
    here.mkdir(parents=True)
    for name in ("setting.json", "pose.npz"):
        (here / name).write_bytes((folders["slow"] / name).read_bytes())
    clip = tmp_path / "slow.mp4"
    clip.write_bytes(b"a film")
    report = side_of(folders["slow"]).done.report
    own = report.clip.model_copy(update={"name": clip.name, "sha256": sha256(clip)})
    text = report.model_copy(update={"clip": own}).json_text()
    (here / "report.json").write_text(text, encoding="utf-8")
    assert side_of(here).film == clip
    clip.write_bytes(b"another film")
    assert side_of(here).film is None


def test_a_clip_beside_a_folder_is_done_as_it_was(folders, tmp_path):
    """Nobody said of the clip that it was done in another way."""
    track = folders["slow"].parent / "fast.npz"
    slow, mode = folders["slow"].parent / "slow.npz", {"mode": "eccentric-only"}
    done = analyze(slow, Options(athlete=mode), QUIET)
    held = results.write(done, tmp_path / "held", QUIET, video=False)
    _, b = sides(held, track, Options(), QUIET)
    assert b.done.report.settings.mode == "eccentric-only"
    said = Options(athlete={"mode": "eccentric-concentric"})
    assert sides(held, track, said, QUIET)[1].done.report.settings.mode == "eccentric-concentric"
    with pytest.raises(InputError, match="No prone leg curl"):
        sides(held, track, Options("bench-leg-curl"), QUIET, said=True)


def test_a_slip_of_the_pen_is_told_before_the_work(folders, monkeypatch):
    from formcheck.twosets import sides as room

    monkeypatch.setattr(room.analysis, "analyze", lambda *_: pytest.fail("was analysed"))
    with pytest.raises(InputError, match="typo"):
        sides(folders["slow"].parent / "fast.npz", Path("typo.mp4"), Options(), QUIET)


def test_two_pairs_of_one_name_go_to_two_folders(side, tmp_path):
    a, b, c = (side(*varied(n, 2)) for n in (1, 2, 3))
    paths = [tmp_path / week / "set1.mp4" for week in ("w1", "w2")]
    folder = run.folder_of(*paths, tmp_path)
    assert folder.name == "w1-set1_and_w2-set1"
    for day in ("2026.11.28", "2026.11.30"):
        (tmp_path / day).mkdir()
    days = (tmp_path / "2026.11.28", tmp_path / "2026.11.30")
    assert run.folder_of(*days, tmp_path).name == "2026.11.28_and_2026.11.30"
    first, second = run.of_sides(a, b, video=False), run.of_sides(a, c, video=False)
    assert run.beside_others(first, folder) == folder
    run.write(first, folder, QUIET)
    assert run.beside_others(first, folder) == folder
    assert run.beside_others(second, folder).name == "w1-set1_and_w2-set1-2"
    one, other = (
        replace(said_of(s, clip={"name": "set1.mp4"}), path=p)
        for s, p in zip((a, b), paths, strict=True)
    )
    assert names(one, other) == ("w1/set1.mp4", "w2/set1.mp4")


def test_one_clip_twice_is_refused(folders):
    slow = folders["slow"]
    for other in (slow, slow.parent / "slow.npz"):
        with pytest.raises(UsageError, match="one clip twice"):
            sides(slow, other, Options(), QUIET)


def test_two_exercises_are_refused(folders, monkeypatch):
    a, b = (side_of(folder) for folder in folders.values())
    from formcheck.exercises import named
    from formcheck.twosets import sides as room

    other = replace(b, done=replace(b.done, exercise=named("bench-leg-curl")))
    monkeypatch.setattr(room, "side_of", lambda p: a if p == folders["slow"] else other)
    with pytest.raises(UsageError, match="only sets of one exercise"):
        sides(folders["slow"], folders["fast"], Options(), QUIET)


def test_where_no_rep_was_counted_there_is_nothing_to_compare(folders, tmp_path):
    still = tmp_path / "still.npz"
    perform(Hold(6.0)).film().save(still)
    with pytest.raises(InputError, match="no rep was counted"):
        sides(folders["slow"], still, Options(), QUIET)
    failed = command(folders["slow"], still, "--out", tmp_path, status=3)
    assert "nothing to compare" in " ".join(failed.output.split())


@pytest.mark.parametrize("given", ["empty", "gone.mp4"])
def test_what_is_no_result_and_no_clip_is_refused_in_words(folders, tmp_path, given):
    (tmp_path / "empty").mkdir()
    failed = command(folders["slow"], tmp_path / given, "--out", tmp_path / "out", status=3)
    assert "Traceback" not in failed.output


def test_names_are_escaped_and_the_same_input_gives_the_same_page(side):
    a, b = side(*varied(1)), side(*varied(2), name="<b>&bold")
    found = run.of_sides(a, b)
    page = run.page(found, "compare.mp4")
    assert "<b>&bold" not in page
    assert "&lt;b&gt;&amp;bold" in page
    assert page == run.page(run.of_sides(a, b), "compare.mp4")


def test_every_value_on_the_page_comes_with_its_error_bar(side):
    found = run.of_sides(side(*varied(1)), side(*varied(2)))
    page = run.page(found, None)
    assert "<video" not in page
    assert "±" in page
    assert render.__doc__


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it_on_a_phone_too(browser, axe, side, tmp_path, scheme):
    page = tmp_path / "compare.html"
    found = run.of_sides(side(*varied(1)), side(*varied(2)))
    page.write_text(run.page(found, None), encoding="utf-8")
    context = browser.new_context(viewport={"width": 360, "height": 800}, color_scheme=scheme)
    tab = context.new_page()
    tab.goto(page.as_uri())
    tab.add_script_tag(path=axe)
    found = tab.evaluate("async () => (await axe.run()).violations")
    wrong = [v["id"] for v in found if v["impact"] in {"serious", "critical"}]
    wide = tab.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert (wrong, wide) == ([], 360)


@pytest.mark.browser
def test_a_moment_is_pressed_and_the_video_goes_there(browser, folders, tmp_path):
    command(folders["slow"], folders["fast"], "--out", tmp_path)
    context = browser.new_context()
    tab, wrong = context.new_page(), []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.goto((tmp_path / "slow_and_fast" / "compare.html").as_uri())
    tab.wait_for_function("document.getElementById('video').readyState >= 1")
    tab.get_by_role("button", name="bottom").first.click()
    at = float(tab.get_by_role("button", name="bottom").first.get_attribute("data-at"))
    tab.wait_for_function(f"Math.abs(document.getElementById('video').currentTime - {at}) < 0.05")
    context.close()
    assert wrong == []
