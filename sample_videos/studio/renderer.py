"""The picture of people in a room: OpenGL on Mesa's software driver, the same bytes every time."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from studio import textures
from studio.arrays import Array
from studio.camera import View
from studio.geometry import Solid
from studio.mesh import KEEP, Mesh
from studio.scene import Light, Scene

if TYPE_CHECKING:
    import moderngl

Frame = NDArray[np.uint8]

_SHADERS = Path(__file__).with_name("shaders")
_STATIC = "3f 1f 3f 4f 2f"
_STATIC_NAMES = ("in_colour", "in_material", "in_grain", "in_edge", "in_mark")
_FIELD = (-2.9, -1.4, 6.4, 4.1)
"""The part of the floor that shadows fall on: corner x, y and size x, y, metres."""
_CEILING_M = 2.6
_LAMP_PIXELS, _FIELD_PIXELS = 1536, 512
_LAMP_M, _LAMP_DEEP_M = 3.3, 6.0
"""Half of what the lamp's picture shows: across, and along its light."""
_SHADOW_BLUR = (0.0026, 0.0022)
_NOTHING_ABOVE, _NOTHING_BELOW = -10.0, 10.0
_SPREAD_M = 0.22
"""How far round a body its soft shadow on the floor may reach."""
_ALPHA_TO_COVERAGE = 0x809E


class RendererError(RuntimeError):
    """There is no software OpenGL here; the message says what to install."""


