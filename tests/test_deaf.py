"""A process that has just begun does not hear Ctrl-C, which is its parent's to answer."""

import signal
import socket
import subprocess
import sys
import threading

import pytest

from formcheck.deaf import deaf

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="masks of signals are POSIX")


def test_what_begins_meanwhile_hears_no_ctrl_c_from_its_first_moment_on():
    with deaf():
        process = subprocess.Popen([sys.executable, "-c", "print(1)"], stdout=subprocess.PIPE)
        process.send_signal(signal.SIGINT)
    assert process.communicate() == (b"1\n", None)
    assert process.returncode == 0


def test_whoever_begins_it_hears_it_afterwards():
    done = []
    with pytest.raises(KeyboardInterrupt), deaf():
        signal.raise_signal(signal.SIGINT)
        done.append("begun")
    assert done == ["begun"]
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


@pytest.fixture
def library():
    """A thread that takes signals, as one of a library may, and what tells that it took one."""
    over, (taken, tells) = threading.Event(), socket.socketpair()
    thread = threading.Thread(target=over.wait)
    thread.start()
    tells.setblocking(False)
    before = signal.set_wakeup_fd(tells.fileno())
    yield thread, taken
    signal.set_wakeup_fd(before)
    over.set()
    thread.join()
    taken.close()
    tells.close()


def test_it_comes_afterwards_though_another_thread_took_it(library):
    thread, taken = library
    done = []
    with pytest.raises(KeyboardInterrupt), deaf():
        signal.pthread_kill(thread.ident, signal.SIGINT)
        assert taken.recv(1) == bytes([signal.SIGINT])
        done.append("begun")
    assert done == ["begun"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_it_lasts_though_python_begins_a_process_of_its_own_before_the_first():
    code = (
        "import multiprocessing, signal\nfrom formcheck.deaf import deaf\n"
        "process = multiprocessing.get_context('spawn').Process(target=print)\n"
        "with deaf():\n    process.start()\n"
        "    print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []), flush=True)\n"
        "process.join()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True"]
