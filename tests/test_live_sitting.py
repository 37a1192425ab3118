"""From the placement to the last set, on made-up poses: when a set begins, ends, and what it is."""

from dataclasses import dataclass, field
from functools import lru_cache

import athlete
import numpy as np
import pytest
from athlete import NORDIC, Curl, Hold, Move, findings, judged, perform

from formcheck.live import course
from formcheck.live.sitting import Begun, Ended, Seen, Sitting
from formcheck.live.state import Cue, Light
from formcheck.pose import PoseTrack
from formcheck.reps import RepCounted, RepFinished
from formcheck.session import Event, Found, Warned
from formcheck.view import estimate

BRIGHT = 120.0


@dataclass
class Listener:
    """A coach that repeats what it hears."""

    events: list[tuple[float, Event]] = field(default_factory=list)
    stages: list[str] = field(default_factory=list)
    lights: tuple[Light, ...] = ()

    def placed(self, t, lights, stage):
        self.lights = tuple(lights)
        if self.stages[-1:] != [stage]:
            self.stages.append(stage)
        return []

    def heard(self, t, events):
        self.events += [(t, e) for e in events]
        counts = [e for e in events if isinstance(e, RepCounted)]
        return [Cue(e.at, t, "count", str(e.number)) for e in counts]


def sit(*tracks: PoseTrack, given=None, bright=BRIGHT, people=1, close=True):
    """A sitting to which the bodies of tracks of the same times are shown; the steps it took."""
    sitting = Sitting(NORDIC, Listener(), given=given)
    steps = []
    for poses in zip(*tracks, strict=True):
        bodies = {n: p if np.isfinite(p.points).any() else None for n, p in enumerate(poses)}
        steps += sitting.push(Seen(poses[0].t, tracks[0].size, bodies, bright, people))
    if close:
        steps += sitting.close()
    return sitting, steps


def dones(steps):
    return [s.done for s in steps if isinstance(s, Ended)]


@lru_cache
def filmed(*acts, **camera):
    return perform(*acts).film(**camera)


CLEAN = Curl(breaks=None)
PIKED = Curl(fold=45)
MIXED = (Curl(rest=0.5), PIKED, Curl(lower=0.5, breaks=5, drop=120))


def told(report):
    """What is said of a set, whatever its numbers."""
    return sorted((n, check, severity) for n, check, severity in findings(report))


@pytest.mark.parametrize("fps", [15.0, 24.0, 30.0, 60.0])
def test_the_reps_are_those_of_the_recorded_clip(fps):
    track = filmed(*MIXED, fps=fps, noise=0.6)
    (done,) = dones(sit(track)[1])
    reps, recorded = done.report.reps, judged(track)[1].reps
    assert [(r.number, r.kind) for r in reps] == [(r.number, r.kind) for r in recorded]
    for mine, other in zip(reps, recorded, strict=True):
        assert mine.start_s == pytest.approx(other.start_s, abs=0.15)
        assert mine.end_s == pytest.approx(other.end_s, abs=0.15)


def test_with_the_recorded_setting_the_findings_are_the_recorded_ones():
    track = filmed(*MIXED, noise=0.6)
    session, recorded = judged(track)
    (done,) = dones(sit(track, given=session.setting)[1])
    assert done.report.reps == recorded.reps
    assert done.track.t_s.tolist() == track.t_s.tolist()
    assert done.setting == session.setting.model_copy(update={"whom": done.setting.whom})


def test_a_film_of_which_the_setting_is_given_is_one_set_though_the_athlete_leaves():
    track = filmed(CLEAN, *athlete.STAND_UP, Hold(8.0))
    session, recorded = judged(track)
    (done,) = dones(sit(track, given=session.setting)[1])
    assert done.report.reps == recorded.reps
    assert len(done.track) == len(track)


def test_before_a_camera_a_given_setting_waits_for_the_athlete():
    track = filmed(Hold(2.0), CLEAN)
    given = judged(track)[0].setting
    sitting = Sitting(NORDIC, Listener(), given=given, whole=False, insists=False)
    for t in np.arange(-9.0, -0.01, 0.1).tolist():
        assert sitting.push(Seen(t, track.size, {0: None}, BRIGHT)) == []
    steps = [s for p in track for s in sitting.push(Seen(p.t, track.size, {0: p}, BRIGHT))]
    (done,) = dones([*steps, *sitting.close()])
    assert [r.number for r in done.report.reps] == [1]
    assert done.started >= 0
    assert done.setting.rest == given.rest


@pytest.mark.parametrize("seed", range(3))
def test_with_a_third_of_the_frames_dropped_the_reps_are_the_same(seed):
    track = filmed(*MIXED, skipped=1 / 3, seed=seed)
    (done,) = dones(sit(track)[1])
    assert [(r.number, r.kind) for r in done.report.reps] == [(n, "full") for n in (1, 2, 3)]


