"""A damaged cache of kernels (a full disk, a kill, another user's files) costs one line and never a command."""

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import sim
from sim import kernel_cache
from tests.sim.forking import in_a_fork, only_where_processes_fork

KERNEL = """
from sim.jit import compiled

@compiled
def double(number):
    return 2 * number
"""
CACHED = ("cache_root", "_fingerprint", "_source", "_imports", "_say_once")


@pytest.fixture
def double(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], int]]:
    """Twice 21, by the kernel of a small module as a new process loads or compiles it; kept in `tmp_path / "cache"`."""
    (tmp_path / "sim").mkdir()
    (tmp_path / "sim" / "tiny.py").write_text(KERNEL)
    monkeypatch.setattr(sim, "__path__", [*sim.__path__, str(tmp_path / "sim")])
    monkeypatch.setattr(kernel_cache, "_ROOT", tmp_path)
    monkeypatch.setenv("HIDESEEK_CACHE", str(tmp_path / "cache"))

    def fresh() -> int:
        forget()
        return importlib.import_module("sim.tiny").double(21)

    yield fresh
    monkeypatch.undo()
    forget()


def forget() -> None:
    """As in a new process."""
    sys.modules.pop("sim.tiny", None)
    for name in CACHED:
        getattr(kernel_cache, name).cache_clear()


def kept(tmp_path: Path, ending: str) -> Path:
    (found,) = (tmp_path / "cache" / "kernels").glob(f"sim.tiny-*/*{ending}")
    return found


def empty(path: Path) -> None:
    path.write_bytes(b"")


def overwrite(path: Path) -> None:
    path.write_bytes(b"\x80\x05garbage" * 9)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def blank(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def damaged_lines(capfd: pytest.CaptureFixture[str]) -> list[str]:
    return [line for line in capfd.readouterr().err.splitlines() if "compiling the world" not in line]


@pytest.mark.parametrize("damage", [empty, overwrite, cut, blank])
@pytest.mark.parametrize("ending", [".nbi", ".nbc"], ids=["index", "compiled file"])
def test_what_is_damaged_is_compiled_again_and_kept(
    damage: Callable[[Path], None], ending: str, double: Callable, tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    assert double() == 42
    whole = kept(tmp_path, ".nbc").stat().st_size
    damage(kept(tmp_path, ending))
    capfd.readouterr()
    assert double() == 42
    (line,) = damaged_lines(capfd)
    assert line.startswith("hideseek: ") and "damaged" in line and str(tmp_path / "cache") in line
    assert kept(tmp_path, ".nbc").stat().st_size == pytest.approx(whole, rel=0.01)
    assert double() == 42 and damaged_lines(capfd) == []


def test_a_compiled_file_that_is_gone_is_compiled_again(double: Callable, tmp_path: Path):
    assert double() == 42
    kept(tmp_path, ".nbc").unlink()
    assert double() == 42 and kept(tmp_path, ".nbc").is_file()


@only_where_processes_fork
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_process_compiles_what_it_lacks(double: Callable):
    double()
    assert in_a_fork(lambda: str(sys.modules["sim.tiny"].double(0.25)).encode()) == b"0.5"  # of another type: compiles


@pytest.mark.parametrize("ending", [".nbi", ""], ids=["index", "folder"])
def test_what_cannot_be_read_is_said_once_and_compiled(
    ending: str, double: Callable, tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    """Something else in the place of the index or of the module's folder, as permissions do not hold for root."""
    assert double() == 42
    index = kept(tmp_path, ".nbi")
    if ending:
        index.unlink()
        index.mkdir()
    else:
        index.parent.rename(tmp_path / "away")
        index.parent.touch()
    capfd.readouterr()
    assert double() == 42
    (line,) = damaged_lines(capfd)
    assert line.startswith("hideseek: ") and "cannot be read" in line and "HIDESEEK_CACHE" in line


def test_a_folder_without_permission_is_said_once_and_compiled(
    double: Callable, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    def denied(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    from numba.core.caching import IndexDataCacheFile

    for name in ("_load_index", "_save_index", "_save_data"):
        monkeypatch.setattr(IndexDataCacheFile, name, denied)
    assert double() == 42
    (line,) = damaged_lines(capfd)
    assert "Permission denied" in line


def test_a_damaged_index_on_a_full_disk_is_said_once_and_compiled(
    double: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    from numba.core.caching import IndexDataCacheFile

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    assert double() == 42
    cut(kept(tmp_path, ".nbi"))
    capfd.readouterr()
    for name in ("_save_index", "_save_data"):
        monkeypatch.setattr(IndexDataCacheFile, name, full)
    assert double() == 42
    (line,) = damaged_lines(capfd)
    assert "damaged" in line
