"""The rule book, cell by cell (nordic-curl.md 5b): what is measured, and what is said of it."""

from dataclasses import replace

import athlete
import numpy as np
import pytest

from formcheck import terminal
from formcheck.checks import Check, Finding, Limit, NotAssessed, beyond
from formcheck.measures.measure import Measured
from formcheck.pages import words

UNITS = {m.name: m.unit for m in athlete.NORDIC.measures}
CHECKS = {c.name: c for c in athlete.NORDIC.checks}
CLEAN = {
    "eccentric_duration": (4.0, 0.1),
    "mean_descent_velocity": (20.0, 1.0),
    "early_fall": (0.0, 0.03),
    "break_point_angle": (40.0, 9.0),
    "catch_angle": (25.0, 9.4),
    "hand_assisted_work_fraction": (0.2, 0.05),
    "hip_flexion_start": (12.0, 8.0),
    "hip_flexion_max": (8.0, 8.0),
    "hip_break": (3.0, 2.94),
    "hip_extension_min": (-1.0, 2.94),
    "heel_lift": (0.004, 0.014),
    "knee_shift": (0.001, 0.01),
    "ankle_position": (-5.0, 9.8),
    "bottom_thigh_lean": (82.0, 8.2),
    "returned_share": (0.97, 0.04),
}
"""Value and uncertainty of every measure in a rep with nothing to say against."""


def read(name, value, spread, outcome=None) -> Measured:
    if value is None:
        return Measured(
            value=None, unit=UNITS[name], status="refused", source="-",
            reason="It was too dark.", what_to_change="Switch on a light.",
        )  # fmt: skip
    return Measured(
        value=value, unit=UNITS[name], uncertainty=spread, status="ok", source="-",
        outcome=outcome, at_s=1.5, until_s=2.5,
    )  # fmt: skip


def judge(check, kind="full", mode="eccentric-concentric", outcome="broken", **changed):
    """What a check says of a rep with these measures, all others clean."""
    measures = {name: read(name, *of) for name, of in {**CLEAN, **changed}.items()}
    angle = measures["break_point_angle"]
    if angle.value is not None:
        measures["break_point_angle"] = replace(angle, outcome=outcome)
    who = athlete.setting(athlete=athlete.Athlete(mode=mode))
    rep = athlete.made_rep(np.arange(0, 3, 0.1), kind=kind, number=2, setting=who)
    assert kind in CHECKS[check].kinds
    return CHECKS[check].judge(rep, measures)


def said(answer) -> str:
    if isinstance(answer, Finding):
        return answer.severity
    return "nothing" if answer is None else "not assessed"


def cell(check, wanted, rep=None, **changed):
    told = " ".join(f"{k}={v}" for k, v in {**(rep or {}), **changed}.items())
    return pytest.param(
        check, wanted, rep or {}, changed, id=f"{check}: {told or 'clean'}: {wanted}"
    )


