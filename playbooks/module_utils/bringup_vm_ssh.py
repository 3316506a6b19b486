"""Runs commands on the deployment VM over SSH with strict host key checking, from the KVM host."""

from __future__ import annotations

import subprocess

ARGUMENTS = {
    "address": {"type": "str", "required": True},
    "user": {"type": "str", "required": True},
    "key": {"type": "path", "required": True, "no_log": False},
    "known_hosts": {"type": "path", "required": True},
}


def ssh(params: dict, command: str, **options) -> subprocess.CompletedProcess:
    """One command in the login shell of the VM's user; options are those of subprocess.run."""
    words = [
        "ssh", "-i", params["key"], "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes", "-o", "ConnectTimeout=10",
        "-o", f"UserKnownHostsFile={params['known_hosts']}", "-o", "GlobalKnownHostsFile=/dev/null",
        f"{params['user']}@{params['address']}", command,
    ]
    return subprocess.run(words, capture_output=True, text=True, check=False, **options)
