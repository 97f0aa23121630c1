"""What commands load: help needs no compiler, and neither it nor a mistake needs torch, which takes seconds."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def loaded_by(*words: str) -> set[str]:
    """The modules that a command has loaded when it ends."""
    code = (
        "import contextlib, io, sys\nfrom policies.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
        f"    main({list(words)!r})\n"
        "print(*sys.modules)"
    )
    return set(subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True).stdout.split())


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["scenarios"], ["train", "--help"], ["watch", "missing"]])
def test_what_needs_no_networks_does_not_load_torch(words: list[str]):
    assert "torch" not in loaded_by(*words)


def test_a_mistake_is_noticed_before_torch_is_loaded():
    lines = (
        "tune quadrant-block --method verifier",
        "tune quadrant-block --method verifier --goal seald",
        "tune quadrant-block --method preference --steps -3",
        "train --minutes -3",
        "train --until nothing=0.5",
        "train overnite",
        "train --set entropi=0.02",
        "report run --episodes 3",
        "report run --to report.pdf",
        "tournament run --every 0",
        "probe quadrant-block --probe nothing",
        "probe quadrant-block --episodes 0",
    )
    code = (
        "import sys\nfrom policies.cli import main\n"
        f"print([(main(line.split()), 'torch' in sys.modules) for line in {lines!r}])"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert found.stdout.strip() == str([(2, False)] * len(lines)), found.stdout + found.stderr


@pytest.mark.parametrize("words", [["--help"], ["--version"]])
def test_help_loads_no_compiler(words: list[str]):
    assert "numba" not in loaded_by(*words)