LOST = (None, None)
FIRST = {"outcome": "caught-before-break"}
ONLY = {"mode": "eccentric-only"}
TABLE = [
    *(cell(name, "nothing") for name in CHECKS),
    # early fall: fault from 0.25 s, warning from 0.15 s
    cell("falls-too-fast", "fault", early_fall=(0.33, 0.05)),
    cell("falls-too-fast", "warning", early_fall=(0.33, 0.09)),
    cell("falls-too-fast", "warning", early_fall=(0.26, 0.05)),
    cell("falls-too-fast", "warning", early_fall=(0.25, 0.05)),
    cell("falls-too-fast", "warning", early_fall=(0.21, 0.05)),
    cell("falls-too-fast", "warning", early_fall=(0.15, 0.05)),
    cell("falls-too-fast", "nothing", early_fall=(0.14, 0.05)),
    cell("falls-too-fast", "not assessed", early_fall=(None, None)),
    # duration: fault under 2 s, warning from 2 to 3 s
    cell("falls-too-fast", "fault", eccentric_duration=(1.7, 0.1)),
    cell("falls-too-fast", "warning", eccentric_duration=(1.95, 0.1)),
    cell("falls-too-fast", "warning", eccentric_duration=(2.0, 0.1)),
    cell("falls-too-fast", "warning", eccentric_duration=(2.9, 0.1)),
    cell("falls-too-fast", "nothing", eccentric_duration=(3.0, 0.1)),
    cell("falls-too-fast", "nothing", eccentric_duration=(3.05, 0.1)),
    cell("falls-too-fast", "not assessed", eccentric_duration=(None, None)),
    # mean velocity: a warning over 35 deg/s, never a fault
    cell("falls-too-fast", "warning", mean_descent_velocity=(36.0, 0.5)),
    cell("falls-too-fast", "warning", mean_descent_velocity=(90.0, 1.0)),
    cell("falls-too-fast", "nothing", mean_descent_velocity=(34.0, 3.0)),
    cell("falls-too-fast", "not assessed", mean_descent_velocity=(None, None)),
    # the worst of the three speaks, and what was seen is not silenced by what was not
    cell("falls-too-fast", "fault", early_fall=(0.2, 0.05), eccentric_duration=(1.5, 0.1)),
    cell("falls-too-fast", "fault", early_fall=(None, None), eccentric_duration=(1.5, 0.1)),
    # hips: 15 and 20, at the other end -5 and -8
    cell("hips-pike", "fault", hip_break=(25.0, 2.94)),
    cell("hips-pike", "warning", hip_break=(22.0, 2.94)),
    cell("hips-pike", "warning", hip_break=(20.0, 2.94)),
    cell("hips-pike", "warning", hip_break=(15.5, 2.94)),
    cell("hips-pike", "nothing", hip_break=(14.5, 2.94)),
    cell("hips-pike", "not assessed", hip_break=(None, None)),
    cell("hips-too-straight", "fault", hip_extension_min=(-17.0, 2.94)),
    cell("hips-too-straight", "warning", hip_extension_min=(-10.0, 2.94)),
    cell("hips-too-straight", "warning", hip_extension_min=(-7.0, 2.94)),
    cell("hips-too-straight", "nothing", hip_extension_min=(-5.5, 2.94)),
    cell("hips-too-straight", "not assessed", hip_extension_min=(None, None)),
    # who starts straight for all we can tell, and stays so, cannot be told from slightly flexed
    cell("hips-too-straight", "not assessed", hip_flexion_start=(5.0, 8.0)),
    cell("hips-too-straight", "not assessed", hip_flexion_start=(None, None)),
    cell(
        "hips-too-straight", "fault", hip_flexion_start=(5.0, 8.0), hip_extension_min=(-17.0, 2.94)
    ),
    # feet and knees: 0.02 and 0.03 of the stature; feet that point away are noted, never more
    cell("anchor-slips", "fault", heel_lift=(0.06, 0.028)),
    cell("anchor-slips", "warning", heel_lift=(0.05, 0.028)),
    cell("anchor-slips", "not assessed", heel_lift=(0.04, 0.028)),
    cell("anchor-slips", "nothing", heel_lift=(0.019, 0.014)),
    cell("anchor-slips", "not assessed", heel_lift=(None, None)),
    cell("knees-slide", "fault", knee_shift=(0.05, 0.017)),
    cell("knees-slide", "warning", knee_shift=(0.032, 0.01)),
    cell("knees-slide", "warning", knee_shift=(0.025, 0.01)),
    cell("knees-slide", "nothing", knee_shift=(0.015, 0.01)),
    cell("knees-slide", "not assessed", knee_shift=(None, None)),
    cell("feet-not-dorsiflexed", "note", ankle_position=(-25.0, 9.8)),
    cell("feet-not-dorsiflexed", "note", ankle_position=(-70.0, 9.8)),
    cell("feet-not-dorsiflexed", "not assessed", ankle_position=(None, None)),
    # hands down at more than 45 degrees of knee flexion, before any break
    cell("overuses-arms", "fault", FIRST, catch_angle=(58.0, 9.4)),
    cell("overuses-arms", "warning", FIRST, catch_angle=(50.0, 9.4)),
    cell("overuses-arms", "nothing", FIRST, catch_angle=(30.0, 9.4)),
    cell("overuses-arms", "fault", FIRST | ONLY, catch_angle=(58.0, 9.4)),
    cell("overuses-arms", "nothing", catch_angle=(58.0, 9.4)),
    cell("overuses-arms", "nothing", {"outcome": "controlled-to"}, catch_angle=(58.0, 9.4)),
    cell("overuses-arms", "nothing", catch_angle=(None, None)),
    # with the break not seen nobody knows whether the hands came first: unless they came late or
    # never, it is not assessed
    cell("overuses-arms", "not assessed", break_point_angle=LOST, catch_angle=(58.0, 9.4)),
    cell("overuses-arms", "not assessed", break_point_angle=LOST, catch_angle=LOST),
    cell("overuses-arms", "nothing", break_point_angle=LOST, catch_angle=(25.0, 9.4)),
    cell(
        "overuses-arms",
        "nothing",
        break_point_angle=LOST,
        catch_angle=LOST,
        hand_assisted_work_fraction=(0.0, 0.0),
    ),
    # the hands' work: fault over 0.6, no note under it, nothing where the push is on purpose
    cell("overuses-arms", "fault", hand_assisted_work_fraction=(0.75, 0.1)),
    cell("overuses-arms", "warning", hand_assisted_work_fraction=(0.65, 0.1)),
    cell("overuses-arms", "nothing", hand_assisted_work_fraction=(0.58, 0.1)),
    cell("overuses-arms", "nothing", ONLY, hand_assisted_work_fraction=(0.95, 0.01)),
    cell("overuses-arms", "nothing", ONLY, hand_assisted_work_fraction=(None, None)),
    cell("overuses-arms", "not assessed", hand_assisted_work_fraction=(None, None)),
    # partial and no-return: warnings, never faults
    cell("partial-range", "warning", {"kind": "partial"}, bottom_thigh_lean=(30.0, 1.0)),
    cell("partial-range", "warning", {"kind": "partial"}, bottom_thigh_lean=(59.0, 8.2)),
    cell("partial-range", "nothing", bottom_thigh_lean=(61.0, 8.2)),
    cell("does-not-return", "warning", {"kind": "no-return"}, returned_share=(0.3, 0.01)),
    cell("does-not-return", "warning", {"kind": "no-return"}, returned_share=(0.79, 0.04)),
]


