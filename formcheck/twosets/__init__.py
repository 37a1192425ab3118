"""Two sets read, shown together in a video, and told on a page."""
