"""Words on a picture: text on dark plates, ready to be laid over a frame, and room for them.

Drawn once with Pillow, in the DejaVu font that matplotlib carries, and kept: a frame then costs
one blend. What is said is the caller's; here is only how it looks. Sizes are in pixels.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Array = NDArray[np.float64]
Colour = tuple[int, int, int]
Point = tuple[float, float]
Box = tuple[int, int, int, int]
"""x, y, width and height in pixels."""

INK: Colour = (255, 255, 255)
MUTED: Colour = (196, 204, 212)
FAINT: Colour = (112, 122, 132)
MARK: Colour = (255, 196, 61)
"""Of the break point."""
PLATE = (14, 18, 24, 200)
"""Dark enough that white words keep a contrast of 7 to 1 over a white wall."""
SIGNS: Mapping[str, tuple[Colour, int, float, str]] = {
    "fault": ((255, 107, 97), 8, 22.5, "!"),
    "warning": ((255, 196, 61), 3, 0.0, "!"),
    "note": ((126, 196, 255), 48, 0.0, "i"),
}
"""Severity -> colour, corners of its sign and their turn in degrees, and the letter on it: an
octagon, a triangle and a disc, so that the colour never says it alone."""
UNITS = {"deg": (0, "°"), "deg/s": (0, "°/s"), "s": (2, " s"), "1": (0, "%")}
"""Unit -> decimals and how it is written."""
SMOOTH = 4
"""Shapes are drawn this much larger and reduced: Pillow's own edges are jagged."""
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
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size, bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def figure(value: float, unit: str) -> str:
    """A number with its unit, as on a coach's clipboard: 46°, 2.63 s, 45%."""
    digits, written = UNITS.get(unit, (2, f" {unit}"))
    scaled = round(100 * value if unit == "1" else value, digits) + 0.0
    return f"{scaled:.10g}{written}".replace("-", "−")


def plate(width: float, height: float, radius: float) -> Image.Image:
    """An empty plate, dark and translucent, with round corners."""
    w, h = max(1, round(width)), max(1, round(height))
    mask = Image.new("L", (w * SMOOTH, h * SMOOTH))
    box = (0, 0, w * SMOOTH - 1, h * SMOOTH - 1)
    ImageDraw.Draw(mask).rounded_rectangle(box, radius * SMOOTH, fill=PLATE[3])
    image = Image.new("RGBA", (w, h), PLATE[:3])
    image.putalpha(mask.resize((w, h), Image.Resampling.BOX))
    return image


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
def label(text: str, size: float) -> Sprite:
    """One line of text on a plate that just holds it."""
    width, height = width_of(text, size) + 0.8 * size, 1.5 * size
    image = plate(width, height, 0.35 * size)
    write(image, (width / 2, height / 2), text, size, anchor="mm")
    return sprite(image)


def panel(head: str, line: str, size: float, heads: Sequence[str], lines: Sequence[str]) -> Sprite:
    """A large line and a smaller one beneath; wide enough for all `heads` and `lines` that may
    ever stand there, so that the plate does not change its size."""
    widest = max(*(width_of(h, 1.6 * size) for h in heads), *(width_of(s, size) for s in lines))
    width, height = widest + 1.4 * size, 3.8 * size
    image = plate(width, height, 0.5 * size)
    write(image, (0.7 * size, 1.3 * size), head, 1.6 * size)
    write(image, (0.7 * size, 2.85 * size), line, size, MARK)
    return sprite(image)


def banner(
    severity: str, sentence: str, value: str, sizes: tuple[float, float], width: float
) -> Sprite:
    """A finding: its sign and word, the sentence in lines no wider than `width` or than
    the value beneath it.

    sizes: of the main words and of the small ones.
    """
    size, small = sizes
    colour = SIGNS[severity][0]
    value_wide = width_of(value, small, False)
    lines = wrapped(sentence, size, max(width, value_wide))
    left, top = 2.6 * size, 0.55 * size
    word = severity.upper()
    widest = max(width_of(word, size), value_wide, *(width_of(x, size, False) for x in lines))
    height = 2 * top + LINE * (size * (1 + len(lines)) + small)
    image = plate(left + widest + 0.8 * size, height, 0.5 * size)
    _sign(image, severity, (1.4 * size, top + 0.9 * size), 0.85 * size)
    y = top + LINE * size / 2
    write(image, (left, y), word, size, colour)
    for text in lines:
        y += LINE * size
        write(image, (left, y), text, size, bold=False)
    y += LINE * (size + small) / 2
    write(image, (left, y), value, small, MUTED, bold=False)
    return sprite(image)


def _sign(image: Image.Image, severity: str, centre: Point, radius: float) -> None:
    """The severity's shape with its letter, drawn large and reduced."""
    colour, corners, turn, letter = SIGNS[severity]
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


def legend_width(letters: float) -> float:
    """Where the curve of a strip begins, from its left edge."""
    return 0.8 * letters + width_of("knee flexion ", letters)


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


