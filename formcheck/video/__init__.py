"""Film in, frames out, and back: the only room that decodes or encodes."""
