"""How the exercises are trained. Sources: docs/nordic-curl.md 7; seed B, the description of the
bench-supported one, names zones, sets and recovery for both."""

from __future__ import annotations

from formcheck.programme import Programme, Zone

USUAL = Programme(
    zones=(
        Zone("strength", 1, 5),
        Zone("hypertrophy", 6, 12),
        Zone("endurance", 13, None),  # "12+": a set of 12 is the end of the zone before it
    ),
    zones_source="seed B",
    sets=(3, 5),  # seed B
    rest_s=(60, 180),
    rest_source="Drury 2021",
)
