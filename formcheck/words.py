"""Words on a picture: text on dark plates, ready to be laid over a frame.

Drawn once with Pillow, in the DejaVu font that matplotlib carries, and kept: a frame then costs
one blend. What is said is the caller's; here is only how it looks. Sizes are in pixels.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, ImageOps

Array = NDArray[np.float64]
Colour = tuple[int, int, int]
Point = tuple[float, float]
Box = tuple[int, int, int, int]
"""x, y, width and height in pixels."""

INK: Colour = (255, 255, 255)
MUTED: Colour = (196, 204, 212)
FAINT: Colour = (112, 122, 132)
MARK: Colour = (255, 196, 61)
"""Of what is marked on a curve."""
PLATE = (14, 18, 24, 200)
"""Dark enough that white words keep a contrast of 7 to 1 over a white wall."""
Sign = tuple[Colour, int, float, str]
"""Colour, corners and their turn in degrees, and the letter on it."""
SIGNS: Mapping[str, Sign] = {
    "fault": ((255, 107, 97), 8, 22.5, "!"),
    "warning": ((255, 196, 61), 3, 0.0, "!"),
    "note": ((126, 196, 255), 48, 0.0, "i"),
}
"""Of each severity: an octagon, a triangle and a disc, so that the colour never says it alone."""
UNITS = {"deg": (0, "°"), "deg/s": (0, "°/s"), "s": (1, " s"), "1": (0, "%"),
         "N·m": (0, " N·m"), "N·m/kg": (2, " N·m/kg"), "deg/rep": (1, "° a rep"),
         "count": (0, "")}  # fmt: skip
"""Unit -> decimals and how it is written; what is less than a second gets one more."""
SMOOTH = 4
"""Shapes are drawn this much larger and reduced: Pillow's own edges are jagged."""
GLUED = re.compile(r"(\d) (s|m|kg|N·m)\b")
"""A number and its unit, which stay in one line."""
LINE = 1.3
"""Distance of lines in letter sizes."""


@dataclass(frozen=True)
class Sprite:
    """A small picture that can be laid over a frame: frame * through / 255 + rgb."""

    rgb: NDArray[np.uint8]
    """(H, W, 3) what it adds."""
    through: NDArray[np.uint8]
    """(H, W, 3) how much of the frame stays, 255 all of it."""

    @classmethod
    def of(cls, rgba: NDArray[np.uint8]) -> Sprite:
        """From (H, W, 4) with straight alpha."""
        alpha = rgba[:, :, 3:].astype(np.uint16)
        rgb = (rgba[:, :, :3] * alpha + 127) // 255
        through = np.repeat(255 - rgba[:, :, 3:], 3, axis=2)
        return cls(np.ascontiguousarray(rgb.astype(np.uint8)), np.ascontiguousarray(through))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.rgb.shape[1], self.rgb.shape[0]


@lru_cache(maxsize=64)
def font(size: float, bold: bool = True) -> ImageFont.FreeTypeFont:
    """The font at a size. matplotlib is found, not imported: that alone takes 0.2 s."""
    spec = find_spec("matplotlib")
    folder = Path(spec.origin if spec and spec.origin else "").parent / "mpl-data/fonts/ttf"
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(str(folder / name), max(1, round(size)))


@lru_cache(maxsize=4096)
def width_of(text: str, size: float, bold: bool = True) -> float:
    """How wide a line of text is."""
    return float(font(size, bold).getlength(text))


def wrapped(text: str, size: float, width: float, bold: bool = False) -> list[str]:
    """The text in lines no wider than `width`, of about equal length; a word is never cut."""
    lines = _greedy(text, size, width, bold)
    while len(lines) > 1:
        width -= size / 2
        tighter = _greedy(text, size, width, bold)
        if len(tighter) > len(lines) or width < size:
            break
        lines = tighter
    return lines


def _greedy(text: str, size: float, width: float, bold: bool) -> list[str]:
    lines: list[str] = []
    for word in filter(None, GLUED.sub("\\1\xa0\\2", text).split(" ")):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size, bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def figure(value: float, unit: str, limit: float | None = None) -> str:
    """A number with its unit, as on a coach's clipboard: 46°, 2.6 s, 0.36 s, 45%. Beside a limit
    it gets the decimals that tell the two apart."""
    factor, digits, written = _written(value, unit, limit)
    return f"{round(factor * value, digits) + 0.0:.10g}{written}".replace("-", "−")


def with_spread(
    value: float, unit: str, half_width: float | None, limit: float | None = None
) -> str:
    """The same ± the half-width of its 95 % interval, in as many decimals and never rounded down
    to nothing: 59° ± 16°, 0.85 s ± 0.05 s. Without a half-width the number alone."""
    factor, digits, written = _written(value, unit, limit)
    both = [value] if half_width is None else [value, max(half_width, 10.0**-digits / factor)]
    said = [f"{round(factor * x, digits) + 0.0:.{digits}f}{written}" for x in both]
    return " ± ".join(said).replace("-", "−")


