"""Command lines that make no sense, by what is wrong with them."""

import os
from pathlib import Path

FILM = Path(__file__).parents[2] / "replays" / "gallery" / "behind-a-box.npz"
DIGITS = "9" * 5000
LONG = "x" * 5000
BYTES = os.fsdecode(b"\xff\xfe")
"""A file name that is no UTF-8."""

COMMANDS = ["", "''", "' '", "dance", "TRAIN", "évaluer", BYTES, LONG, "--", "-", "--nonsense", "-1", "--version x"]
COMMANDS += [
    "help",
    "'train\n'",
    "teams teams",
    "teams --json=yes",
    "presets --json --xml",
    "keys everything",
    "warm more",
]

REPORTS = [
    "report",
    "report ''",
    "report .",
    "report missing",
    "report notes.txt",
    "report empty",
    "report run",
    "report loop",
    f"report {LONG}",
    "report run --to page.pdf",
    "report run --episodes 0",
    "report run --episodes 1001",
    "report run --to missing/page.html",
    f"report run --episodes {DIGITS}",
    "report run --seed x",
    "tournament",
    "tournament missing",
    "tournament run",
    "tournament chaser",
    "tournament quadrant-block ramps-fort",
    "tournament missing.py:make",
    "tournament quadrant-block missing.py:make",
    "tournament run --every 0",
    "tournament run --every 1.5",
    "tournament run --to page",
    "tournament run --episodes -3",
]

RANKINGS = [
    "rank",
    "rank run",
    "rank quadrant-block --ask 'Which?'",
    "rank quadrant-block --labels labels.jsonl",
    "rank quadrant-block --labels labels.jsonl --ask ''",
    f"rank quadrant-block --labels labels.jsonl --ask {LONG}",
    "rank quadrant-block --labels missing/labels.jsonl --ask 'Which?'",
    "rank quadrant-block --labels . --ask 'Which?'",
    "rank quadrant-block --labels notes.txt --ask 'Which?'",
    f"rank quadrant-block --labels {FILM} --ask 'Which?'",
    "rank quadrant-block --labels labels.jsonl --ask 'Which?' --seed -1",
    "rank quadrant-block --labels labels.jsonl --ask 'Which?' --scale 9",
    "rank quadrant-block --labels labels.jsonl --ask 'Which?'",
]

PROBES = [
    "probe",
    "probe ''",
    "probe nobody",
    "probe notes.txt",
    "probe missing.py:make",
    "probe chaser --seekers missing.py:make",
    "probe run",
    f"probe {LONG}",
    "probe chaser --probe moon",
    "probe chaser --probe ''",
    "probe chaser --probe seeker-inside=0.1",
    "probe chaser --probe door-locked --scenario quadrant:boxes=0",
    "probe chaser --scenario food",
    "probe chaser --seekers nobody",
    "probe chaser --seekers builder",
    "probe quadrant-fort --scenario rooms",
    "probe chaser --episodes 1",
    "probe chaser --episodes 20001",
    f"probe chaser --episodes {DIGITS}",
    "probe chaser --seed -1",
    "probe chaser --expert-steps -1",
    "probe chaser --expert-steps many",
    "probe chaser --every 2",
    "probe run --every 0",
    "probe run --every often",
    "probe chaser --to page.pdf",
    "probe chaser --to missing/page.html",
]

TEAMS = [
    "evaluate",
    "evaluate idle",
    "evaluate idle idle idle",
    "evaluate '' idle",
    "evaluate idle ''",
    "evaluate . idle",
    "evaluate / idle",
    "evaluate idle nobody",
    "evaluate idle builder",
    "evaluate missing.py:make idle",
    "record idle notes.txt.py:make",
    "rate missing.py:",
    "play --against missing.py:make",
    "evaluate quadrant-fort chaser --scenario rooms",
    "evaluate notes.txt idle",
    "evaluate empty idle",
    "evaluate loop idle",
    "evaluate loop/team idle",
    "evaluate team idle",
    "evaluate run idle",
    "evaluate deep idle",
    f"evaluate {LONG} idle",
    f"evaluate {BYTES} idle",
    f"record {FILM} idle",
    "record idle idle idle",
    "record nobody idle",
    "rate",
    "rate ''",
    "rate chaser",
    "rate quadrant-fort --scenario lock_and_return",
    "rate quadrant-fort notes.txt",
    "rate quadrant-fort quadrant-chase --scenario rooms",
    "warm --players nobody",
    "warm --players missing.py:make",
    "warm --players ''",
]

