"""Calls virsh on the system connection."""

from __future__ import annotations

import os
import subprocess

URI = "qemu:///system"


class VirshError(Exception):
    """virsh said no; the text is its own."""


def virsh(*arguments: str) -> str:
    """Standard output of one virsh command, in the C locale; VirshError when it fails."""
    done = subprocess.run(
        ["virsh", "--quiet", "--connect", URI, *arguments],
        capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"},
    )
    if done.returncode != 0:
        raise VirshError(done.stderr.strip() or f"virsh {arguments[0]} ended with {done.returncode}")
    return done.stdout


def domain_state(name: str) -> str | None:
    """`running`, `shut off`, `crashed` and so on; None when there is no such domain."""
    return virsh("domstate", name).strip() if name in virsh("list", "--all", "--name").split() else None
