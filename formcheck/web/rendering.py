"""Templates of the pages, escaped without anybody having to think of it."""

from __future__ import annotations

import time
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined


@cache
def environment() -> Environment:
    """What fills the templates; refuses what is not there."""
    made = Environment(
        loader=PackageLoader("formcheck.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(day=day, megabytes=megabytes)
    return made


def render(template: str, **values: object) -> str:
    """A page, or a part of one."""
    return environment().get_template(template).render(**values)


def day(unix_s: float) -> str:
    """A moment on this machine's clock: "30 Nov, 15:04"."""
    then = time.localtime(unix_s)
    return f"{then.tm_mday} {time.strftime('%b, %H:%M', then)}"


def megabytes(size: int) -> str:
    """Bytes as people say them: "12 MB", "2.1 GB"."""
    if size >= 1e9:
        return f"{size / 1e9:.1f} GB".replace(".0 ", " ")
    return f"{size / 1e6:.0f} MB" if size >= 1e6 else f"{max(size / 1e6, 0.1):.1f} MB"