NUMBERS = [
    *(f"evaluate idle idle --episodes {number}" for number in ("0", "-1", "1.5", "nan", "''", "1e9", "2000000000")),
    f"evaluate idle idle --episodes {DIGITS}",
    *(f"evaluate idle idle --seed {number}" for number in ("-1", "9223372036854775808", "0x10", "½", DIGITS)),
    "evaluate idle idle --episodes",
    "record idle idle --episodes 10001",
    "record idle idle --seed -1",
    "rate quadrant-fort --episodes 0",
    "rate quadrant-fort --seed -1",
    *(f"bench --seconds {number}" for number in ("0", "-1", "nan", "inf", "soon", "1e300")),
    "bench --only coffee",
    "bench --only",
    *(f"watch {FILM} --scale {number}" for number in ("0", "-1", "nan", "inf", "9", "large")),
]

WORLDS = [
    "evaluate idle idle --scenario ''",
    "evaluate idle idle --scenario moon",
    f"evaluate idle idle --scenario {LONG}",
    *(
        f"scenarios quadrant:{options}"
        for options in (
            "cheese=1",
            "boxes",
            "boxes=",
            "boxes=two",
            "boxes=-1",
            "boxes=1.5",
            f"boxes={DIGITS}",
            "room_m=nan",
            "room_m=inf",
            "room_m=-inf",
            "room_m=1e308",
            "reward=gold",
            "ticks=0",
            "preparation_ticks=1000000",
            "=1",
            "boxes=1=2",
        )
    ),
    "scenarios moon",
    "scenarios ''",
    "scenarios quadrant rooms",
    f"scenarios {BYTES}",
    "scenarios moon --json",
    "warm --scenario moon",
    "play moon",
    "play food --as seeker",
    *(
        f"{verb} --shift {shift}"
        for verb in ("evaluate idle idle", "record idle idle", "train --run new", "play quadrant")
        for shift in ("moon", "''", "no-lock=0.5", "seeker-inside=0", "seeker-inside=2", "seeker-inside=x", LONG)
    ),
    "evaluate idle idle --scenario quadrant+moon",
    "evaluate idle idle --scenario food --shift no-lock",
    "evaluate quadrant-block idle --shift more-agents",
    "scenarios quadrant+",
]

DRAWN = [
    "scenarios --save new.toml",
    "scenarios moon --save new.toml",
    "scenarios food --save new.toml",
    "scenarios quadrant --save new.txt",
    "scenarios quadrant --save void.toml",
    "scenarios quadrant --save new.toml --seed -1",
    "scenarios quadrant --picture new.gif",
    "scenarios quadrant --picture void/new.png",
    "scenarios quadrant --picture new.png --seed -1",
    "scenarios food --picture new.png",
    "scenarios quadrant+no-lock --save new.toml",
    "record idle idle --scenario traps",
    "evaluate nobody chaser --scenario traps",
    "evaluate idle idle --scenario traps --shift moon",
    "evaluate idle idle --scenario traps --episodes 0",
    *(
        f"{verb} {name}.toml"
        for verb in (
            "evaluate idle idle --scenario",
            "train --run new --scenario",
            "play",
            "scenarios",
            "warm --scenario",
        )
        for name in ("missing", "void", "binary", "empty", "''", LONG, BYTES)
    ),
    "scenarios void.toml:ticks=3",
    "scenarios missing.toml+no-lock",
]

TOOLS = [
    "evaluate idle idle --without spade",
    "evaluate idle idle --without ''",
    "evaluate idle idle --without lock,grab",
    "evaluate idle idle --without lock --without spade",
    "train --without spade --run new",
]

FILES = [
    *(f"{verb} {name}" for verb in ("watch", "export --to clip.gif") for name in ("missing.npz", "notes.txt", "loop")),
    *(f"{verb} {name}" for verb in ("watch", "export --to clip.gif") for name in ("void.npz", "empty", "run", "team")),
    f"watch {LONG}",
    f"watch {BYTES}.npz",
    "watch notes.txt/film.npz",
    *(f"watch {FILM}#tick={tick}" for tick in ("", "x", "-1", "1.5", "½", "99999", DIGITS)),
    f"watch '#tick={DIGITS}'",
    *(f"export {FILM}#tick={tick} --to clip.gif" for tick in ("", "99999", DIGITS)),
    f"export {FILM}",
    f"export {FILM} --to",
    *(f"export {FILM} --to {name}" for name in ("''", "clip", "clip.txt", ".gif", "empty", "empty.gif")),
    *(f"export {FILM} --until 1 --to {name}" for name in ("no/clip.gif", "notes.txt/clip.gif", "loop/clip.gif")),
    f"export {FILM} --until 1 --to {LONG}.gif",
    *(f"export {FILM} --to clip.gif --from {tick}" for tick in ("-1", "65", "nan", DIGITS)),
    *(f"export {FILM} --to clip.gif --until {tick}" for tick in ("-1", "65")),
    f"export {FILM} --to clip.gif --from 9 --until 5",
    f"export {FILM}#tick=4 --to clip.gif --from 5",
    f"export {FILM} --to still.png --until 9",
    f"export {FILM.parent} --to clip.gif",
    "play --out",
    "play --as nobody",
    "play --strength godlike",
    "play --against nobody",
    "play --with nobody",
    "play --seed -5",
    "play",
]