def without(track, lost):
    """The track without the pictures of which `lost` (T,) tells."""
    kept = ~lost
    return PoseTrack(track.t_s[kept], track.points[kept], track.visibility[kept], track.size)


def test_of_a_camera_that_changes_its_rate_all_the_time_the_reps_are_the_same():
    """30 and 15 pictures a second in turn, as phones do where the light changes."""
    track = filmed(*MIXED, noise=0.6)
    slow = (track.t_s.astype(int) % 2 == 1) & (np.arange(len(track)) % 2 == 1)
    (done,) = dones(sit(without(track, slow))[1])
    reps, recorded = done.report.reps, judged(track)[1].reps
    assert [(r.number, r.kind) for r in reps] == [(r.number, r.kind) for r in recorded]
    starts = [r.start_s for r in recorded]
    assert [r.start_s for r in reps] == pytest.approx(starts, abs=0.1)


def test_of_a_slow_camera_the_reps_are_counted_and_what_cannot_be_told_is_said():
    sitting, steps = sit(filmed(*MIXED, fps=8.0))
    (done,) = dones(steps)
    assert [r.number for r in done.report.reps] == [1, 2, 3]
    open_ = {one.what: one.reason for one in done.report.not_assessed}
    assert "8 frames a second" in open_["break_point_angle"]
    assert sitting.coach.stages == ["placing"]


def test_a_camera_that_is_lost_in_a_rep_costs_that_rep_alone():
    track = filmed(Curl(rest=2.0), PIKED, Curl(rest=2.0))
    _, second, _ = judged(track)[1].reps
    gone = (track.t_s > second.start_s + 1) & (track.t_s < second.start_s + 4)
    (done,) = dones(sit(without(track, gone))[1])
    assert [(r.number, r.kind) for r in done.report.reps] == [(n, "full") for n in (1, 2, 3)]
    lost = [one for one in done.report.not_assessed if "lost from sight for 3.0 s" in one.reason]
    assert {one.reps for one in lost if one.reps} == {(2,)}
    assert "hips-pike" in {one.what for one in lost}


def test_every_live_finding_is_in_the_report():
    sitting, steps = sit(filmed(*MIXED, yaw=15))
    (done,) = dones(steps)
    said = {
        (e.rep, e.finding.check) for _, e in sitting.coach.events if isinstance(e, Warned | Found)
    }
    assert (2, "hips-pike") in said
    kept = {(r.number, f.check) for r in done.report.reps for f in r.findings}
    of_set = {f.check for f in done.report.set_.findings}
    assert {(n, check) for n, check in said - kept if check not in of_set} == set()


def test_a_set_begins_by_itself_once_the_athlete_kneels_tall_and_still():
    sitting, steps = sit(filmed(*athlete.KNEEL_DOWN, Hold(3.0), CLEAN), close=False)
    begun = steps[0]
    assert isinstance(begun, Begun)
    down = 1.5 + 2.4
    assert down - 1.0 < begun.since < down + 0.5
    assert sitting.coach.stages == ["placing", "ready"]
    assert sitting.stage == "running"
    assert sitting.state(1e3).count == 1


def test_who_begins_before_all_is_green_is_not_missed():
    track = filmed(Curl(rest=0.5), Curl(rest=0.5), yaw=30)
    sitting, steps = sit(track)
    (done,) = dones(steps)
    assert "ready" not in sitting.coach.stages
    assert [r.number for r in done.report.reps] == [1, 2]
    assert done.track.t_s[0] == 0


def test_the_first_rep_tells_the_camera_for_the_next_ones():
    (done,) = dones(sit(filmed(Curl(rest=2.5), PIKED, CLEAN, yaw=20))[1])
    (_, first), (since, second) = done.settings
    assert (first.rectified, second.rectified) == (False, True)
    starts = [r.start_s for r in done.report.reps]
    assert starts[0] < since
    assert done.setting == second


def test_what_a_rep_had_is_heard_before_the_camera_is_sought(monkeypatch):
    """That takes a while, and nobody is to wait for it."""
    sitting, heard = Sitting(NORDIC, Listener()), []

    def sought(*what, **how):
        heard.append(sum(isinstance(e, RepFinished) for _, e in sitting.coach.events))
        return estimate(*what, **how)

    monkeypatch.setattr(course, "estimate", sought)
    track = filmed(Curl(rest=2.5), CLEAN, yaw=20)
    for pose in track:
        sitting.push(Seen(pose.t, track.size, {0: pose}, BRIGHT))
    assert heard[0] == 1