class Room:
    """Where the body is over a clip, on a coarse grid, and where a plate can stand."""

    CELLS = 96
    """Along the longer side of the picture."""
    FRAMES = 300
    """Looked at, at most about twice so many, evenly over the clip."""
    LIMB = 4
    """What hiding a limb weighs."""

    def __init__(
        self,
        size: tuple[int, int],
        t_s: Array,
        limbs: Array,
        discs: Array,
        thick: float,
        weights: Sequence[int],
    ) -> None:
        """size: of the picture. t_s: (T,) seconds. limbs: (T, n, 2, 2) pixels, both ends of each,
        `thick` pixels thick. discs: (T, m, 2) pixels, middles of heads and of what else wants
        room, a little wider; weights: (m,) of the discs, against LIMB. NaN where not seen."""
        self.size, self.margin = size, round(min(size) / 40)
        self._cell = max(size) / self.CELLS
        step = max(1, len(t_s) // self.FRAMES)
        self._t = t_s[::step]
        self._weights = weights
        parts = zip(limbs[::step] / self._cell, discs[::step] / self._cell, strict=True)
        bodies = [self._filled(limb, disc, thick / self._cell) for limb, disc in parts]
        shape = len(bodies), self._cells(size[1]) + 1, self._cells(size[0]) + 1
        self._sums = np.zeros(shape)
        if bodies:
            self._sums[:, 1:, 1:] = np.stack(bodies).cumsum(1).cumsum(2)

    def place(
        self,
        sprites: Sequence[Sprite],
        taken: Sequence[Box] = (),
        first: float = -np.inf,
        last: float = np.inf,
    ) -> tuple[Sprite, Point]:
        """The sprite and its corner that hide least of the body between two seconds, and nothing
        that is taken. Among equals the first sprite, and the highest, leftmost corner."""
        now = self._between(first, last)

        def cost(option: tuple[Sprite, Point]) -> tuple[int, float]:
            box = box_of(*option)
            return self._clash(box, taken), self._hides(box, now)

        return min(((s, at) for s in sprites for at in self._corners(s)), key=cost)

    def edge(self, tall: int) -> Box:
        """A strip of that height along the bottom, or along the top where it hides less body."""
        (w, h), m = self.size, self.margin
        strips = [(m, y, max(1, w - 2 * m), tall) for y in (h - m - tall, m)]
        return min(strips, key=lambda box: self._hides(box, self._sums))

    def _filled(self, limbs: Array, discs: Array, thick: float) -> NDArray[np.uint8]:
        """(h, w) what hiding a cell weighs in one frame; 0 where the body is not."""
        grid = Image.new("L", (self._cells(self.size[0]), self._cells(self.size[1])))
        pen = ImageDraw.Draw(grid)
        for ends in limbs[np.isfinite(limbs).all(axis=(1, 2))].reshape(-1, 4).tolist():
            pen.line(ends, fill=self.LIMB, width=max(1, round(thick)))
        r = 0.6 * thick
        for weight, (x, y) in sorted(zip(self._weights, discs.tolist(), strict=True)):
            if np.isfinite([x, y]).all():
                pen.ellipse((x - r, y - r, x + r, y + r), fill=weight)
        return np.array(grid, np.uint8)

    def _cells(self, pixels: float) -> int:
        return int(np.ceil(pixels / self._cell))

    def _corners(self, sprite: Sprite) -> Iterator[Point]:
        m = self.margin
        right, low = (max(m, n - k - m) for n, k in zip(self.size, sprite.size, strict=True))
        rows = np.linspace(m, low, 16).round().tolist()
        yield from ((x, y) for y, x in product(rows, (m, right, (m + right) / 2)))

    def _clash(self, box: Box, taken: Sequence[Box]) -> int:
        """Area shared with what is taken, half a margin around included."""
        x, y, w, h = box
        m = self.margin // 2
        return sum(shared((x - m, y - m, w + 2 * m, h + 2 * m), other) for other in taken)

    def _between(self, first: float, last: float) -> Array:
        """(T', h + 1, w + 1) for each frame between two seconds, what the body weighs above and
        left of each corner of a cell: a plate's share then costs four look-ups."""
        inside = (self._t >= first) & (self._t <= last)
        return self._sums[inside] if inside.any() else self._sums

    def _hides(self, box: Box, sums: Array) -> float:
        """Weight of body under a plate, root mean square over time: a head hidden for a moment is
        worse than a hem all along. Rounded, so that a hair decides nothing."""
        x, y, w, h = box
        _, rows, columns = sums.shape
        y0, y1 = int(max(y, 0) / self._cell), min(self._cells(y + h), rows - 1)
        x0, x1 = int(max(x, 0) / self._cell), min(self._cells(x + w), columns - 1)
        hidden = sums[:, y1, x1] - sums[:, y0, x1] - sums[:, y1, x0] + sums[:, y0, x0]
        return round(float(np.sqrt(np.mean(hidden**2))), 1) if len(hidden) else 0.0