TRAINING = [
    "train nonsense --run new",
    "train '' --run new",
    "train laptop smoke --run new",
    "train --scenario moon --run new",
    "train --scenario '' --run new",
    *(f"train --run new --minutes {number}" for number in ("0", "-1", "nan", "inf", "soon", "''", "1e300")),
    *(f"train --run new --steps {number}" for number in ("0", "-1", "1.5", "1e6", DIGITS)),
    *(f"train --run new --keep {number}" for number in ("0", "-1", "''")),
    *(f"train --run new --seed {number}" for number in ("-1", "9223372036854775808", "nan")),
    *(f"train --run new --until {text}" for text in ("''", "hidden", "hidden=", "hidden=nan", "hidden=2", "cheese=1")),
    *(
        f"train --run new --set {text}"
        for text in (
            "''",
            "entropy",
            "entropy=",
            "=1",
            "entropy==1",
            "entropy=nan",
            "entropy=inf",
            "entropy=-1",
            "cheese=1",
            "seed=1",
            "worlds=0",
            "worlds=1.5",
            f"worlds={DIGITS}",
            "hidden=",
            "hidden=1,",
            f"hidden={','.join('1' * 99)}",
            "network=brain",
            "network=",
            f"entropy={LONG}",
        )
    ),
    "train --run new --set",
    "train --run new --device quantum",
    "train --run new --hiders nobody",
    "train --run new --hiders chaser",
    "train --run new --hiders missing.py:make",
    "train --run new --shift regret=0.1 --shift regret=0.1",
    "train --run new --hiders quadrant-fort --scenario rooms",
    "train --run new --hiders quadrant-block --seekers quadrant-chase",
    "train --run new --seekers quadrant-chase --scenario food",
    "train --run notes.txt",
    "train --run notes.txt/run",
    "train --run loop",
    "train --run loop/run",
    "train --run full",
    "train --run deep",
    "train --run ''",
    f"train --run {LONG}",
]

TUNING = [
    "tune",
    "tune quadrant-block",
    "tune --method verifier --goal sealed",
    "tune quadrant-block --method prayer --goal sealed",
    "tune quadrant-block --method verifier",
    "tune quadrant-block --method verifier --goal",
    *(
        f"tune quadrant-block --method verifier --run new --goal {goal}"
        for goal in ("''", "peace", "sealed,", "sealed,sealed", "ramp_denied", "weak_sealed", LONG)
    ),
    *(f"tune {team} --method verifier --goal sealed --run new" for team in ("''", "chaser", "nobody", "notes.txt")),
    *(f"tune {team} --method verifier --goal sealed --run new" for team in ("empty", "team", "run", "loop", BYTES)),
    *(
        f"tune quadrant-block --method verifier --goal sealed --run new {option}"
        for option in ("--steps 0", "--steps 1e6", "--leash -1", "--leash nan", "--leash 101", "--seed -1")
    ),
    *(
        f"tune quadrant-block --method verifier --goal sealed --run {run}"
        for run in ("notes.txt", "full", "loop", "''")
    ),
    "tune quadrant-block --method verifier --goal sealed --run new --episodes 1",
    "tune quadrant-block --method verifier --goal sealed --run new --labels notes.txt",
]

EDITING = [
    "edit",
    "edit moon",
    "edit notes.txt",
    "edit void.npz",
    "edit empty",
    "edit missing/world.toml",
    "edit quadrant:doors=9",
    "edit quadrant",
    "edit new.toml",
    "edit void.toml:ticks=300",
    "edit quadrant rooms",
    "edit --seed -1",
    "edit --scale 9",
    f"edit {LONG}",
    f"edit {LONG}.toml",
    f"edit {BYTES}.toml",
]

LINES = COMMANDS + REPORTS + RANKINGS + PROBES + TEAMS + NUMBERS + WORLDS + DRAWN + TOOLS + FILES + TRAINING
LINES += TUNING + EDITING
