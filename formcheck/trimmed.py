"""The pose model without the part that paints the body's silhouette, which nobody here asks for.

MediaPipe's landmark network paints it at every frame, whether it is wanted or not: 46 of its 332
operators and a third of its time (docs/speed.md). The landmarks are the same bit for bit, for they
do not depend on it.
"""

from __future__ import annotations

import functools
import hashlib
import io
import logging
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from formcheck import models

log = logging.getLogger("formcheck.trimmed")

_SILHOUETTE = 2
"""Which of the landmark network's outputs it is: MediaPipe knows them by their order."""
_ENTRY = b"TFL3"
_TYPICAL_BYTES = 1 << 23


class _Operator(Protocol):
    inputs: Iterable[int]
    outputs: Iterable[int]


def bundle(model: Path) -> bytes:
    """The bundle of a pose landmarker, to be loaded by MediaPipe: formcheck's own model without
    its silhouette, another one as it is, for what its parts are is not known. Raises OSError."""
    known = model.stat()
    return _bundle(model, known.st_size, known.st_mtime_ns)


@functools.lru_cache(maxsize=1)
def _bundle(model: Path, size: int, changed: int) -> bytes:
    data = model.read_bytes()
    if hashlib.sha256(data).hexdigest() not in models.SHA256.values():
        return data
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            parts = {name: opened.read(name) for name in opened.namelist()}
        return models.bundle(parts | {models.LANDMARKS: without_output(parts[models.LANDMARKS])})
    except Exception as error:  # what describes networks comes with MediaPipe, and may change
        log.debug("the pose model is used as it is: %r", error)
        return data


def without_output(network: bytes, which: int = _SILHOUETTE) -> bytes:
    """A TFLite network that does not compute one of its outputs: in its place is a single zero, so
    that the others keep theirs."""
    import flatbuffers
    from mediapipe.tasks.metadata import schema_py_generated as schema

    model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(network, 0))
    graph = model.subgraphs[0]
    dropped = int(graph.outputs[which])
    needed = _needed(graph.operators, [int(t) for t in graph.outputs if t != dropped])
    graph.operators = [o for i, o in enumerate(graph.operators) if i in needed]
    zero = schema.BufferT()
    zero.data = np.zeros(4, np.uint8)
    model.buffers.append(zero)
    tensor = graph.tensors[dropped]
    tensor.buffer, tensor.shape = len(model.buffers) - 1, np.ones(1, np.int32)
    builder = flatbuffers.Builder(_TYPICAL_BYTES)
    builder.Finish(model.Pack(builder), _ENTRY)
    return bytes(builder.Output())


def _needed(operators: Sequence[_Operator], outputs: list[int]) -> set[int]:
    """Which operators these tensors are computed by."""
    maker = {int(t): i for i, o in enumerate(operators) for t in o.outputs}
    open_, needed = [maker[t] for t in outputs], set[int]()
    while open_:
        i = open_.pop()
        if i not in needed:
            needed.add(i)
            open_ += [maker[int(t)] for t in operators[i].inputs if int(t) in maker]
    return needed
