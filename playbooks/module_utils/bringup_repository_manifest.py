"""The manifest of a repository: which files, how long, which SHA-256; read from contents.json or SHA256SUMS."""

from __future__ import annotations

import hashlib
import json
import os
import re

NAMES = ("contents.json", "SHA256SUMS")
SHA256 = re.compile(r"[0-9a-f]{64}")


class BadManifest(Exception):
    """The manifest cannot be used; the text says why."""


def read_manifest(folder: str) -> list[dict] | None:
    """Entries with path, size (None where SHA256SUMS alone is there) and sha256; None without a manifest."""
    for name in NAMES:
        path = os.path.join(folder, name)
        try:
            with open(path, encoding="utf-8") as source:
                text = source.read()
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError) as error:
            raise BadManifest(f"{path} cannot be read: {error}") from error
        entries = from_json(path, text) if name.endswith(".json") else from_sums(path, text)
        check(path, entries)
        return entries
    return None


def from_json(path: str, text: str) -> list[dict]:
    try:
        entries = json.loads(text)["files"]
        return [{"path": str(one["path"]), "size": int(one["size"]), "sha256": str(one["sha256"]).lower()} for one in entries]
    except (ValueError, KeyError, TypeError) as error:
        raise BadManifest(f"{path} is not {{files: [{{path, size, sha256}}]}}: {error!r}") from error


def from_sums(path: str, text: str) -> list[dict]:
    entries = []
    for number, line in enumerate(text.splitlines(), 1):
        sha256, separator, name = line.partition(" ")
        if not separator:
            raise BadManifest(f"{path}, line {number} is not a hash and a path")
        entries.append({"path": name[1:] if name[:1] in (" ", "*") else name, "size": None, "sha256": sha256.lower()})
    return entries


def check(path: str, entries: list[dict]) -> None:
    """Refuse what would be written outside the folder, twice, or over the manifest itself."""
    seen: set[str] = set()
    for one in entries:
        name = one["path"]
        steps = name.split("/")
        if not name or name.startswith("/") or {"", ".", ".."} & set(steps) or any(ord(sign) < 32 or sign == "\\" for sign in name):
            raise BadManifest(f"{path} names {name!r}, which is not a plain path below the folder")
        if name in NAMES or name in seen or steps[0].startswith("."):
            raise BadManifest(f"{path} names {name} {'twice' if name in seen else 'which is kept for Bringup'}")
        if not SHA256.fullmatch(one["sha256"]):
            raise BadManifest(f"{path} has no SHA-256 for {name}")
        if one["size"] is not None and one["size"] < 0:
            raise BadManifest(f"{path} has no size for {name}")
        seen.add(name)


def write_json(entries: list[dict]) -> str:
    """contents.json as clients of the repository read it."""
    return json.dumps({"files": sorted(entries, key=lambda one: one["path"])}, indent=1) + "\n"


def hash_file(path: str, copy_to=None) -> str:
    """SHA-256 of a file, which is copied on the way where a writable file is given."""
    digest = hashlib.sha256()
    with open(path, "rb") as source:
        while chunk := source.read(1 << 20):
            digest.update(chunk)
            if copy_to is not None:
                copy_to.write(chunk)
    return digest.hexdigest()


def gib(size: int) -> str:
    """A size for people, never rounded down to nothing."""
    return f"{size / (1 << 30):.1f} GiB" if size >= 1 << 30 else f"{-(-size // (1 << 20))} MiB"
