"""Files with parts changed at random, as damage or a stranger would change them: bytes, pieces, and numbers in text.

Where a file is made of parts with lengths and checksums, these are made right again, so that readers come to the parts.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

Parts = list[tuple[bytes, bytes]]
"""Names and contents."""
Change = Callable[[bytearray, np.random.Generator], None]

_MOST_CHANGES = 4
_LONGEST_PIECE = 64
_MOST_BYTES = 2**20
"""A file does not grow beyond that."""
_NUMBER = re.compile(rb"-?\d+(\.\d+)?([eE][-+]?\d+)?")
_NUMBERS = [b"-1", b"0", b"1", b"2", b"255", b"65536", b"2147483648", b"-9223372036854775809", b"1e308", b"-1e-300"]
_NUMBERS += [b"9" * 400, b"0.5", b"NaN", b"-Infinity", b"null", b"true", b'"1"', b"[]", b"{}", b"1.0", b"00"]
_ODD_BYTES = [bytes(8), b"\xff" * 8, struct.pack("<d", np.nan), struct.pack("<f", np.inf), struct.pack("<q", 2**40)]


def mutated(content: bytes, random: np.random.Generator) -> bytes:
    """The file with one to four changes; in every second one of known form they are made in one of its parts."""
    form = next((form for form in FORMS if content.startswith(form.start)), None)
    if form is None and content[8:9] == b"{":
        form = SAFETENSORS
    if form is None or random.integers(2):
        return _changed(content, random)
    parts = form.take_apart(content)
    place = int(random.integers(len(parts)))
    name, part = parts[place]
    parts[place] = name, _changed(part, random)
    return form.put_together(parts)


def _changed(content: bytes, random: np.random.Generator) -> bytes:
    changed = bytearray(content)
    for _ in range(1 if random.integers(2) else random.integers(1, _MOST_CHANGES + 1)):
        CHANGES[random.integers(len(CHANGES))](changed, random)
    return bytes(changed[:_MOST_BYTES])


def _piece(content: bytearray, random: np.random.Generator) -> slice:
    place = int(random.integers(len(content) + 1))
    return slice(place, place + int(random.integers(1, _LONGEST_PIECE)))


def _flip(content: bytearray, random: np.random.Generator) -> None:
    if content:
        content[random.integers(len(content))] ^= 1 << int(random.integers(8))


def _cut(content: bytearray, random: np.random.Generator) -> None:
    del content[int(random.integers(len(content) + 1)) :]


def _remove(content: bytearray, random: np.random.Generator) -> None:
    del content[_piece(content, random)]


def _insert(content: bytearray, random: np.random.Generator) -> None:
    piece = _piece(content, random)
    content[piece.start : piece.start] = random.bytes(piece.stop - piece.start)


def _overwrite(content: bytearray, random: np.random.Generator) -> None:
    piece = _piece(content, random)
    odd = _ODD_BYTES[random.integers(len(_ODD_BYTES))] if random.integers(2) else random.bytes(8)
    content[piece.start : piece.start + len(odd)] = odd


def _repeat(content: bytearray, random: np.random.Generator) -> None:
    """Mostly a few times, seldom thousands of times."""
    piece = _piece(content, random)
    times = int(2 ** random.integers(1, 15)) if random.integers(8) == 0 else int(random.integers(1, 4))
    content[piece.start : piece.start] = bytes(content[piece]) * times


def _copy(content: bytearray, random: np.random.Generator) -> None:
    """One piece over another."""
    source, target = _piece(content, random), _piece(content, random)
    content[target] = content[source]


def _renumber(content: bytearray, random: np.random.Generator) -> None:
    """Another number in the place of one that stands in text."""
    found = _NUMBER.search(content, int(random.integers(len(content) + 1)))
    if found:
        content[found.start() : found.end()] = _NUMBERS[random.integers(len(_NUMBERS))]


CHANGES: tuple[Change, ...] = (_flip, _cut, _remove, _insert, _overwrite, _repeat, _copy, _renumber, _renumber)


class Form(NamedTuple):
    """How files of one form are taken apart and put together again."""

    start: bytes
    take_apart: Callable[[bytes], Parts]
    put_together: Callable[[Parts], bytes]


def _unzip(content: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(name.encode(), archive.read(name)) for name in archive.namelist()]


def _zip(parts: Parts) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, part in parts:
            archive.writestr(zipfile.ZipInfo(name.decode()), part)
    return buffer.getvalue()


_PNG = b"\x89PNG\r\n\x1a\n"


def _chunks(content: bytes) -> Parts:
    chunks, place = [], len(_PNG)
    while place < len(content):
        length = int.from_bytes(content[place : place + 4], "big")
        chunks.append((content[place + 4 : place + 8], content[place + 8 : place + 8 + length]))
        place += length + 12
    return chunks


def _png(parts: Parts) -> bytes:
    chunks = [
        len(part).to_bytes(4, "big") + name + part + zlib.crc32(name + part).to_bytes(4, "big") for name, part in parts
    ]
    return _PNG + b"".join(chunks)


def _directory_and_tensors(content: bytes) -> Parts:
    end = 8 + int.from_bytes(content[:8], "little")
    return [(b"directory", content[8:end]), (b"tensors", content[end:])]


def _safetensors(parts: Parts) -> bytes:
    (_, directory), (_, tensors) = parts
    return len(directory).to_bytes(8, "little") + directory + tensors


SAFETENSORS = Form(b"", _directory_and_tensors, _safetensors)
FORMS = (Form(b"PK", _unzip, _zip), Form(_PNG, _chunks, _png))
"""Those that are known by how a file starts; safetensors begin with a length."""
