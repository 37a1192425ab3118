"""How long a command takes: on the wall, on the processor, and in memory."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path


@dataclass(frozen=True)
class Run:
    """One run of a command, with all the processes below it."""

    wall_s: float
    cpu_s: float
    """User and system."""
    peak_mb: float
    """The most memory that its largest process ever held."""


def timed(
    command: Sequence[str], env: Mapping[str, str] | None = None, *, may_fail: bool = False
) -> Run:
    """Run it to its end; what it says is shown only where it fails, which raises SystemExit."""
    begun = time.monotonic()
    child = subprocess.Popen(
        command, env={**os.environ, **(env or {})}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    said = child.stdout.read() if child.stdout else b""
    _, status, used = os.wait4(child.pid, 0)
    wall = time.monotonic() - begun
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode and not may_fail:
        sys.exit(f"{' '.join(command)}: status {child.returncode}\n{said.decode(errors='replace')}")
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def median(runs: Sequence[Run]) -> Run:
    """The median of each figure."""
    walls, cpus, peaks = zip(*((r.wall_s, r.cpu_s, r.peak_mb) for r in runs), strict=True)
    return Run(*(round(statistics.median(figures), 3) for figures in (walls, cpus, peaks)))


def kept(path: Path, figures: Mapping[str, object]) -> None:
    """Write figures with the machine that they were taken on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    told = json.dumps({"machine": machine(), **figures}, indent=1)
    path.write_text(told + "\n", encoding="utf-8")


def grown(ratios: Mapping[str, float], recorded: Path, noise: float) -> list[str]:
    """The ratios that are larger than the recorded ones beyond noise, in words."""
    old = json.loads(recorded.read_text(encoding="utf-8"))["ratios"]
    return [
        f"{name}: {ratio}, recorded {old[name]}"
        for name, ratio in ratios.items()
        if ratio > old.get(name, ratio) * (1 + noise)
    ]


def machine() -> dict[str, str | int]:
    """What it was measured on, and with which versions."""
    names = ("formcheck", "mediapipe", "av", "opencv-contrib-python", "numpy")
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in names},
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())
