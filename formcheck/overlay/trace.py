"""A signal along the edge of the picture, with the present and what is marked on it so far."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import cv2
import numpy as np

from formcheck import words
from formcheck.curves import Curves
from formcheck.look import Look
from formcheck.overlay.few import Few
from formcheck.overlay.paint import BONE, Picture, dot, lay
from formcheck.overlay.room import Room
from formcheck.pose import Array
from formcheck.report import RepReport
from formcheck.words import Sprite

PAGE_S = 60.0
"""The trace shows at most so many seconds; a longer clip turns pages."""
PAGES = 4
"""Plates that are kept: two a page, and two pieces of the film may be on two pages."""


class Trace:
    """A signal along the edge of the picture, with the present and what is marked on it so far."""

    def __init__(
        self,
        curves: Curves,
        reps: Sequence[RepReport],
        look: Look,
        room: Room,
        letters: float,
    ) -> None:
        """letters: size of the legend in pixels."""
        signal, moment = look.traced.signal, look.moment(look.marked)
        self.box = room.edge(round(3.1 * letters))
        self._t, self._values, self._letters = curves.t_s, curves.values[signal], letters
        times = [getattr(r, f"{moment.name}_s") for r in reps] if moment else []
        self._marks = [t for t in times if t is not None]
        self._legend = [(signal.replace("_", " "), BONE)]
        if moment is not None and self._marks:
            self._legend.append((f"◆ {moment.sign or moment.title}", words.MARK))
        self._range = float(np.nanmin(self._values)), float(np.nanmax(self._values))
        whole = float(self._t[-1] - self._t[0])
        self._pages = max(1, int(np.ceil(whole / PAGE_S)))
        self._page_s = max(whole / self._pages, 1e-3)
        self._sprites = Few(PAGES)

    def draw(self, picture: Picture, i: int) -> None:
        """What has been in full colour with its marks, what is to come in grey."""
        since = float(self._t[i] - self._t[0])
        page = min(int(since / self._page_s), self._pages - 1)
        x, y, _, tall = self.box
        at = self._places(page, self._t[[i]], self._values[[i]])[0]
        now = round(float(at[0]))
        past, future = (
            self._sprites.of((page, gone), partial(self._sprite, page, gone))
            for gone in (True, False)
        )
        lay(picture, Sprite(past.rgb[:, :now], past.through[:, :now]), (x, y))
        lay(picture, Sprite(future.rgb[:, now:], future.through[:, now:]), (x + now, y))
        cv2.line(picture, (x + now, y + 2), (x + now, y + tall - 3), BONE, 1)
        if np.isfinite(at).all():
            dot(picture, at + np.array([x, y]), self._letters / 4)

    def _sprite(self, page: int, gone: bool) -> Sprite:
        """A page's plate; with the marks where it shows what is gone."""
        ends = self._t[0] + self._page_s * np.array([page, page + 1])
        on = (self._t >= ends[0]) & (self._t <= ends[1])
        line = self._places(page, self._t[on], self._values[on])
        marked = np.array([t for t in self._marks if ends[0] <= t <= ends[1]])
        marks = self._places(page, marked, np.interp(marked, self._t, self._values))
        return words.strip(
            self.box[2:], self._letters, self._legend, line, marks if gone else marks[:0], gone
        )

    def _places(self, page: int, t: Array, values: Array) -> Array:
        """(n, 2) pixels on the plate; bent up, straight down."""
        (_, _, w, h), (least, most), pad = self.box, self._range, 0.6 * self._letters
        left = words.legend_width([text for text, _ in self._legend], self._letters)
        share = (t - self._t[0]) / self._page_s - page
        height = (most - values) / max(most - least, 1.0)
        return np.stack([left + (w - left - pad) * share, pad + (h - 2 * pad) * height], 1)