@pytest.mark.parametrize(("check", "wanted", "rep", "changed"), TABLE)
def test_the_rule_book(check, wanted, rep, changed):
    answer = judge(check, **rep, **changed)
    assert said(answer) == wanted
    if isinstance(answer, NotAssessed):
        assert (answer.what, answer.reps) == (check, (2,))
        assert answer.reason
        assert answer.what_to_change


def test_what_hindered_a_check_is_passed_on():
    assert judge("hips-pike", hip_break=(None, None)) == NotAssessed(
        what="hips-pike", reps=(2,), reason="It was too dark.", what_to_change="Switch on a light."
    )


def test_every_limit_of_the_exercise_is_in_the_table():
    """Each limit is reached by some cell of the table, each severity of it too."""
    reached = set()
    for check, _, rep, changed in (p.values for p in TABLE):
        answer = judge(check, **rep, **changed)
        if isinstance(answer, Finding):
            reached.add((answer.measure, answer.severity))
    wanted = {
        (limit.measure, level)
        for check in CHECKS.values()
        for limit in check.limits
        for level in ("fault", "warning", "note")
        if getattr(limit, level) is not None
    }
    assert wanted <= reached


@pytest.mark.parametrize(
    ("check", "kinds"),
    [
        ("falls-too-fast", {"full"}),
        ("hips-pike", {"full"}),
        ("hips-too-straight", {"full"}),
        ("overuses-arms", {"full"}),
        ("partial-range", {"full", "partial"}),
        ("does-not-return", {"full", "no-return"}),
    ],
)
def test_full_reps_only_unless_said(check, kinds):
    assert set(CHECKS[check].kinds) == kinds


