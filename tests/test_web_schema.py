"""Whatever is asked by the API's own description, and what it does not describe: never a fault."""

import subprocess
import sys

import pytest
from web_app import process

pytestmark = pytest.mark.slow


def test_no_request_is_a_fault_of_the_server(tmp_path):
    pytest.importorskip("schemathesis")
    with process(tmp_path / "data") as (address, running):
        said = subprocess.run(
            [sys.executable, "-m", "schemathesis.cli", "run", f"{address}/openapi.json",
             "--checks", "not_a_server_error", "--max-examples", "15", "--no-color",
             "--generation-deterministic"],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            timeout=240,
            check=False,
        )  # fmt: skip
        assert running.poll() is None
    assert said.returncode == 0, said.stdout[-3000:]
    assert "10 selected / 10 total" in said.stdout
    log = (tmp_path / "data.log").read_text()
    assert " 500 " not in log
    assert "Traceback" not in log
