"""What can go wrong, and what the program's exit status says about it.

    FormcheckError            1   a fault of formcheck itself
    ├── UsageError            2   wrong usage: an option or a value that cannot be
    ├── InputError            3   input that cannot be read
    ├── MissingPartError      4   a part of the machine is missing: model, library, camera, samples
    └── OutputError           5   output that cannot be written: full, read-only

Every message names what came, what was expected and what to do.
"""


class FormcheckError(Exception):
    """The root of the tree; `status` is the process's exit status."""

    status = 1


class UsageError(FormcheckError):
    """An option, a name or a value that cannot be."""

    status = 2


class InputError(FormcheckError):
    """A clip or a pose track that cannot be read."""

    status = 3


class MissingPartError(FormcheckError):
    """A model, a library, a camera or samples that are not on this machine."""

    status = 4


class OutputError(FormcheckError):
    """A result that cannot be written."""

    status = 5
