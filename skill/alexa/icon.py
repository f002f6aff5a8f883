"""Draws the skill's icon: a speech bubble with a sound wave whose outline is a heart. Pure.

Shapes are told by how far a point is from their edge, so that any size is drawn with smooth edges.
"""

from __future__ import annotations

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

_Field = NDArray[np.float64]
_TOP, _BOTTOM = (22, 122, 128), (16, 58, 92)  # teal to deep blue
_PAPER, _SHADE = (250, 247, 240), (8, 34, 56)
_WAVE_TOP, _WAVE_BOTTOM = (229, 83, 97), (196, 44, 88)
# Bars from the middle outwards: where each begins and ends, in units of the icon.
_BARS = ((-0.055, 0.2), (-0.13, 0.145), (-0.145, 0.075), (-0.09, 0.0))
_STEP, _THICK = 0.073, 0.022


def draw_icon(pixels: int) -> bytes:
    """A square PNG of that many pixels a side."""
    at = (np.arange(pixels) + 0.5) / pixels - 0.5
    x, y = np.meshgrid(at, at)
    picture = _blend(_TOP, _BOTTOM, y + 0.5)
    bubble = np.minimum(_box(x, y + 0.035, 0.36, 0.28, 0.17), _tail(x, y))
    shadow = np.minimum(_box(x, y + 0.015, 0.36, 0.28, 0.17), _tail(x, y - 0.02))
    picture = _paint(picture, np.clip(0.35 - shadow / 0.05, 0, 0.35), np.array(_SHADE, float))
    picture = _paint(picture, _cover(bubble, pixels), np.array(_PAPER, float))
    wave = _wave(x, y + 0.05)
    picture = _paint(picture, _cover(wave, pixels), _blend(_WAVE_TOP, _WAVE_BOTTOM, y * 2 + 0.5))
    return _png(np.rint(picture).astype(np.uint8))


def _wave(x: _Field, y: _Field) -> _Field:
    bars = []
    for place, (top, bottom) in enumerate(_BARS):
        middle, half = (top + bottom) / 2, (bottom - top) / 2
        for side in {-place, place}:
            bars.append(_box(x - side * _STEP, y - middle, _THICK, half, _THICK))
    return np.asarray(np.minimum.reduce(bars))


def _box(x: _Field, y: _Field, width: float, height: float, corner: float) -> _Field:
    """Distance to a box around the middle, by half its width and height, corners rounded."""
    out_x, out_y = np.abs(x) - width + corner, np.abs(y) - height + corner
    outside = np.hypot(np.maximum(out_x, 0), np.maximum(out_y, 0))
    return np.asarray(outside + np.minimum(np.maximum(out_x, out_y), 0) - corner)


def _tail(x: _Field, y: _Field) -> _Field:
    """Distance to the tip of the bubble, a triangle at its lower left."""
    corners = np.array([(-0.22, 0.17), (-0.04, 0.22), (-0.235, 0.385)])
    edges = []
    for begin, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        along = (end - begin) / np.hypot(*(end - begin))
        edges.append((x - begin[0]) * along[1] - (y - begin[1]) * along[0])
    return np.asarray(np.maximum.reduce(edges) - 0.012)


def _cover(distance: _Field, pixels: int) -> _Field:
    """How much of each pixel a shape covers."""
    return np.clip(0.5 - distance * pixels, 0, 1)


def _blend(top: tuple[int, int, int], bottom: tuple[int, int, int], share: _Field) -> _Field:
    share = np.clip(share, 0, 1)[..., None]
    return np.asarray(np.array(top) * (1 - share) + np.array(bottom) * share)


def _paint(picture: _Field, cover: _Field, color: _Field) -> _Field:
    return np.asarray(picture * (1 - cover[..., None]) + color * cover[..., None])


def _png(picture: NDArray[np.uint8]) -> bytes:
    height, width, _ = picture.shape
    lines = b"".join(b"\0" + row.tobytes() for row in picture)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
