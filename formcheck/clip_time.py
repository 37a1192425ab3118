"""From the world's seconds back to the clip's, once, on the way out of the session.

All that is measured lives in the world's time: durations, speeds, cut-offs, thresholds. What points
into the clip (when a rep began, when a finding shows) has to find its frame there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from formcheck.checks import Finding
from formcheck.measures.measure import Measured, number
from formcheck.report import MOMENTS, RepReport

Timed = TypeVar("Timed", Measured, Finding)


def pointing(said: Timed, scale: float) -> Timed:
    """A measure or finding whose moments are the clip's seconds; its value stays the world's."""
    at_s, until_s = _shown(said.at_s, scale), _shown(said.until_s, scale)
    if isinstance(said, Finding):
        return said.model_copy(update={"at_s": at_s, "until_s": until_s})
    return replace(said, at_s=at_s, until_s=until_s)


def rep_in_clip(rep: RepReport, scale: float) -> RepReport:
    """A rep with all its moments in the clip's seconds. scale: the setting's `time_scale`."""
    if scale == 1:
        return rep
    moments = {name: _shown(getattr(rep, name), scale) for name in MOMENTS}
    measures = {name: pointing(m, scale) for name, m in rep.measures.items()}
    findings = tuple(pointing(f, scale) for f in rep.findings)
    return rep.model_copy(update={**moments, "measures": measures, "findings": findings})


def _shown(t: float | None, scale: float) -> float | None:
    return None if t is None else number(t * scale)
