"""Names for the arrays that go from room to room; their shapes and units stand where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Indices: TypeAlias = NDArray[np.int64]
Colour: TypeAlias = tuple[float, float, float]
"""Linear reflectance of red, green and blue, 0 to 1; or light, which may be more."""

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    Sparse: TypeAlias = csr_array[Any, tuple[int, int]]
    """A matrix that is mostly zeros."""
else:
    Sparse = Any
