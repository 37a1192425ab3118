"""What every test can ask for, and no silent skips where the whole suite must run."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import databases
import pytest
from browsers import Chromium
from desktop import Desktop, lacking
from hypothesis import HealthCheck, settings

from formcheck import models

ROOT = Path(__file__).resolve().parent.parent
ALL_MUST_RUN = os.environ.get("FORMCHECK_CI") == "1"
settings.register_profile(
    "patient",
    deadline=None,  # a busy machine may take a second for what takes a millisecond
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=ALL_MUST_RUN,  # there the same examples every time; new ones wherever else they run
)
settings.load_profile("patient")
COSTLY = {"model", "studio", "footage", "slow"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In a worker (`-n`) the costly files come first, so that none ends long after the others."""
    if hasattr(config, "workerinput"):
        cost: Counter[Path] = Counter()
        for item in items:
            costly = any(mark.name in COSTLY for mark in item.iter_markers())
            cost[item.path] += costly or getattr(item.obj, "is_hypothesis_test", False)
        items.sort(key=lambda item: -cost[item.path])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log):
    """Who works on what, with `-n` and `--dist loadfile`."""
    from workers import ByFile

    return ByFile(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    """Under FORMCHECK_CI=1 a skipped test has failed: what was not run is not known to work."""
    report = yield
    return _strict(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    """The same for a file that skips as a whole."""
    report = yield
    return _strict(report)


def _strict(report):
    if ALL_MUST_RUN and report.outcome == "skipped" and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{reason} (FORMCHECK_CI=1: nothing may be skipped)"
    return report


@pytest.fixture(scope="session", autouse=True)
def _own_data(tmp_path_factory) -> Iterator[None]:
    """What a test keeps of an athlete is not kept among the user's own."""
    own = {"FORMCHECK_DATA": str(tmp_path_factory.mktemp("data")), "FORMCHECK_DATABASE": ""}
    with mock.patch.dict(os.environ, own):
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with real footage, beside the checkout or where FORMCHECK_SHARED says."""
    folder = Path(os.environ.get("FORMCHECK_SHARED") or ROOT.parent / "shared")
    if not folder.is_dir():
        pytest.skip(f"no footage: {folder} is not there; set FORMCHECK_SHARED to its folder")
    return folder


@pytest.fixture(scope="session")
def model() -> Path:
    """The pose model, fetched once and kept for the next run."""
    return models.ensure()


@pytest.fixture(scope="session")
def body_data() -> Path:
    """The studio's body data, fetched once with the user's own way out, which a pose model that was
    loaded before has closed for this process."""
    from studio import assets

    with mock.patch.dict(os.environ, models.original_environment(), clear=True):
        return assets.ensure()


@pytest.fixture(scope="session")
def _postgresql() -> Iterator[str]:
    if databases.programs() is None:
        pytest.skip("no PostgreSQL: install Debian's package `postgresql`")
    with databases.server() as url:
        yield url


@pytest.fixture(scope="module")
def postgresql(_postgresql) -> Iterator[str]:
    """The URL of a file's own database on a real PostgreSQL, which is started once."""
    with databases.fresh(_postgresql) as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> Path:
    """A Chromium that tests may drive."""
    names = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.skip("no Chromium: install Debian's package `chromium`")
    return Path(found)


@pytest.fixture(scope="session")
def _one_chromium(chromium) -> Iterator[Chromium]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        one = Chromium(play.chromium, chromium)
        yield one
        one.drop()


@pytest.fixture
def browser(_one_chromium, request):
    """Playwright's browser, the same for every test; a new one after a test that failed."""
    failed = request.session.testsfailed
    with _one_chromium.lent() as running:
        yield running
    if request.session.testsfailed > failed:
        _one_chromium.drop()


@pytest.fixture
def desktop(tmp_path) -> Iterator[Desktop]:
    """A virtual screen with a window manager."""
    if missing := lacking():
        pytest.skip(f"no virtual screen: install Debian's {', '.join(missing).lower()}")
    with Desktop(tmp_path) as one:
        yield one


@pytest.fixture(scope="session")
def axe() -> Path:
    """The script that finds what a screen reader, a keyboard or weak eyes would stumble over."""
    script = ROOT / ".venv" / "npm" / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        pytest.skip("no axe-core: `make tools` fetches it with npm")
    return script
