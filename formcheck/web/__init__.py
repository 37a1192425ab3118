"""The web app: clips are uploaded, reports read, sets watched by the browser's own camera."""