def test_a_finding_says_all_that_the_report_needs():
    one = judge("hips-pike", hip_break=(25.0, 2.94))
    assert (one.check, one.severity, one.measure) == ("hips-pike", "fault", "hip_break")
    assert (one.value, one.uncertainty, one.limit) == (25.0, 2.94, 20.0)
    assert (one.limit_kind, one.unit) == ("max", "deg")
    assert (one.at_s, one.until_s) == (1.5, 2.5)
    assert "25°" in one.sentence
    assert one.advice == CHECKS["hips-pike"].advice


def test_a_warning_names_the_limit_that_it_is_beyond():
    assert judge("hips-pike", hip_break=(16.0, 2.94)).limit == 15.0
    assert judge("hips-pike", hip_break=(21.0, 2.94)).limit == 20.0
    below = judge("hips-too-straight", hip_extension_min=(-7.0, 2.94))
    assert (below.limit, below.limit_kind) == (-6.0, "min")


# --- the rule above all, for any limit


def measured(value, spread):
    return Measured(value=value, unit="deg", uncertainty=spread, status="ok", source="-")


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    ("value", "spread", "wanted"),
    [
        (13.0, 2.9, "fault"),
        (13.0, 3.0, "warning"),
        (13.0, 99.0, "warning"),
        (10.1, None, "fault"),
        (10.0, 0.0, "warning"),
        (9.0, 99.0, "warning"),
        (8.1, 0.0, "warning"),
        (7.9, 99.0, "note"),
        (6.0, 0.0, "note"),
        (5.9, 99.0, None),
    ],
)
def test_a_fault_needs_the_whole_interval_beyond_the_limit(value, spread, wanted, sign):
    """Limits of 10, 8 and 6; with the sign turned the limits are least values."""
    limit = Limit(
        "m", "-", fault=sign * 10.0, warning=sign * 8.0, note=sign * 6.0,
        kind="max" if sign == 1 else "min",
    )  # fmt: skip
    answer = limit.severity(measured(sign * value, spread))
    assert (answer and answer[0]) == wanted


def test_who_gives_just_the_least_that_is_asked_has_done_enough():
    """Three seconds are three seconds or more; who is to stay under 15 degrees has not at 15."""
    least = Limit("m", "-", fault=2.0, warning=3.0, kind="min")
    assert least.severity(measured(3.0, 0.1)) is None
    assert least.severity(measured(2.99, 0.1)) == ("warning", 3.0)
    most = Limit("m", "-", fault=20.0, warning=15.0)
    assert most.severity(measured(15.0, 0.1)) == ("warning", 15.0)


def test_a_limit_that_is_not_set_is_never_reached():
    assert Limit("m", "-").severity(measured(1e9, 0.0)) is None
    only_fault = Limit("m", "-", fault=10.0)
    assert only_fault.severity(measured(9.9, 5.0)) is None
    assert only_fault.severity(measured(11.0, 5.0)) == ("warning", 10.0)


def test_a_limit_that_does_not_apply_is_neither_judged_nor_missed():
    check = Check(
        "c", "c", (Limit("m", "-", fault=1.0, applies=lambda rep, measures: False),), "-", "-"
    )
    rep = athlete.made_rep(np.arange(0, 3, 0.1))
    for value in (99.0, None):
        one = replace(measured(99.0, 0.0), value=value)
        assert check.judge(rep, {"m": one}) is None


# --- on whole sets


