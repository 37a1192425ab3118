"""What is kept of athletes when their clips come and go: beside the queue, in its database."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

from formcheck import history
from formcheck.errors import FormcheckError
from formcheck.store import keeping
from formcheck.store.opening import Store

log = logging.getLogger("formcheck.web")


def keep(store: Store, result: Path, athlete: str | None) -> None:
    """Keep a result as an athlete's; None: nobody was named. What cannot be kept is a report all
    the same: that is only logged."""
    if athlete is None:
        return
    try:
        now = datetime.now(UTC)
        keeping.keep(store, athlete, history.read(result, now), now)
    except FormcheckError as error:
        log.warning("a result is not kept as its athlete's (%s)", type(error).__name__)


def let_go(store: Store, result: Path) -> None:
    """The result in this folder is nobody's any more."""
    keeping.drop(store, result.absolute())
