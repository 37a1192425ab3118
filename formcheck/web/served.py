"""The report page as it is served: the very file of the result, with its links, a way back, and
what a person marked.

Its one script may run since its hash is named in the answer's policy: a script that got in by a
name or a clip's metadata has another one.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache

from formcheck.pages.html import environment as report_environment
from formcheck.web.marks import beside
from formcheck.web.places import Place
from formcheck.web.rendering import render
from formcheck.web.schemas import Marks

_VIDEO = '"annotated.mp4'
_BEFORE = re.compile('<section (class="whole" aria-labelledby="whole"|aria-labelledby="how")>')
"""Before the first of them, what a person marked is put: beside the reps."""
POLICY = (
    "default-src 'none'; script-src {script}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; media-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


@cache
def policy(script: str | None = None) -> str:
    """What a report page may do: run its own script alone, or another page of ours that one. Its
    shapes are placed by style attributes, which a policy cannot name one by one."""
    script = "\n" + (script or str(report_environment().globals["script"])) + "\n"
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return POLICY.format(script=f"'sha256-{digest}'")


def served(where: Place, marks: Marks | None, *, draws: bool = False) -> str:
    """The page; `draws`: its video is still being drawn. Raises OSError where there is none."""
    page = (where.result / "report.html").read_text(encoding="utf-8")
    page = page.replace(_VIDEO, f'"/clips/{where.id}/annotated.mp4')
    page = dressed(page, "", render("bar.html", here="", mark=where.id, draws=draws))
    if marks is not None:
        beside_it = render("marked.html", **beside(where, marks))
        page = _BEFORE.sub(lambda found: beside_it + found[0], page, count=1)
    return page


def dressed(page: str, head: str, bar: str) -> str:
    """A page that stands alone, with the app's style and its bar."""
    style = '<link rel="stylesheet" href="/static/app.css">\n'
    page = page.replace("</head>", f"{style}{head}</head>", 1)
    return page.replace("<body>", f"<body>\n{bar}", 1)
