"""What phones write into a film of how fast it was taken.

Android's camera (MediaRecorder) writes `com.android.capture.fps`, the rate of the sensor, into
every film, slow motion or not: against the film's own rate it gives the slow-down. Apple writes no
rate. Its films carry `com.apple.quicktime.full-frame-rate-playback-intent`, 0 on slow motion and on
plain ones alike (so its value tells nothing), and an original slow-motion one keeps all frames at
their real times, 120 or 240 a second; only the player slows it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

_CAPTURE = re.compile(r"(^|[._-])capture[._-]?(fps|frame[._-]?rate)$", re.IGNORECASE)
_INTENT = "com.apple.quicktime.full-frame-rate-playback-intent"


def capture_fps(tags: Mapping[str, str]) -> float | None:
    """Frames a second that the camera took; None where no tag says so, or none that can be."""
    said = [_number(value) for key, value in tags.items() if _CAPTURE.search(key)]
    return next((fps for fps in said if fps is not None), None)


def from_apple(tags: Mapping[str, str]) -> bool:
    """Whether an Apple camera wrote it, whose originals keep the real times."""
    return _INTENT in tags


def _number(text: str) -> float | None:
    found = re.match(r"\s*(\d+(?:\.\d+)?)", text)
    fps = float(found[1]) if found else math.nan
    return fps if 0 < fps < 100_000 else None