def test_counts_and_what_is_known_early_are_said_in_time():
    """The pose is there 0.05 s after its picture: that is left of 0.4 s."""
    sitting, _ = sit(filmed(*MIXED, CLEAN))
    late = {kind: [t - e.at for t, e in sitting.coach.events if isinstance(e, kind)]
            for kind in (RepCounted, Warned)}  # fmt: skip
    assert len(late[RepCounted]) == 4
    assert max(late[RepCounted]) <= 0.35
    assert late[Warned]
    assert max(late[Warned]) <= 0.38
    ends = [
        e.rep.end for _, e in sitting.coach.events if hasattr(e, "rep") and hasattr(e.rep, "end")
    ]
    finished = [t for t, e in sitting.coach.events if hasattr(e, "rep") and hasattr(e.rep, "end")]
    assert max(t - end for t, end in zip(finished, ends, strict=True)) <= 1.0


def test_what_a_cue_is_about_and_the_count_of_the_last_set_are_shown():
    sitting, _ = sit(filmed(*MIXED))
    rested = sitting.state(1e3)
    assert (rested.stage, rested.count, rested.stressed) == ("over", 3, ())
    assert rested.summary[0] == "3 reps"
    sitting.cues.append(Cue(8.0, 8.1, "hips-pike", "hips"))
    assert sitting.state(8.2).stressed == ("hip_flexion",)


def test_what_hinders_most_stands_on_the_screen_until_it_is_put_right():
    dark, _ = sit(filmed(Hold(20.0)), bright=20.0, close=False)
    (light,) = [x for x in dark.state(20.0).lights if x.status == "red"]
    assert dark.stage == "placing" and dark.state(20.0).cue == light.sentence


def test_standing_up_ends_a_set_and_kneeling_down_begins_the_next():
    acts = (CLEAN, *athlete.STAND_UP, Hold(8.0))
    again = (
        Move(1.2, lean=-60, hip=85, shank=45),
        Move(1.2, lean=0, hip=5, shank=0),
        Hold(2),
        PIKED,
    )
    sitting, steps = sit(filmed(*acts, *again))
    first, second = dones(steps)
    assert [first.report.set_.reps, second.report.set_.reps] == [1, 1]
    assert first.until < second.started
    assert sitting.stage == "over"


def test_who_comes_into_an_empty_picture_and_begins_at_once_stays_in_his_set():
    """As at the next set: for seconds nobody is there, and a rep begins as soon as he is."""
    once = filmed(CLEAN, CLEAN)
    gone = 9.0 + once.t_s[-1]
    sitting, steps = Sitting(NORDIC, Listener(), insists=False), []
    for t in np.arange(once.t_s[-1], gone, 1 / 30)[1:].tolist():
        steps += sitting.push(Seen(t - gone, once.size, {0: None}, BRIGHT))
    for pose in once:
        steps += sitting.push(Seen(pose.t, once.size, {0: pose}, BRIGHT))
    (done,) = dones([*steps, *sitting.close()])
    assert [(r.number, r.kind) for r in done.report.reps] == [(1, "full"), (2, "full")]
    assert done.started == 0.0


def test_where_nobody_kneels_the_report_says_so():
    (done,) = dones(sit(filmed(*athlete.OTHER_MOVEMENTS["squats"]))[1])
    assert not done.report.recognised
    assert done.report.not_assessed


def test_of_a_camera_before_which_nobody_began_nothing_is_reported():
    sitting = Sitting(NORDIC, Listener(), insists=False)
    for pose in filmed(Hold(0.2), fps=15.0):
        sitting.push(Seen(pose.t, athlete.SIZE, {0: pose}, 10.0))
    assert sitting.stage == "placing"
    assert sitting.close() == []
    assert sitting.stage == "over"


def test_the_one_of_two_who_lowers_is_the_athlete():
    track = filmed(*MIXED)
    still = filmed(Hold(perform(*MIXED).seconds - 2.0))
    n = min(len(track), len(still))
    cut = [PoseTrack(t.t_s[:n], t.points[:n], t.visibility[:n], t.size) for t in (still, track)]
    _, steps = sit(*cut, people=2)
    assert steps[0].which == 1
    (done,) = dones(steps)
    assert [r.number for r in done.report.reps] == [1, 2, 3]
    assert done.setting.whom.people_seen == 2


def test_pictures_of_another_shape_end_what_was_under_way():
    track = filmed(CLEAN, CLEAN)
    half = len(track) // 2
    sitting = Sitting(NORDIC, Listener())
    steps = []
    for i, pose in enumerate(track):
        size = track.size if i < half else track.size[::-1]
        steps += sitting.push(Seen(pose.t, size, {0: pose}, BRIGHT))
    steps += sitting.close()
    assert [d.setting.size for d in dones(steps)] == [track.size, track.size[::-1]]
