"""Modules that are loaded at their first use, and not before."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

from formcheck.deferred import deferred

PARTS = ("xmlrpc", "xmlrpc.client")


@pytest.fixture(autouse=True)
def unloaded(monkeypatch):
    for name in [n for n in sys.modules if n.startswith("xmlrpc")]:
        monkeypatch.delitem(sys.modules, name)


def test_what_is_deferred_is_loaded_at_its_first_use():
    with deferred(*PARTS):
        import xmlrpc.client as client
    assert not set(PARTS) & set(sys.modules)
    assert client.dumps((1,)).startswith("<params>")
    assert set(PARTS) <= set(sys.modules)


def test_another_import_finds_the_module_itself():
    with deferred(*PARTS):
        import xmlrpc.client as client
    import xmlrpc.client as real

    assert real is sys.modules["xmlrpc.client"] and real is not client
    assert client.dumps is real.dumps


def test_it_may_be_used_within():
    with deferred(*PARTS):
        import xmlrpc.client as client

        assert callable(client.dumps)
        real = sys.modules["xmlrpc.client"]
    assert sys.modules["xmlrpc.client"] is real is not client


def test_what_is_loaded_stays():
    import xmlrpc.client as real

    with deferred(*PARTS):
        import xmlrpc.client as client
    assert client is real


def test_what_is_not_installed_is_missing_at_once():
    with deferred("no_such_module"), pytest.raises(ModuleNotFoundError, match="no_such_module"):
        import no_such_module  # noqa: F401


def test_who_looks_for_what_is_deferred_finds_it():
    with deferred(*PARTS):
        spec = find_spec("xmlrpc")
        assert spec is not None and spec.origin
        assert "xmlrpc.client" in sys.modules


@pytest.mark.model
def test_the_pose_model_loads_no_plots_and_leaves_them_usable(model):
    code = f"""
import sys
from formcheck.landmarker import Landmarker
Landmarker({str(model)!r}).close()
assert not [n for n in sys.modules if n.startswith(("matplotlib", "sounddevice"))]
from mediapipe.tasks.python.vision import drawing_utils
assert drawing_utils.plt.Figure.__module__ == "matplotlib.figure"
import matplotlib.figure
assert matplotlib.figure.Figure is drawing_utils.plt.Figure
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