class Renderer:
    """Draws one scene with the given people, `size` (width, height) pixels.

    Only what may have changed is drawn again while the view and the light stay the same.
    Raises RendererError.
    """

    def __init__(self, size: tuple[int, int], scene: Scene, people: Sequence[Mesh]) -> None:
        self._size, self._people = size, tuple(people)
        self._context = context = _context()
        self._cut = _program(context, "surface", "#define PEOPLE\n")
        self._plain = _program(context, "surface", "")
        self._depth = _program(context, "depth", "")
        self._room = self._still(scene.surroundings())
        self._props = self._still(scene.props())
        self._figures = [self._moving(mesh) for mesh in people]
        self._picture = context.framebuffer(
            [context.renderbuffer(size, 4, samples=4)], context.depth_renderbuffer(size, samples=4)
        )
        self._result = context.framebuffer([context.renderbuffer(size, 4)])
        self._lamp = self._lamp_map()
        self._above, self._below = self._height_map(), self._height_map()
        self._pictures = self._picture_stack()
        self._last: tuple[bytes, Light] | None = None
        self._touched: tuple[int, int, int, int] | None = None

    def frame(self, points: Sequence[Array], view: View, light: Light) -> Frame:
        """The picture (H, W, 3), RGB: `points` (N, 3) are each person's, as `Body.skin` gives."""
        for (buffer, *_), mesh, posed in zip(self._figures, self._people, points, strict=True):
            moved = np.concatenate([posed, mesh.normals(posed)], axis=1)
            buffer.write(moved.astype(np.float32).tobytes())
        towards = np.array(light.towards) / np.linalg.norm(light.towards)
        to_lamp = _lamp_matrix(towards)
        self._draw_maps(to_lamp)
        to_clip = view.matrix(self._size[0] / self._size[1])
        for program in (self._cut, self._plain):
            self._set(program, to_clip, to_lamp, view, light)
        self._draw(self._changed(points, towards, to_clip, view, light))
        self._context.copy_framebuffer(self._result, self._picture)
        width, height = self._size
        raw = np.frombuffer(self._result.read(components=3, alignment=1), np.uint8)
        return np.ascontiguousarray(raw.reshape(height, width, 3)[::-1])

    def close(self) -> None:
        """Give the memory back."""
        self._context.release()

    def _draw_maps(self, to_lamp: Array) -> None:
        gl, depth = self._context, self._depth
        gl.enable_only(gl.DEPTH_TEST)
        down, up = _field_matrix(from_above=True), _field_matrix(from_above=False)
        maps = ((self._lamp, to_lamp, 0.0), (self._above, down, _NOTHING_ABOVE),
                (self._below, up, _NOTHING_BELOW))  # fmt: skip
        for target, matrix, nothing in maps:
            target.use()
            target.clear(nothing, nothing, nothing, nothing, depth=1.0)
            _set_matrix(depth, "to_clip", matrix)
            for _, _, figure in self._figures:
                figure.render()
            self._props[1].render()

    def _draw(self, box: tuple[int, int, int, int]) -> None:
        """Draw what lies in the box: left, bottom, width, height in pixels."""
        gl, picture = self._context, self._picture
        picture.scissor = box
        picture.use()
        picture.clear(0.5, 0.5, 0.5, depth=1.0)
        for at, texture in enumerate((self._pictures, self._lamp_depth, *self._heights)):
            texture.use(at)
        gl.enable_direct(_ALPHA_TO_COVERAGE)
        for (_, figure, _), mesh in zip(self._figures, self._people, strict=True):
            self._cut["hair_colour"] = mesh.hair
            figure.render()
        gl.disable_direct(_ALPHA_TO_COVERAGE)
        self._props[0].render()
        self._room[0].render()
        picture.scissor = (0, 0, *self._size)

    def _set(
        self, program: moderngl.Program, to_clip: Array, to_lamp: Array, view: View, light: Light
    ) -> None:
        towards = np.array(light.towards) / np.linalg.norm(light.towards)
        vectors: dict[str, Sequence[float] | Array] = {
            "eye": view.eye, "to_light": towards, "key": light.key, "sky": light.sky,
            "ground": light.ground, "field": _FIELD, "shadow_blur": _SHADOW_BLUR,
        }  # fmt: skip
        for name, value in vectors.items():
            if name in program:
                program[name] = tuple(float(number) for number in value)
        _set_matrix(program, "to_clip", to_clip)
        _set_matrix(program, "to_lamp", to_lamp)
        for at, name in enumerate(("pictures", "shadow", "above", "below")):
            if name in program:
                program[name] = at

    def _changed(
        self, points: Sequence[Array], towards: Array, to_clip: Array, view: View, light: Light
    ) -> tuple[int, int, int, int]:
        """The box to draw again: where people and their shadows are, and were before."""
        width, height = self._size
        box = self._covered(points, towards, view)
        before, self._touched = self._touched, box
        same = (to_clip.tobytes(), light)
        if self._last != same or before is None:
            self._last = same
            return (0, 0, width, height)
        left, top = min(box[0], before[0]), min(box[1], before[1])
        right, bottom = max(box[2], before[2]), max(box[3], before[3])
        return (left, height - bottom, right - left, bottom - top)

    def _covered(
        self, points: Sequence[Array], towards: Array, view: View
    ) -> tuple[int, int, int, int]:
        """Left, top, right, bottom of the pixels that the people may change."""
        width, height = self._size
        if not points:
            return (0, 0, 0, 0)
        body = np.concatenate([posed[::5] for posed in points])
        shadow = body - towards * (body[:, 2:] / towards[2])
        low, high = body.min(axis=0), body.max(axis=0)
        spread = [[x, y, 0.0] for x in (low[0] - _SPREAD_M, high[0] + _SPREAD_M)
                  for y in (low[1] - _SPREAD_M, high[1] + _SPREAD_M)]  # fmt: skip
        seen = view.project(np.concatenate([body, shadow, spread]), self._size)
        if np.isnan(seen).any():
            return (0, 0, width, height)
        margin = 0.03 * height
        first = np.clip(np.floor(seen.min(axis=0) - margin), 0, (width, height)).astype(int)
        last = np.clip(np.ceil(seen.max(axis=0) + margin), 0, (width, height)).astype(int)
        return (int(first[0]), int(first[1]), int(last[0]), int(last[1]))

    def _moving(
        self, mesh: Mesh
    ) -> tuple[moderngl.Buffer, moderngl.VertexArray, moderngl.VertexArray]:
        """A buffer for points and normals, and what draws it: as seen, and for the maps."""
        gl = self._context
        moved = gl.buffer(reserve=len(mesh.rest) * 24, dynamic=True)
        fixed = gl.buffer(np.ascontiguousarray(mesh.attributes).tobytes())
        order = gl.buffer(mesh.triangles.tobytes())
        return moved, *self._arrays(self._cut, moved, fixed, order)

    def _still(self, solid: Solid) -> tuple[moderngl.VertexArray, moderngl.VertexArray]:
        gl, count = self._context, len(solid.points)
        places = np.concatenate([solid.points, solid.normals], axis=1).astype(np.float32)
        columns = [solid.colour, solid.material[:, None], solid.grain]
        columns += [np.full((count, 4), KEEP), np.zeros((count, 2))]
        fixed = np.concatenate(columns, axis=1).astype(np.float32)
        buffers = gl.buffer(places.tobytes()), gl.buffer(fixed.tobytes())
        seen, mapped = self._arrays(self._plain, *buffers, None)
        return seen, mapped

    def _arrays(
        self,
        program: moderngl.Program,
        moved: moderngl.Buffer,
        fixed: moderngl.Buffer,
        order: moderngl.Buffer | None,
    ) -> tuple[moderngl.VertexArray, moderngl.VertexArray]:
        gl = self._context
        used = [name if name in program else None for name in _STATIC_NAMES]
        sizes = _STATIC.split()
        layout = " ".join(
            size if name else f"{4 * int(size[0])}x" for size, name in zip(sizes, used, strict=True)
        )
        names = [name for name in used if name]
        seen = gl.vertex_array(
            program, [(moved, "3f 3f", "in_position", "in_normal"), (fixed, layout, *names)], order
        )
        mapped = gl.vertex_array(
            self._depth,
            [(moved, "3f 12x", "in_position"), (fixed, "28x 4f 8x", "in_edge")],
            order,
        )
        return seen, mapped

    def _lamp_map(self) -> moderngl.Framebuffer:
        gl = self._context
        self._lamp_depth = depth = gl.depth_texture((_LAMP_PIXELS, _LAMP_PIXELS))
        depth.compare_func = "<="
        depth.repeat_x = depth.repeat_y = False
        return gl.framebuffer(depth_attachment=depth)

    def _height_map(self) -> moderngl.Framebuffer:
        gl, size = self._context, (_FIELD_PIXELS, _FIELD_PIXELS)
        heights = gl.texture(size, 1, dtype="f4")
        heights.repeat_x = heights.repeat_y = False
        self._heights = [*getattr(self, "_heights", []), heights]
        return gl.framebuffer([heights], gl.depth_renderbuffer(size))

    def _picture_stack(self) -> moderngl.TextureArray:
        gl, stack = self._context, textures.stack()
        layers, side = stack.shape[:2]
        array = gl.texture_array((side, side, layers), 3, stack.tobytes())
        array.build_mipmaps()
        array.filter = (gl.LINEAR_MIPMAP_LINEAR, gl.LINEAR)
        return array


