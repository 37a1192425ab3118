"""formcheck: a form checker for exercises of the hamstrings, from one side-view video."""

__version__ = "0.1.0"
