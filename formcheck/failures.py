"""Whatever went wrong, as one of formcheck's own errors: in words, with what to do."""

from __future__ import annotations

from formcheck.errors import FormcheckError, MissingPartError, OutputError
from formcheck.files import DISK_FULL
from formcheck.libraries import missing_library


def told(error: Exception) -> FormcheckError:
    """The failure in words; a plain FormcheckError where formcheck itself is to blame."""
    if (lacking := missing_library(error)) is not None:
        return lacking
    if isinstance(error, FormcheckError):
        return error
    if isinstance(error, ModuleNotFoundError) and not str(error.name).startswith("formcheck"):
        return MissingPartError(
            f"A library is missing: {error}. Install formcheck anew with pip, "
            "and run `formcheck doctor` to see what else is."
        )
    if isinstance(error, BrokenPipeError):
        return OutputError("Nobody reads the output any more.")
    if isinstance(error, OSError) and error.errno in DISK_FULL:
        return OutputError(f"The output cannot be written ({error.strerror}). Free some space.")
    return FormcheckError(
        f"a fault of formcheck itself ({type(error).__name__}: {error}). "
        "Run it again with --debug and report what it prints."
    )
