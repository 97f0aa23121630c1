"""The command in a process of its own, as a user types it."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILM = ROOT / "replays" / "gallery" / "behind-a-box.npz"


def start(line: str, folder: Path = ROOT, **extra: str) -> subprocess.Popen:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100", "NO_COLOR": "1", **extra}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "cwd": folder, "env": environment}
    return subprocess.Popen([sys.executable, "-m", "policies.cli", *line.split()], **pipes)


def hideseek(line: str, folder: Path = ROOT, **extra: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error; `extra` goes into the environment."""
    process = start(line, folder, **extra)
    out, error = process.communicate(timeout=300)
    return process.returncode, out, error