def _context() -> moderngl.Context:
    """A software OpenGL context on one core, so that as many processes as cores may draw."""
    os.environ.setdefault("LP_NUM_THREADS", "1")
    os.environ.setdefault("LIBGL_ALWAYS_SOFTWARE", "1")
    hint = "Install it: pip install moderngl; on Debian apt-get install libegl1 libgl1-mesa-dri."
    try:
        import moderngl
    except ImportError as error:
        raise RendererError(f"The studio draws with moderngl, which is not here. {hint}") from error
    try:
        driver: Any = "egl"  # moderngl's own hints are wrong here
        return moderngl.create_context(standalone=True, backend=driver)
    except Exception as error:
        raise RendererError(
            f"No OpenGL without a screen was found here ({error}). {hint}"
        ) from error


def _program(context: moderngl.Context, name: str, define: str) -> moderngl.Program:
    shade = (_SHADERS / "shade.glsl").read_text() if name == "surface" else ""
    sources = [(_SHADERS / f"{name}.{stage}.glsl").read_text() for stage in ("vert", "frag")]
    parts = [source.partition("\n") for source in sources]
    vertex, fragment = (f"{version}\n{define}{shade}{rest}" for version, _, rest in parts)
    return context.program(vertex_shader=vertex, fragment_shader=fragment)


def _lamp_matrix(towards: Array) -> Array:
    """World to the lamp's clip space: it sees the field, up to a person's height, edge to edge."""
    x, y, wide, deep = _FIELD
    centre = np.array([x + wide / 2, y + deep / 2, 0.6])
    right = np.cross([0.0, 0.0, 1.0], towards)
    right /= np.linalg.norm(right)
    axes = np.stack([right, np.cross(towards, right), -towards])
    matrix = np.eye(4)
    matrix[:3, :3] = axes / np.array([[_LAMP_M], [_LAMP_M], [_LAMP_DEEP_M]])
    matrix[:3, 3] = -matrix[:3, :3] @ centre
    return matrix


def _field_matrix(*, from_above: bool) -> Array:
    """World to a map of the field's heights: the topmost of each place, or the lowest."""
    x, y, wide, deep = _FIELD
    matrix = np.diag([2 / wide, 2 / deep, -2 / _CEILING_M if from_above else 2 / _CEILING_M, 1.0])
    matrix[:3, 3] = -1 - 2 * x / wide, -1 - 2 * y / deep, 1 if from_above else -1
    return matrix


def _set_matrix(program: moderngl.Program, name: str, matrix: Array) -> None:
    uniform: Any = program[name]
    uniform.write(matrix.T.astype(np.float32).tobytes())