def _written(value: float, unit: str, limit: float | None) -> tuple[int, int, str]:
    """Factor, decimals and what stands behind a number."""
    digits, written = UNITS.get(unit, (2, f" {unit}"))
    factor = 100 if unit == "1" else 1
    digits += unit == "s" and abs(value) < 1
    if limit is not None and value != limit:
        while digits < 3 and round(factor * value, digits) == round(factor * limit, digits):
            digits += 1
    return factor, digits, written


def plate(width: float, height: float, radius: float) -> Image.Image:
    """An empty plate, dark and translucent, with round corners."""
    w, h = max(1, round(width)), max(1, round(height))
    corner = _corner(min(radius, w / 2, h / 2))
    r = corner.width
    mask = Image.new("L", (w, h), PLATE[3])
    mask.paste(corner, (0, 0))
    mask.paste(ImageOps.mirror(corner), (w - r, 0))
    mask.paste(ImageOps.flip(corner), (0, h - r))
    mask.paste(ImageOps.flip(ImageOps.mirror(corner)), (w - r, h - r))
    image = Image.new("RGBA", (w, h), PLATE[:3])
    image.putalpha(mask)
    return image


@lru_cache(maxsize=64)
def _corner(radius: float) -> Image.Image:
    """The upper left corner of a plate: how much it covers."""
    side = max(1, math.ceil(radius))
    large = Image.new("L", (side * SMOOTH, side * SMOOTH))
    far = 2 * max(side, radius) * SMOOTH
    ImageDraw.Draw(large).rounded_rectangle((0, 0, far, far), radius * SMOOTH, fill=PLATE[3])
    return large.resize((side, side), Image.Resampling.BOX)


def ground(size: tuple[int, int], colour: Colour) -> Image.Image:
    """An empty plate that lets nothing through."""
    return Image.new("RGBA", size, (*colour, 255))


def cut(text: str, size: float, width: float) -> str:
    """The text, its middle left out where it is wider than `width`: a name's ends tell most."""
    keep = len(text)
    while keep > 2 and width_of(short := _shorter(text, keep), size, bold=False) > width:
        keep -= 1
    return text if keep == len(text) else short


