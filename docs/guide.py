"""Write docs/filming.md and its pictures from the words of formcheck.filming: `make pictures`.

With --words the page alone, which takes no video and a second.
"""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, Polygon, Rectangle
from PIL import Image, ImageDraw, ImageEnhance, ImageFont

from formcheck import filming
from formcheck.exercises import EXERCISES
from formcheck.video.reader import VideoFile

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
SAMPLES = ROOT / "sample_videos"
WIDTH, HEIGHT = 640, 360
GOOD, BAD = (24, 120, 72), (176, 42, 48)
FONT = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans-Bold.ttf"
SHOWN = {
    "From the side": "film-side.jpg",
    "Phone still": "film-setup.png",
    "Whole body": "film-light.jpg",
    "Room to fall": "film-room.jpg",
    "The anchor": "film-alone.jpg",
}
"""Title of a tip -> its picture."""
ALT = {
    "film-side.jpg": "Right: the camera looks at the athlete's side. Wrong: it stands 30° off.",
    "film-setup.png": "From above: the phone 3 to 5 m from the athlete, at a right angle to the "
    "way of the fall; from the side: the lens at hip height.",
    "film-room.jpg": "Right: the whole body and the floor in front. Wrong: the hands land outside.",
    "film-light.jpg": "Right: even light. Wrong: too dark to tell body and background apart.",
    "film-alone.jpg": "Right: the feet under a bar, one person. Wrong: a partner in the picture.",
}


def main() -> None:
    """Write the guide, and its pictures unless only words are asked for."""
    (ROOT / "docs" / "filming.md").write_text(page(), encoding="utf-8")
    if "--words" not in sys.argv:
        _draw()


def _draw() -> None:
    PICTURES.mkdir(exist_ok=True)
    kneeling, down = (_frame("side_one_clean.mp4", t) for t in (0.5, 4.6))
    _pair("film-side.jpg", down, _frame("yaw_plus_30.mp4", 4.2))
    _pair("film-room.jpg", down, down.crop((0, 60, 380, 274)))
    _pair("film-light.jpg", kneeling, ImageEnhance.Brightness(kneeling).enhance(0.22))
    _pair("film-alone.jpg", kneeling, _frame("partner.mp4", 0.5))
    _setup(PICTURES / "film-setup.png")


def page() -> str:
    """The guide as Markdown: what holds for every exercise, then what each needs besides."""
    parts = [
        "# How to film a set",
        "What to do, in the order in which you prepare. Where formcheck cannot judge something, "
        "its report asks for one of these in the same words.",
    ]
    for number, tip in enumerate(filming.GUIDE, 1):
        parts += [f"## {number}. {tip.title}", *_told(tip)]
    for exercise in EXERCISES.values():
        parts += [f"## The {exercise.title}", f"In short: film {exercise.film} Besides:"]
        for tip in exercise.tips:
            parts += [f"### {tip.title}", *_told(tip)]
        parts += ["### Whole reps", exercise.whole]
    parts.append("This page and its pictures are written by `make pictures`.")
    return "\n\n".join(parts) + "\n"


def _told(tip: filming.Tip) -> list[str]:
    """The words of a tip, with its picture where it has one."""
    name = SHOWN.get(tip.title)
    return [tip.words] if name is None else [tip.words, f"![{ALT[name]}](pictures/{name})"]


def _frame(name: str, at: float) -> Image.Image:
    with VideoFile(SAMPLES / name) as film:
        return Image.fromarray(next(f.rgb for f in film if f.t >= at))


def _pair(name: str, good: Image.Image, bad: Image.Image) -> None:
    """Right and wrong beside each other, told apart by word and mark as well as by colour."""
    both = Image.new("RGB", (2 * WIDTH + 20, HEIGHT + 56), "white")
    for k, (picture, colour, word) in enumerate(((good, GOOD, "✓ right"), (bad, BAD, "✗ wrong"))):
        left = k * (WIDTH + 20)
        both.paste(picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS), (left, 0))
        draw = ImageDraw.Draw(both)
        draw.rectangle((left, 0, left + WIDTH - 1, HEIGHT - 1), outline=colour, width=5)
        draw.text((left + 8, HEIGHT + 10), word, colour, ImageFont.truetype(str(FONT), 30))
    both.save(PICTURES / name, quality=82, optimize=True)


def _setup(target: Path) -> None:
    """The place seen from above and from the side."""
    figure = Figure(figsize=(11, 5), dpi=110)
    above, beside = figure.subplots(1, 2, width_ratios=(0.9, 1.1))
    _above(above)
    _beside(beside)
    for axes in (above, beside):
        axes.set_aspect("equal")
        axes.axis("off")
    figure.tight_layout()
    figure.savefig(target)
    Image.open(target).convert("RGB").quantize(64).save(target, optimize=True)


def _above(axes) -> None:  # noqa: ANN001 - matplotlib's own
    axes.set_title("from above", size=16)
    axes.add_patch(Rectangle((-0.6, -0.5), 2.8, 1.0, color="#c9d4dd"))
    axes.add_patch(Rectangle((-0.55, -0.16), 0.5, 0.32, color="#44525e"))
    axes.add_patch(Circle((0.0, 0.0), 0.22, color="#2b6cb0"))
    axes.add_patch(_arrow((0.3, -0.1), (2.0, -0.1)))
    axes.text(1.2, 0.08, "way of the fall", ha="center", size=13)
    axes.add_patch(Rectangle((0.42, -3.6), 0.36, 0.12, color="#1f2933"))
    axes.text(0.6, -4.05, "phone", ha="center", size=14)
    axes.add_patch(Polygon([(0.6, -3.45), (-1.0, 0.7), (2.6, 0.7)], fill=False, ls="--", ec="grey"))
    axes.add_patch(_arrow((3.0, -3.5), (3.0, 0.0), both=True))
    axes.text(3.15, -1.8, "3 to 5 m", va="center", size=14)
    axes.set(xlim=(-1.6, 5.0), ylim=(-4.3, 0.9))


def _beside(axes) -> None:  # noqa: ANN001 - matplotlib's own
    axes.set_title("as the camera sees it", size=16)
    axes.plot([-1.1, 2.8], [0, 0], color="grey")
    axes.plot([-0.45, 0.0, 0.0, 0.03], [0.06, 0.06, 0.5, 1.05], color="#2b6cb0", lw=9)
    axes.add_patch(Circle((0.06, 1.27), 0.12, color="#2b6cb0"))
    axes.plot([-1.1, 2.8], [0.5, 0.5], color="black", ls=":", lw=1.2)
    axes.text(2.7, 0.55, "lens at hip height", ha="right", size=14)
    axes.add_patch(_arrow((0.25, 1.0), (1.2, 0.16)))
    axes.text(2.7, 0.14, "room for the hands", ha="right", size=14)
    axes.add_patch(Rectangle((-1.1, -0.12), 3.9, 1.75, fill=False, ec="black", lw=2))
    axes.set(xlim=(-1.2, 2.9), ylim=(-0.2, 1.75))


def _arrow(start: tuple[float, float], end: tuple[float, float], both: bool = False) -> object:
    style = "<->" if both else "->"
    return FancyArrowPatch(start, end, arrowstyle=style, mutation_scale=16, color="#b02a30", lw=2)


if __name__ == "__main__":
    main()
