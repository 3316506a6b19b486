"""SSH host keys as known_hosts has them: what a machine shows, and what is kept of it."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess

from ansible.module_utils.bringup_files import write_whole


def shown_keys(address: str, port: int, expected: str, pinned: list[str]) -> tuple[dict[str, str], list[str]]:
    """
    Lines for known_hosts of what is shown there, each with its fingerprint, and those of them that are trusted: the one that is
    expected, else those that are pinned, at first contact all. The first kind that every server of today has is asked for alone, as each
    costs an exchange of keys; the others only where none of that kind is trusted.
    """
    shown: dict[str, str] = {}
    for kinds in ("ed25519", "ecdsa,rsa"):
        found, speaks = scan(address, port, kinds)
        shown.update(found)
        trusted = [line for line in shown if (shown[line] == expected if expected else not pinned or line in pinned)]
        # Who says nothing is not waited for twice.
        if trusted or not speaks:
            break
    return shown, trusted


def scan(address: str, port: int, kinds: str) -> tuple[dict[str, str], bool]:
    """The keys of these kinds, and whether anybody spoke SSH: who shows no key of a kind has told its version all the same."""
    done = subprocess.run(["ssh-keyscan", "-T", "10", "-t", kinds, "-p", str(port), address], capture_output=True, text=True, check=False)
    lines = sorted(line for line in done.stdout.splitlines() if line and not line.startswith("#"))
    return {line: fingerprint(line) for line in lines}, bool(lines) or " SSH-" in done.stdout + done.stderr


def fingerprint(line: str) -> str:
    """As `ssh-keygen -l` prints it: SHA256:..."""
    digest = hashlib.sha256(base64.b64decode(line.split()[2])).digest()
    return f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"


def read_keys(path: str) -> list[str]:
    """The lines that are kept; none where there is no such file."""
    try:
        with open(path, encoding="utf-8") as source:
            return source.read().splitlines()
    except FileNotFoundError:
        return []


def keep_keys(path: str, lines: list[str]) -> None:
    """In place of those that were kept before."""
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    write_whole(path, "\n".join(lines) + "\n")
