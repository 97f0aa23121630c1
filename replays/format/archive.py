"""Files on disk: replaced whole or not at all, and read as if a stranger had sent them.

`read_arrays` opens an .npz without trusting it: the zip directory and every array's declared type, shape
and size are checked against what is expected before memory is taken, and nothing is ever unpickled.
"""

import errno
import itertools
import math
import os
import re
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, TypeVar

import numpy as np

from sim.errors import UserError

MOST_BYTES = 64 * 2**20
"""Largest sum of array sizes that is read or written; the largest real recording is far below one MiB."""
MOST_ENTRIES = 64
"""Most arrays in a file."""

_ZIP_END = struct.Struct("<4s4H2LH")
_ZIP64_LOCATOR_BYTES = 20
_NPY_START = struct.Struct("<6s2BH")
"""Magic, version and length of the header of an .npy."""
_NPY_HEADER = re.compile(
    rb"\{'descr': '([^']{1,16})', 'fortran_order': (False|True), 'shape': \(((?:\d{1,12}, ?)*(?:\d{1,12})?)\), \} *\n"
)
_EPOCH = (1980, 1, 1, 0, 0, 0)

Lengths = tuple[int | range, ...]
Expected = tuple[np.dtype, Lengths]
"""Type and shape an array must have; where there is a range, the file may choose the length within it."""


Content = TypeVar("Content")


