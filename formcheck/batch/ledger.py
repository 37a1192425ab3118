"""The tables of a batch."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from formcheck.batch.records import SCHEMA, ClipRecord, by_name
from formcheck.batch.worker import unwritten


def write(records: Sequence[ClipRecord], out: Path) -> None:
    """Write the tables into `out`, each whole or not at all. Raises OutputError."""
    clips = [
        {"name": r.name, "status": r.status, "reason": r.reason,
         "reps": r.summary and r.summary.reps, "folder": r.folder}
        for r in by_name(records)
    ]  # fmt: skip
    _write(out / "batch.json", json.dumps({"schema": SCHEMA, "clips": clips}, indent=1) + "\n")


def _write(path: Path, text: str) -> None:
    part = path.parent / f".formcheck-{secrets.token_hex(6)}.part"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)
    except OSError as error:
        raise unwritten(path.parent, error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
