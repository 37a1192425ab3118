"""Renders the sample clips: `python -m studio [NAME ...]`, with sample_videos/ on PYTHONPATH."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from studio import catalogue, works

SAMPLES = Path(__file__).resolve().parent.parent
BUILT = SAMPLES.parent / "build" / "samples"


def main() -> int:
    """Render what is not rendered yet, compare, and perhaps take over. Returns the exit status."""
    asked = _arguments()
    listed = catalogue.read()
    every = [clip.name for clip in (*listed.clips, *listed.recordings)]
    names = asked.names or every
    unknown = sorted(set(names) - set(every))
    if unknown:
        print(f"There is no clip called {', '.join(unknown)} in clips.toml.", file=sys.stderr)
        return 2
    clips = [listed.named(name) for name in names]
    try:
        works.render(clips, asked.out, asked.jobs)
    except KeyboardInterrupt:
        print("Stopped. What is finished stays; the same command goes on.", file=sys.stderr)
        return 130
    lost = works.unfinished(clips, asked.out)
    if lost:
        print(f"Not rendered: {', '.join(clip.name for clip in lost)}.", file=sys.stderr)
        return 1
    if asked.sheets:
        works.contact_sheets(names, asked.out)
    if asked.adopt:
        works.adopt(names, asked.out, SAMPLES)
    return works.compare(names, asked.out, SAMPLES)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m studio", description=main.__doc__)
    parser.add_argument("names", nargs="*", help="clips of clips.toml; all where none is named")
    parser.add_argument("--out", type=Path, default=BUILT, help="where they go (build/samples)")
    parser.add_argument("--jobs", type=int, default=None, help="processes; as many as cores")
    parser.add_argument("--sheets", action="store_true", help="also a contact sheet of each clip")
    parser.add_argument("--adopt", action="store_true", help="take them over into sample_videos/")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
