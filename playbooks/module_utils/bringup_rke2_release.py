"""Files of an RKE2 release: the list of their hashes, which of them a site needs, and comparing one with its hash."""

from __future__ import annotations

import hashlib
import re

TARBALL, SUMS, SCRIPT = "rke2.linux-amd64.tar.gz", "sha256sum-amd64.txt", "install.sh"
ALL_IMAGES = "rke2-images.linux-amd64.tar.zst"


class FileFault(Exception):
    """What is wrong with the artifacts, with its stable code."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def read_sums(text: str, place: str) -> dict[str, str]:
    """Hash by name, of lines as sha256sum prints them."""
    found = dict(reversed(pair) for pair in re.findall(r"^([0-9a-f]{64}) [ *](\S+)$", text, re.MULTILINE))
    if TARBALL not in found:
        raise FileFault("RKE2_ARTIFACTS", f"{SUMS} in {place} names no {TARBALL}: it is not the list of an RKE2 release for amd64.")
    return found


def wanted_images(sums: dict[str, str], cni: str, place: str) -> list[str]:
    """The archives of images for a CNI: core and its own, or the one of all, which has canal."""
    parts = [f"rke2-images-{name}.linux-amd64.tar.zst" for name in ["core", *([] if cni == "none" else [cni])]]
    missing = [name for name in parts if name not in sums]
    if not missing:
        return parts
    if cni in ("canal", "none") and ALL_IMAGES in sums:
        return [ALL_IMAGES]
    raise FileFault("RKE2_ARTIFACTS", f"{SUMS} in {place} names no {missing[0]}, which a cluster with the CNI {cni} needs.")


def hash_of(source) -> tuple[str, int]:
    """SHA-256 and length of an open file, read piece by piece."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(1 << 20):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def compare(name: str, place: str, seen: str, wanted: str) -> None:
    if seen != wanted:
        raise FileFault("RKE2_HASH", f"{name} in {place} is not the file of the release: its SHA-256 is {seen}, and {SUMS} says {wanted}.")
