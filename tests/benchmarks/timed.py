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
from typing import Any


@dataclass(frozen=True)
class Run:
    """One run of a command, with all the processes below it."""

    wall_s: float
    cpu_s: float
    """User and system."""
    peak_mb: float
    """The most memory that its largest process ever held; an analysis is one process."""


def timed(
    command: Sequence[str], env: Mapping[str, str] | None = None, *, but: str | None = None
) -> Run:
    """Run it to its end; what it says is shown only where it fails, which raises SystemExit unless
    it says `but`: that is how this command ends."""
    begun = time.monotonic()
    with subprocess.Popen(
        command, env={**os.environ, **(env or {})}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as child:
        said = child.stdout.read() if child.stdout else b""
        _, status, used = os.wait4(child.pid, 0)
        wall = time.monotonic() - begun
        child.returncode = os.waitstatus_to_exitcode(status)
    told = said.decode(errors="replace")
    if child.returncode and (but is None or but not in told):
        sys.exit(f"{' '.join(command)}: status {child.returncode}\n{told}")
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def median(runs: Sequence[Run]) -> Run:
    """The median of each figure."""
    walls, cpus, peaks = zip(*((r.wall_s, r.cpu_s, r.peak_mb) for r in runs), strict=True)
    return Run(*(round(statistics.median(figures), 3) for figures in (walls, cpus, peaks)))


def of_each_round(runs: Mapping[str, Sequence[Run]], figure: str) -> dict[str, list[float]]:
    """What each run took of the bare loop of its own round, in a figure of `Run`; none without a
    bare loop."""
    base = [getattr(run, figure) for run in runs.get("bare", ())]
    return {
        name: [getattr(run, figure) / bare for run, bare in zip(of, base, strict=True)]
        for name, of in runs.items()
        if base
    }


def middle(ratios: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """The median of each."""
    return {name: round(statistics.median(of), 3) for name, of in ratios.items()}


def kept(path: Path, figures: Mapping[str, object]) -> None:
    """Write figures with the machine that they were taken on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    told = json.dumps({"machine": machine(), **figures}, indent=1)
    path.write_text(told + "\n", encoding="utf-8")


@dataclass(frozen=True)
class Recorded:
    """Figures that were kept, to compare others with."""

    told: Mapping[str, Any]

    @classmethod
    def read(cls, path: Path) -> Recorded:
        """Raises SystemExit where it is not there."""
        try:
            return cls(json.loads(path.read_text(encoding="utf-8")))
        except OSError as error:
            sys.exit(f"{path}: {error.strerror}. Leave --against out, and record with --json.")

    def grown(self, which: str, now: Mapping[str, float], noise: float) -> list[str]:
        """The figures that are larger than those recorded as `which`, beyond noise, in words."""
        old = self.told.get(which, {})
        return [
            f"{name}, {which}: {figure}, recorded {old[name]}"
            for name, figure in now.items()
            if name in old and figure > old[name] * (1 + noise)
        ]

    def odd(self, which: str, now: Mapping[str, float]) -> list[str]:
        """Why a comparison would say less than it seems to, in words."""
        old, here = self.told.get(which, {}), machine()
        there = self.told.get("machine", {})
        other = [n for n in ("processor", "cores") if there.get(n) != here[n]]
        lines = [f"recorded with {n} {there.get(n)}, this is {here[n]}" for n in other]
        lines += [f"{name}: not recorded" for name in now if name not in old]
        return lines + [f"{name}: recorded, and not run" for name in old if name not in now]


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
