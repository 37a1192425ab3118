"""The suite itself: nothing is skipped in silence, nothing hangs, nothing is left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from browsers import process_groups
from workers import ByFile

HERE = Path(__file__).resolve().parent
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
BELOW_PYTHON = "import ctypes\ndef test_deaf():\n    ctypes.PyDLL(None).sleep(60)\n"
"""A call that holds the interpreter: no exception gets in."""


def pytest_of(folder: Path, code: str, *options: str, **environment: str) -> tuple[int, str]:
    """Exit status and output of a run over one file, with what this suite says of every test."""
    (folder / "test_it.py").write_text(code)
    (folder / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "conftest", "-p", "no:cacheprovider", *options],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": f"{HERE.parent}{os.pathsep}{HERE}"} | environment,
        capture_output=True, text=True, timeout=400, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "workers", [(), ("-n", "1", "--dist", "loadfile")], ids=["alone", "in a worker"]
)
def test_in_ci_what_is_skipped_has_failed_and_a_warning_too(tmp_path, workers):
    code = (
        "import pytest, warnings\n"
        "def test_skipped(): pytest.skip('no such tool')\n"
        "def test_warns(): warnings.warn('old')\n"
        "def test_holds(): pass\n"
    )
    status, said = pytest_of(tmp_path, code, *workers, FORMCHECK_CI="1")
    assert status == 1, said
    assert "2 failed, 1 passed" in said
    assert "no such tool (FORMCHECK_CI=1: nothing may be skipped)" in said
    assert "UserWarning: old" in said


@pytest.mark.slow
def test_a_stuck_test_fails_and_shows_where(tmp_path):
    code = "import time\ndef test_stuck():\n    time.sleep(60)\ndef test_holds(): pass\n"
    status, said = pytest_of(tmp_path, code, "--timeout", "3")
    assert status == 1, said
    assert "1 failed, 1 passed" in said
    assert "time.sleep(60)" in said


@LINUX
@pytest.mark.slow
def test_a_test_that_is_stuck_below_python_ends_its_worker_and_the_rest_goes_on(tmp_path):
    code = "def test_first(): pass\n" + BELOW_PYTHON + "def test_holds(): pass\n"
    ends = ("-o", "faulthandler_timeout=3", "-o", "faulthandler_exit_on_timeout=true")
    status, said = pytest_of(tmp_path, code, "-n", "1", "--dist", "loadfile", *ends)
    assert status == 1, said
    assert "1 failed, 2 passed" in said
    assert 'test_it.py", line 4 in test_deaf' in said


@pytest.mark.slow
def test_workers_that_die_at_once_leave_the_rest_to_others(tmp_path):
    dies = (
        "import os\ndef test_before(): pass\ndef test_dies(): os._exit(1)\ndef test_after(): pass\n"
    )
    for name in ("one", "two", "three"):
        (tmp_path / f"test_{name}.py").write_text(dies)
    status, said = pytest_of(tmp_path, dies, "-n", "2", "--dist", "loadfile")
    assert status == 1, said
    assert "4 failed, 8 passed" in said


class Worker:
    """As much of a worker as the scheduler asks for; `heard` is what it was told to run."""

    gateway = SimpleNamespace(id="worker")
    shutting_down = False

    def __init__(self):
        self.alive, self.heard = True, []

    def send_runtest_some(self, indices):
        if not self.alive:
            raise OSError("cannot send (already closed?)")
        self.heard += indices

    def shutdown(self):
        self.shutting_down = True


def test_work_sent_to_a_worker_that_died_unheard_is_done_by_another():
    option = SimpleNamespace(loadscopereorder=False)
    queue = ByFile(SimpleNamespace(getvalue=lambda name: ["popen"] * 2, option=option))
    names = [f"test_{file}.py::test_{n}" for file in "abcdef" for n in range(3)]
    dying, other = Worker(), Worker()
    for worker in (dying, other):
        queue.add_node(worker)
        queue.add_node_collection(worker, names)
    queue.schedule()
    done, deadly, dying.alive = dying.heard[0], dying.heard[1], False
    queue.mark_test_complete(dying, done)
    assert queue.remove_node(dying) == names[deadly]
    for index in other.heard:  # grows as it is worked through
        queue.mark_test_complete(other, index)
    assert sorted(other.heard) == sorted(set(range(len(names))) - {done, deadly})
    assert other.shutting_down


STUCK_PAGE = """
import browsers
browsers.STUCK_S = 10.0
def test_stuck(browser):
    with browser.new_page() as page:
        page.evaluate("while (true) {}")
def test_holds(browser):
    with browser.new_page() as page:
        assert page.evaluate("6 * 7") == 42
"""


@pytest.mark.browser
@pytest.mark.slow
def test_a_page_that_is_stuck_costs_its_own_test_and_no_other(tmp_path, chromium):
    status, said = pytest_of(tmp_path, STUCK_PAGE)
    assert status == 1, said
    assert "1 failed, 1 passed" in said
    assert "while (true)" in said


@LINUX
def test_a_child_s_children_are_found_by_their_group(tmp_path):
    code = "import subprocess as s, sys; s.run(['sleep', '60'], start_new_session=True)"
    with subprocess.Popen([sys.executable, "-c", code]) as child:
        try:
            until = time.monotonic() + 100
            while not (found := process_groups("sleep", child.pid)) and time.monotonic() < until:
                time.sleep(0.05)
            assert len(found) == 1
            assert process_groups("sleep", 1) >= found
            assert process_groups("no such program", child.pid) == set()
        finally:
            for group in found:
                os.killpg(group, 9)
    assert process_groups("sleep", child.pid) == set()
