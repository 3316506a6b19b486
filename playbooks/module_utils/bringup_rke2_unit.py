"""The systemd unit of RKE2 on a target server: its state, its log, and with which files it was started."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess

# In memory: after a boot the unit was started with the files that are there.
STAMP = "/run/bringup-rke2.json"


def systemctl(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemctl", *words], capture_output=True, text=True, check=False)


def unit_state(unit: str) -> dict[str, str]:
    """Properties of the unit; LoadState is not-found where it is not installed."""
    names = ("LoadState", "ActiveState", "SubState", "NRestarts", "UnitFileState", "InvocationID")
    shown = systemctl("show", f"--property={','.join(names)}", unit).stdout
    return dict(line.split("=", 1) for line in shown.splitlines() if "=" in line)


def log_lines(unit: str, since: float, most: int = 30) -> list[str]:
    """What the unit logged since then, the newest last."""
    command = ["journalctl", "--unit", unit, "--since", f"@{since:.0f}", "--lines", str(most), "--no-pager", "--output", "cat"]
    return subprocess.run(command, capture_output=True, text=True, check=False, errors="replace").stdout.splitlines()


def digest(files: list[str]) -> str:
    """One hash of all that the unit reads when it starts; a file that is missing counts as such."""
    total = hashlib.sha256()
    for path in files:
        try:
            with open(path, "rb") as source:
                total.update(hashlib.sha256(source.read()).digest())
        except FileNotFoundError:
            total.update(b"-")
    return total.hexdigest()


def read_stamp() -> dict:
    try:
        with open(STAMP, encoding="utf-8") as source:
            return json.load(source)
    except (FileNotFoundError, ValueError):
        return {}


def write_stamp(held: dict) -> None:
    with open(f"{STAMP}.part", "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as target:
        json.dump(held, target)
    os.replace(f"{STAMP}.part", STAMP)
