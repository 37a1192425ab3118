"""How a person looks: build, outfit, colours. A value; what it means in metres is `figure.py`'s."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from studio.arrays import Colour

Sex = Literal["male", "female"]
Degree = Literal["min", "average", "max"]
Outfit = Literal["tee-shorts", "tank-shorts", "tee-leggings", "long", "loose", "loose-shorts"]


@dataclass(frozen=True)
class Look:
    """One person. Two equal looks give the same triangles, byte for byte."""

    sex: Sex = "male"
    ancestry: str = "caucasian"
    """"caucasian", "african" or "asian"; several joined by "+" are mixed in equal parts."""
    muscle: Degree = "average"
    weight: Degree = "average"
    height_m: float = 1.76
    outfit: Outfit = "tee-shorts"
    """"long" is a tight shirt and tights; "loose" a baggy tee and trousers that stand several
    centimetres off the body, "loose-shorts" the same with baggy shorts."""
    hair_style: Literal["short", "bun", "bald"] | None = None
    """None: short for a man, a bun for a woman."""
    skin: Colour = (0.55, 0.32, 0.22)
    shirt: Colour = (0.06, 0.16, 0.34)
    trousers: Colour = (0.03, 0.03, 0.035)
    shoes: Colour = (0.60, 0.60, 0.62)
    hair: Colour = (0.05, 0.028, 0.016)

    @property
    def style(self) -> Literal["short", "bun", "bald"]:
        """The hair style that is meant."""
        return self.hair_style or ("bun" if self.sex == "female" else "short")
