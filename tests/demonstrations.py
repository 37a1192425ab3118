"""A set of each exercise, done well, as the conformance suite asks for it."""

from athlete import Curl, perform

from formcheck.pose import PoseTrack
from formcheck.testing.figure import FPS, Figure, course


def nordic_curl(*, reps: int, share: float) -> PoseTrack:
    """Lowered slowly, caught at the floor, back up; in part: lowered and raised slowly."""
    part = Curl(bottom=82 * share, breaks=None, hands=None)
    return perform(*[Curl() if share == 1 else part] * reps).film(fps=FPS, pointed=45)


def bench_leg_curl(*, reps: int, share: float) -> PoseTrack:
    """From straight legs to the top, held, lowered slowly; in part: not as high."""
    t, gone = course(reps, [(1.5, share), (0.9, share), (3.0, 0.0)])
    return Figure(t, thigh_lean=88, trunk_lean=89, knee_flexion=4 + 111 * gone).film()


DEMONSTRATIONS = {"nordic-curl": nordic_curl, "bench-leg-curl": bench_leg_curl}
