"""Nothing leaves the machine: the process's own network calls, watched."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLE = Path(__file__).resolve().parent.parent / "sample_videos" / "fault_hips_pike.mp4"
INTERNET = re.compile(r"(?:inet_addr\(|inet_pton\(AF_INET6, )\"([^\"]+)\"")


def strangers(trace: str) -> set[str]:
    """The addresses beyond loopback that a trace of network calls names."""
    return {a for a in INTERNET.findall(trace) if not (a.startswith("127.") or a == "::1")}


def test_an_address_beyond_loopback_would_be_seen():
    """The check itself can fail: lines as strace writes them."""
    calls = (
        'connect(5, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("10.0.0.2")}, 16)',
        'sendto(5, "x", 1, 0, {sa_family=AF_INET, sin_addr=inet_addr("127.0.0.1")}, 16) = 1',
        "connect(6, {sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), "
        'inet_pton(AF_INET6, "2a00::1", &sin6_addr), sin6_scope_id=0}, 28)',
    )
    assert strangers(calls[0]) == {"10.0.0.2"}
    assert strangers(calls[1]) == set()
    assert strangers(calls[2]) == {"2a00::1"}


@pytest.mark.model
@pytest.mark.skipif(sys.platform != "linux", reason="strace is Linux's")
def test_analysing_a_clip_sends_nothing(model, tmp_path):
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("no strace: install Debian's package `strace`")
    trace = tmp_path / "trace"
    subprocess.run(
        [strace, "-f", "-e", "trace=network", "-o", trace, sys.executable, "-m", "formcheck",
         "analyze", SAMPLE, "--out", tmp_path / "out"],
        check=True,
        capture_output=True,
    )  # fmt: skip
    seen = trace.read_text(errors="replace")
    assert "exited with 0" in seen
    assert strangers(seen) == set()
