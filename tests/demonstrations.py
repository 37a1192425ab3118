"""A set of each exercise, done well, as the conformance suite asks for it."""

from athlete import Curl, perform

from formcheck.pose import PoseTrack
from formcheck.testing.figure import FPS


def nordic_curl(*, reps: int, share: float) -> PoseTrack:
    """Lowered slowly, caught at the floor, back up; in part: lowered and raised slowly."""
    part = Curl(bottom=82 * share, breaks=None, hands=None)
    return perform(*[Curl() if share == 1 else part] * reps).film(fps=FPS)


DEMONSTRATIONS = {"nordic-curl": nordic_curl}