class Malformed(ValueError):
    """What is wrong with a file's content, in a few words; readers turn it into a UserError."""


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A new binary file that takes the place of `path` when the block ends well, and vanishes when it does not.

    Every OSError of the block counts as one of the file, since a full disk shows in the block's own writes.

    Raises:
        UserError: the file cannot be written (no such folder, no permission, full disk).
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            with open(temporary, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as problem:
        mend = f"{free_space_or(problem)}choose another place"
        raise UserError(f"{path}: cannot be written ({problem.strerror or problem}); {mend}") from problem


def free_space_or(problem: OSError) -> str:
    """The advice that only helps where the disk is full; else nothing."""
    return "free some space or " if problem.errno in (errno.ENOSPC, errno.EDQUOT) else ""


def write_arrays(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Writes an .npz that `np.load` opens too, in C order, as `Archive` reads it; equal arrays give the same bytes.

    Raises:
        UserError: the file cannot be written.
    """
    with replacing(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy", _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w") as stream:
                in_order = np.asarray(array, order="C")
                np.lib.format.write_array(stream, in_order, version=(1, 0), allow_pickle=False)


class Archive:
    """The arrays of an .npz whose directory has been found sane; `read` takes one of them out."""

    def __init__(self, file: BinaryIO) -> None:
        """Checks the directory of an open file; nothing is decompressed yet.

        Raises:
            Malformed: not a zip, too many or doubled entries, foreign compression, or too large.
        """
        _check_end(file)
        self._zip = zipfile.ZipFile(file)
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in self._zip.infolist():
            if entry.filename in self._entries:
                raise Malformed(f"two entries called {entry.filename[:60]!r}")
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise Malformed(f"entry {entry.filename[:60]!r} has an unknown compression")
            self._entries[entry.filename] = entry
        if sum(entry.file_size for entry in self._entries.values()) > MOST_BYTES:
            raise Malformed(f"it declares more than {MOST_BYTES >> 20} MiB")

    def names(self) -> set[str]:
        """Names of the arrays."""
        return {name.removesuffix(".npy") for name in self._entries}

    def read(self, name: str, expected: Expected) -> np.ndarray:
        """One array, owned by the caller.

        Raises:
            Malformed: missing, or of another type, shape or size than expected.
        """
        entry = self._entries.get(f"{name}.npy")
        if entry is None:
            raise Malformed(f"{name} is missing")
        dtype, shape = expected
        with self._zip.open(entry) as stream:
            found = _npy_shape(stream, name, dtype)
            if not fits(found, shape):
                raise Malformed(f"{name} has shape {_short(found)}, not {_short(shape)}")
            count = math.prod(found)
            if count * dtype.itemsize > entry.file_size:
                raise Malformed(f"{name} declares more than it holds")
            content = stream.read(count * dtype.itemsize)
            if len(content) != count * dtype.itemsize or stream.read(1):  # the last read checks the checksum too
                raise Malformed(f"{name} is cut short or too long")
        if dtype.kind == "b" and content.strip(b"\x00\x01"):
            raise Malformed(f"{name} has truth values that are neither true nor false")
        return np.frombuffer(content, dtype).reshape(found).copy()


def read_archive(path: Path, what: str, parse: Callable[[Archive], Content]) -> Content:
    """Opens `path`, and hands its archive to `parse`.

    Args:
        path: the file.
        what: what the file should be, for the message, such as "a hideseek recording".
        parse: takes the arrays out; may raise anything on a malformed file.

    Raises:
        UserError: the file cannot be opened or is not what it should be.
    """
    try:
        file = open(path, "rb")  # noqa: SIM115 -- only a failing open means that the file cannot be read
    except (OSError, ValueError) as problem:  # ValueError: a name that no file can have
        reason = getattr(problem, "strerror", None) or problem
        raise UserError(f"{path}: cannot be opened ({reason}); check the name") from problem
    with file:
        try:
            return parse(Archive(file))
        except UserError:
            raise
        except Exception as problem:  # on hostile bytes zipfile, zlib, numpy and json may raise almost anything
            reason = " ".join(str(problem).split())[:160] or type(problem).__name__
            raise UserError(f"{path}: not {what} ({reason}); it is damaged or was made by something else") from problem


def fits(shape: tuple[int, ...], expected: Lengths) -> bool:
    """Whether a shape is an expected one."""
    return len(shape) == len(expected) and all(
        got in want if isinstance(want, range) else got == want for got, want in zip(shape, expected, strict=True)
    )


def _check_end(file: BinaryIO) -> None:
    """Bounds the zip directory before `zipfile` reads it into memory."""
    size = file.seek(0, os.SEEK_END)
    if size > MOST_BYTES:
        raise Malformed(f"larger than {MOST_BYTES >> 20} MiB")
    if size < _ZIP_END.size:
        raise Malformed("empty or cut short")
    file.seek(max(0, size - _ZIP_END.size - _ZIP64_LOCATOR_BYTES))
    tail = file.read()
    signature, _, _, _, entries, directory_bytes, _, comment = _ZIP_END.unpack(tail[-_ZIP_END.size :])
    if signature != b"PK\x05\x06" or comment:
        raise Malformed("not an .npz, or cut short")
    if tail.startswith(b"PK\x06\x07") or entries > MOST_ENTRIES or directory_bytes > 256 * MOST_ENTRIES:
        raise Malformed("its directory is too large")


def _npy_shape(stream: IO[bytes], name: str, dtype: np.dtype) -> tuple[int, ...]:
    """Shape declared at the start of an .npy, whose type must be `dtype` in C order.

    Not left to numpy, which calls `ast.literal_eval`: two threads that do so at once may fail in Python 3.11
    ("AST constructor recursion depth mismatch", python/cpython#106905), and the gallery reads in a thread.
    """
    start = stream.read(_NPY_START.size)
    magic, major, minor, length = _NPY_START.unpack(start) if len(start) == _NPY_START.size else (b"", 0, 0, 0)
    if (magic, major, minor) != (b"\x93NUMPY", 1, 0):
        raise Malformed(f"{name} has another array format")
    header = _NPY_HEADER.fullmatch(stream.read(length))
    if header is None:
        raise Malformed(f"{name} does not say its type and shape as numpy does")
    found, fortran_order = header[1], header[2] == b"True"
    shape = tuple(map(int, header[3].replace(b",", b" ").split()))
    if fortran_order and len(shape) > 1:
        raise Malformed(f"{name} is in Fortran order")
    if found != dtype.str.encode():
        raise Malformed(f"{name} holds {found.decode(errors='replace')}, not {dtype}")
    return shape


def _short(shape: tuple) -> str:
    return f"({', '.join(f'0 to {n[-1]}' if isinstance(n, range) else str(n) for n in shape)})"[:80]


def free_path(folder: Path, stem: str, ending: str) -> Path:
    """A path in a folder that nothing has yet: the stem, with a number from 2 on if it must be."""
    tries = (
        folder / f"{stem}{number}{ending}" for number in itertools.chain([""], (f"-{n}" for n in itertools.count(2)))
    )
    return next(path for path in tries if not path.exists())
