"""Film in, frames out, and back: the only room that decodes or encodes."""

from formcheck.libraries import settle_windows

settle_windows()  # before anything here imports PyAV
