"""Many clips: overnight, over processes, and none lost."""
