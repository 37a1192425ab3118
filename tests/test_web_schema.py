"""Whatever is asked by the API's own description, and what it does not describe: never a fault."""

import logging
import os
import re
import subprocess
import sys

import httpx2 as httpx
import pytest
from web_app import Hand, done, listening, track, upload

pytestmark = pytest.mark.slow

# Some clips that are there, or nothing but "there is no such clip" would be tried.
THERE = """
[parameters]
"path.id" = "{kept}"

[[operations]]
include-name = "DELETE /api/clips/{{id}}"
parameters = {{ "path.id" = "{gone}" }}
"""

DIRECT = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
"""Without the proxy that a pose model's process closes its way out with."""


def test_no_request_is_a_fault_of_the_server(tmp_path, caplog):
    caplog.set_level(logging.INFO, "formcheck.web")
    with listening(tmp_path / "data", crew=Hand) as address:
        with httpx.Client(trust_env=False, base_url=address, timeout=240) as asks:
            kept, gone = (upload(asks, track(), "a.npz").json()["id"] for _ in range(2))
            done(asks, [kept, gone])
        (tmp_path / "schemathesis.toml").write_text(THERE.format(kept=kept, gone=gone))
        said = subprocess.run(
            [sys.executable, "-m", "schemathesis.cli", "run", f"{address}/openapi.json",
             "--checks", "not_a_server_error", "--phases", "coverage,fuzzing",
             "--max-examples", "15", "--request-timeout", "120", "--no-color",
             "--generation-deterministic"],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=DIRECT,
            timeout=500,
            check=False,
        )  # fmt: skip
    assert said.returncode == 0, said.stdout[-3000:]
    assert "14 selected / 14 total" in said.stdout
    assert "Tested: 14" in said.stdout
    lines = [record.getMessage() for record in caplog.records]
    assert any("PUT /api/clips/{id}/marks 200" in line for line in lines)
    assert not [line for line in lines if re.search(r" 5\d\d \d+ ms", line)]