def test_in_eccentric_only_mode_the_push_is_never_judged():
    track = athlete.perform(
        athlete.Curl(release=20, up=1.5), athlete.Curl(release=20, up=1.5)
    ).film()
    _, both = athlete.judged(track)
    _, only = athlete.judged(track, mode="eccentric-only")
    assert [f[1:] for f in athlete.findings(both)] == [("overuses-arms", "fault")] * 2
    assert athlete.findings(only) == []
    assert [f.severity for f in both.set_.findings] == ["note"]
    assert "eccentric-only" in both.set_.findings[0].sentence
    assert only.set_.findings == ()
    assert all(r.measures["hand_assisted_work_fraction"].value > 0.6 for r in only.reps)


@pytest.mark.parametrize("fps", [18, 22])
def test_hands_that_landed_with_the_break_unknown_are_not_called_little_used(fps):
    """Under 23.5 frames a second nobody knows whether the hands came before the break."""
    first = athlete.Curl(breaks=None, lower=9.5, hands=29, hand_height=0.3, fold=12)
    _, report = athlete.judged(athlete.perform(first).film(fps=fps))
    (rep,) = report.reps
    assert rep.measures["break_point_angle"].status == "refused"
    assert rep.measures["catch_angle"].value > 45
    assert CHECKS["overuses-arms"].good not in rep.good
    assert "overuses-arms" in [n.what for n in report.not_assessed]


@pytest.mark.parametrize("ends", [4.0, 8.0, 12.0, 15.0])
def test_who_came_back_by_four_fifths_is_not_told_that_he_did_not(ends):
    """5b: `does-not-return` is for reps of the kind `no-return`, and this is a full one."""
    _, report = athlete.judged(athlete.perform(athlete.Curl(ends=ends)).film())
    assert [r.kind for r in report.reps] == ["full"]
    assert athlete.findings(report) == []


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.07, "0.07 s"), (0.36, "0.36 s"), (-0.04, "-0.04 s"), (1.24, "1.2 s")]
)
def test_less_than_a_second_is_said_as_exactly_as_the_figure_beside_it(seconds, said):
    limit = Limit("pause", "Held for {value:.1f} s; aim for {aim:g} s.", fault=2.0, kind="min")
    measured = Measured(value=seconds, unit="s", uncertainty=0.1, status="ok", source="-")
    finding = beyond("no-pause", limit, measured, "Hold.")
    assert finding.sentence == f"Held for {said}; aim for 2 s."
    assert words.quantity(seconds, "s").replace("−", "-") == said
    assert terminal._shown(measured).startswith(said.removesuffix(" s"))


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(2.97, "2.97 s, under 3 s"), (2.6, "2.6 s, under 3 s"), (1.98, "1.98 s, under 2 s")],
)
def test_what_is_just_short_does_not_read_as_the_limit(seconds, said):
    finding = judge("falls-too-fast", eccentric_duration=(seconds, 0.4))
    assert finding.sentence == f"The lowering took {said}; aim for 3 s or more."


def test_hips_opened_by_a_number_without_a_sign():
    finding = judge("hips-too-straight", hip_extension_min=(-12.4, 2.0))
    assert finding.value == -12.4
    assert "opened 12° past their start" in finding.sentence


@pytest.mark.parametrize("least", [0.02, 0.05])
def test_a_value_that_tells_nothing_alone_is_left_open_at_whatever_limit_a_profile_sets(least):
    (limit,) = CHECKS["anchor-slips"].limits
    own = replace(CHECKS["anchor-slips"], limits=(replace(limit, warning=least, fault=0.2),))
    rep = athlete.made_rep(np.arange(0, 3, 0.1), kind="full", number=2)
    answers = [
        own.judge(rep, {"heel_lift": read("heel_lift", least + more, 0.028)})
        for more in (-0.01, 0.02, 0.03)
    ]
    assert [said(answer) for answer in answers] == ["nothing", "not assessed", "warning"]
    assert "cannot be told" in answers[1].reason