def _shorter(text: str, keep: int) -> str:
    front = -(-keep // 2)
    return text if keep == len(text) else f"{text[:front]}…{text[len(text) - (keep - front) :]}"


def write(
    image: Image.Image,
    at: Point,
    text: str,
    size: float,
    colour: Colour = INK,
    *,
    bold: bool = True,
    anchor: str = "lm",
) -> None:
    """Write one line on a plate; `anchor` as in Pillow: by default `at` is its middle left."""
    ImageDraw.Draw(image).text(at, text, font=font(size, bold), fill=(*colour, 255), anchor=anchor)


def sprite(image: Image.Image) -> Sprite:
    """A finished plate."""
    return Sprite.of(np.asarray(image, np.uint8))


@lru_cache(maxsize=512)
def label(text: str, size: float, colour: Colour = INK) -> Sprite:
    """One line of text on a plate that just holds it."""
    width, height = width_of(text, size) + 0.8 * size, 1.5 * size
    image = plate(width, height, 0.35 * size)
    write(image, (width / 2, height / 2), text, size, colour, anchor="mm")
    return sprite(image)


def panel(head: str, line: str, size: float, heads: Sequence[str], lines: Sequence[str]) -> Sprite:
    """A large line and a smaller one beneath; wide enough for all `heads` and `lines` that may
    ever stand there, so that the plate does not change its size."""
    large, plain = 1.9 * size, 1.35 * size
    widest = max(*(width_of(h, large) for h in heads), *(width_of(s, plain) for s in lines))
    width, height = widest + 1.4 * size, 4.6 * size
    image = plate(width, height, 0.5 * size)
    write(image, (0.7 * size, 1.5 * size), head, large)
    write(image, (0.7 * size, 3.4 * size), line, plain, MARK)
    return sprite(image)


def banner(
    severity: str,
    sentence: str,
    figures: tuple[str, str],
    sizes: tuple[float, float],
    width: float,
) -> Sprite:
    """A finding: its sign and word, the sentence in lines no wider than `width` or than the
    figures beneath it: the value, large, and the limit, under it where both are wider than that.

    sizes: of the main words and of the small ones.
    """
    (size, small), (value, limit) = sizes, figures
    colour, large, gap = SIGNS[severity][0], 1.25 * size, 0.7 * size
    wides = width_of(value, large), width_of(limit, small, False)
    below = wides[0] + gap + wides[1] > width
    figures_wide = max(wides) if below else wides[0] + gap + wides[1]
    lines = wrapped(sentence, size, max(width, figures_wide))
    left, top = 2.6 * size, 0.55 * size
    word = severity.upper()
    widest = max(width_of(word, size), figures_wide, *(width_of(x, size, False) for x in lines))
    height = 2 * top + LINE * (size * (1 + len(lines)) + large + below * small)
    image = plate(left + widest + 0.8 * size, height, 0.5 * size)
    sign(image, severity, (1.4 * size, top + 0.9 * size), 0.85 * size)
    y = top + LINE * size / 2
    write(image, (left, y), word, size, colour)
    for text in lines:
        y += LINE * size
        write(image, (left, y), text, size, bold=False)
    y += LINE * (size + large) / 2
    write(image, (left, y), value, large, colour)
    at = (left, y + LINE * (large + small) / 2) if below else (left + wides[0] + gap, y)
    write(image, at, limit, small, MUTED, bold=False)
    return sprite(image)


def tag(head: str, figure: str, lines: Sequence[str], size: float) -> Sprite:
    """A name, its number beneath, large, and lines of plain words where there are any."""
    large = 1.7 * size
    widest = max(width_of(head, size), width_of(figure, large))
    widest = max([widest, *(width_of(line, size, False) for line in lines)])
    height = 1.1 * size + LINE * (size * (1 + len(lines)) + large)
    image = plate(widest + 1.6 * size, height, 0.5 * size)
    y = 0.55 * size + LINE * size / 2
    write(image, (0.8 * size, y), head, size, MARK)
    y += LINE * (size + large) / 2
    write(image, (0.8 * size, y), figure, large)
    y += LINE * (large - size) / 2
    for line in lines:
        y += LINE * size
        write(image, (0.8 * size, y), line, size, MUTED, bold=False)
    return sprite(image)


def sign(image: Image.Image, severity: str, centre: Point, radius: float) -> None:
    """The severity's shape with its letter."""
    shape(image, SIGNS[severity], centre, radius)


def shape(image: Image.Image, of: Sign, centre: Point, radius: float) -> None:
    """A sign with its letter, drawn large and reduced."""
    colour, corners, turn, letter = of
    r = round(radius)
    middle = r * SMOOTH
    # a triangle's middle lies below its box's, and it needs to be larger to look as large
    tall = corners == 3
    reach = middle * (1.15 if tall else 1.0)
    drop = 0.2 * middle if tall else 0.0
    angles = np.radians(np.arange(corners) * 360 / corners + turn)
    points = [(middle + reach * np.sin(a), middle + drop - reach * np.cos(a)) for a in angles]
    mask = Image.new("L", (2 * r * SMOOTH, 2 * r * SMOOTH))
    ImageDraw.Draw(mask).polygon(points, fill=255)
    mask = mask.resize((2 * r, 2 * r), Image.Resampling.BOX)
    corner = (round(centre[0]) - r, round(centre[1]) - r)
    image.paste((*colour, 255), (*corner, corner[0] + 2 * r, corner[1] + 2 * r), mask)
    at = (corner[0] + r, corner[1] + r + 0.6 * drop / SMOOTH)
    write(image, at, letter, (1.1 if tall else 1.25) * radius, PLATE[:3], anchor="mm")


def legend_width(legend: Sequence[str], letters: float) -> float:
    """Where the curve of a strip begins, from its left edge."""
    return 0.8 * letters + max(width_of(f"{text} ", letters) for text in legend)


def strip(
    size: tuple[int, int],
    letters: float,
    legend: Sequence[tuple[str, Colour]],
    line: Array,
    marks: Array,
    bright: bool,
) -> Sprite:
    """A low plate with a curve and its legend.

    line: (n, 2) pixels; broken where NaN. marks: (m, 2) where a diamond stands. bright: in full
    colour, else in grey.
    """
    image = plate(*size, 0.5 * letters)
    for row, (text, colour) in enumerate(legend):
        y = size[1] * (row + 1) / (len(legend) + 1)
        write(image, (0.6 * letters, y), text, letters, colour, bold=False)
    mask = Image.new("L", (size[0] * SMOOTH, size[1] * SMOOTH))
    pen = ImageDraw.Draw(mask)
    for run in np.split(line, np.flatnonzero(~np.isfinite(line).all(axis=1))):
        seen = run[np.isfinite(run).all(axis=1)] * SMOOTH
        pen.line([(x, y) for x, y in seen], fill=255, width=round(letters / 7 * SMOOTH))
    image.paste((*(INK if bright else FAINT), 255), (0, 0), mask.reduce(SMOOTH))
    for x, y in marks[np.isfinite(marks).all(axis=1)]:
        write(image, (x, y), "◆", 1.1 * letters, MARK, anchor="mm")
    return sprite(image)


def box_of(sprite: Sprite, corner: Point) -> Box:
    """Where a sprite lies whose upper left corner is there."""
    return round(corner[0]), round(corner[1]), *sprite.size


def shared(a: Box, b: Box) -> int:
    """The area that two boxes share, square pixels."""
    wide = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    tall = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    return max(0, wide) * max(0, tall)
