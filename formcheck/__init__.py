"""formcheck: a form checker for the Nordic hamstring curl, from one side-view video."""

__version__ = "0.1.0"
