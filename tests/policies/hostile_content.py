"""What hostile files hold, as hypothesis draws it from a good one: damaged bytes, odd values, lying directories."""

import io
import json
import math
from typing import Any

import numpy as np
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from replays.viewer.gallery.loader import SIDE
from tests.archives import declared, entries, npy, packed

ODD_TEXTS = ["", "x" * 5000, "\x1b[2J", "../../etc/passwd", "quadrant:boxes=999999999", "rooms:ticks=1e9", "\ud800"]
ODD_NUMBERS = [-1, 0, 1, 2**31, 2**63, 10**30, 10**400, 1e308, -0.0, 0.5, math.nan, math.inf, -math.inf]
ODD = [None, True, [], {}, [[]], *ODD_NUMBERS, *ODD_TEXTS]


@st.composite
def damaged(draw: st.DrawFn, good: bytes) -> bytes:
    """Cut, flipped, overwritten, or with pieces put in or taken out."""
    content = bytearray(good)
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, max(len(content) - 1, 0)))
        length, kind = draw(st.integers(1, 64)), draw(st.sampled_from(["cut", "flip", "overwrite", "insert", "remove"]))
        if kind == "cut":
            del content[place:]
        elif kind == "flip" and content:
            content[place] ^= 1 << draw(st.integers(0, 7))
        elif kind == "remove":
            del content[place : place + length]
        else:
            content[place : place + (length if kind == "overwrite" else 0)] = draw(st.binary(max_size=64))
    return bytes(content)


ANYTHING = st.recursive(
    st.sampled_from(ODD) | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
NESTED = st.sampled_from([b"[" * 100_000, b'{"a":' * 50_000, b"[" * 3000 + b"]" * 3000, b"9" * 100_000, b" " * 2**21])


@st.composite
def changed(draw: st.DrawFn, value: Any) -> Any:
    """A value of JSON with one part replaced, removed or doubled, wherever it lies."""
    if isinstance(value, dict | list) and value and draw(st.integers(0, 5)):
        parts: Any = dict(value) if isinstance(value, dict) else list(value)
        key = draw(st.sampled_from(list(parts))) if isinstance(parts, dict) else draw(st.integers(0, len(parts) - 1))
        kind = draw(st.sampled_from(["change", "change", "change", "remove", "double"]))
        if kind == "remove":
            del parts[key]
        elif kind == "double" and isinstance(parts, list):
            parts = parts * draw(st.sampled_from([2, 50]))
        elif kind == "double":
            parts[draw(st.text(max_size=8))] = parts[key]
        else:
            parts[key] = draw(changed(parts[key]))
        return parts
    return draw(ANYTHING)


def as_json(good: bytes) -> st.SearchStrategy[bytes]:
    edited = changed(json.loads(good)).map(lambda value: json.dumps(value).encode())
    return edited | damaged(good) | NESTED


def as_lines(good: bytes) -> st.SearchStrategy[bytes]:
    """JSON lines."""
    lines = [json.loads(line) for line in good.splitlines()]
    line = st.sampled_from(lines).flatmap(changed).map(lambda value: json.dumps(value).encode()) | NESTED
    mixed = st.lists(line | st.sampled_from([json.dumps(one).encode() for one in lines]), max_size=5)
    return mixed.map(lambda several: b"\n".join(several) + b"\n") | damaged(good)


@st.composite
def as_lines_of_text(draw: st.DrawFn, good: bytes) -> bytes:
    """A text of keys and values, such as TOML, with lines replaced, removed, doubled or with another value."""
    lines = good.decode().splitlines()
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(lines) - 1))
        kind = draw(st.sampled_from(["value", "value", "value", "remove", "double", "junk"]))
        if kind == "value":
            lines[place] = f"{lines[place].partition('=')[0]}= {json.dumps(draw(ANYTHING))}"
        elif kind == "remove" and len(lines) > 1:
            del lines[place]
        else:
            lines.insert(place, lines[place] if kind == "double" else draw(st.text(max_size=40)))
    return "\n".join(lines).encode(errors="surrogatepass")


@st.composite
def as_arrays(draw: st.DrawFn, good: bytes) -> bytes:
    """An .npz with one array changed in values, type, shape, or in what is promised of it."""
    files = entries(good)
    name = draw(st.sampled_from(list(files)))
    array, kind = (
        np.load(io.BytesIO(files[name])),
        draw(st.sampled_from(["values", "type", "shape", "promise", "name"])),
    )
    if name == "header.npy":
        text = json.dumps(draw(changed(json.loads(array.tobytes())))).encode()
        files[name] = npy(np.frombuffer(text, np.uint8))
    elif kind == "values" and array.size:
        for _ in range(draw(st.integers(1, 4))):
            place = draw(st.integers(0, array.size - 1))
            value = draw(st.sampled_from([math.nan, math.inf, 1e300, -1e9, 200.0, -1, 0, 1, 2, 100, 127]))
            with np.errstate(all="ignore"):
                array.reshape(-1)[place] = np.array(value).astype(array.dtype)
        files[name] = npy(array)
    elif kind == "type":
        files[name] = npy(array.astype(draw(st.sampled_from(["<f4", ">f8", "<i8", "|u1", "<c8", "|b1"]))))
    elif kind == "shape":
        files[name] = npy(np.concatenate([array, array]) if array.ndim else array.reshape(1))
    elif kind == "promise":
        shape = tuple(draw(st.sampled_from([0, 1, 10**6, 10**12])) for _ in array.shape)
        files[name] = declared(shape, array.dtype.str) + files[name][-100:]
    else:
        files[draw(st.sampled_from(["../up.npy", "x.npy", "/abs.npy", ""]))] = files.pop(name)
    return packed({one or "empty": content for one, content in files.items()})


@st.composite
def as_weights(draw: st.DrawFn, good: bytes) -> bytes:
    """A safetensors file whose directory lies, or whose numbers are odd."""
    size = int.from_bytes(good[:8], "little")
    directory, numbers = json.loads(good[8 : 8 + size]), bytearray(good[8 + size :])
    if draw(st.booleans()):
        directory = draw(changed(directory))
    else:
        place = draw(st.integers(0, len(numbers) - 8)) & ~7
        odd = draw(st.sampled_from([math.nan, math.inf, -1.0, 1e300, 1e-300, 0.0, 1e9]))
        numbers[place : place + 8] = np.float64(odd).tobytes()
    text = json.dumps(directory).encode()
    length = draw(st.sampled_from([len(text)] * 5 + [0, 2**62, len(text) + 8]))
    return length.to_bytes(8, "little") + text + bytes(numbers)


@st.composite
def as_picture(draw: st.DrawFn, facts: str) -> bytes:
    """A thumbnail with facts that were changed, or of another size."""
    text = json.dumps(draw(changed(json.loads(facts))))
    text = draw(st.sampled_from([text, text, text, "[" * 50_000]))
    return picture(text, draw(st.sampled_from([(SIDE, SIDE), (SIDE, SIDE), (1, 1), (5000, 3000)])))


def picture(facts: str, size: tuple[int, int]) -> bytes:
    about, buffer = PngInfo(), io.BytesIO()
    about.add_text("facts", facts)
    Image.new("RGB", size).save(buffer, "PNG", pnginfo=about)
    return buffer.getvalue()
