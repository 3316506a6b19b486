"""Reads what a package archive says about itself; images/build-packages.sh describes its form."""

from __future__ import annotations

import tarfile


class NotAnArchive(Exception):
    """The file is not a package archive; the text says why."""


def read_archive(path: str) -> dict:
    """`system` (codename and architecture), `label`, `date`, `wanted` (package names) and `installed_kib` by package."""
    try:
        with tarfile.open(path, "r:") as archive:
            texts = {}
            for name in ("Release", "wanted.list", "Packages"):
                # They come first, so that the packages themselves are not read.
                member = archive.next()
                if member is None or member.name != name:
                    raise NotAnArchive(f"it does not begin with Release, wanted.list and Packages but with {member.name if member else 'nothing'}")
                texts[name] = archive.extractfile(member).read().decode()
    except (OSError, tarfile.TarError, UnicodeDecodeError) as error:
        raise NotAnArchive(str(error)) from error
    release = fields(texts["Release"])
    packages = [fields(stanza) for stanza in texts["Packages"].split("\n\n") if stanza.strip()]
    return {
        "system": {"id": release["Origin"].lower(), "codename": release["Codename"], "architecture": release["Architectures"]},
        "label": release["Label"],
        "date": release["Date"],
        "wanted": texts["wanted.list"].split(),
        "installed_kib": {package["Package"]: int(package.get("Installed-Size", 0)) for package in packages},
    }


def fields(stanza: str) -> dict[str, str]:
    """The one-line fields of a stanza in Debian's control format."""
    lines = (line.partition(": ") for line in stanza.splitlines() if not line.startswith(" "))
    return {name: value for name, separator, value in lines if separator}


def judge(archive: dict, archive_bytes: int, seen: dict) -> dict:
    """What is to be installed on a machine that was `seen`, or the code and sentence of why that cannot work."""
    lacking = sorted(set(archive["wanted"]) - set(seen["installed"]))
    if not lacking:
        return {"lacking": [], "msg": f"The VM has all {len(archive['wanted'])} packages the archive is for"}
    system = archive["system"]
    if [seen["id"], seen["codename"]] != [system["id"], system["codename"]]:
        return {"code": "PACKAGES_WRONG_SYSTEM", "msg": f"The package archive is for {archive['label']}, and the base image is {seen['name']}"}
    if seen["architecture"] != system["architecture"]:
        return {
            "code": "PACKAGES_WRONG_SYSTEM",
            "msg": f"The package archive is for {system['architecture']}, and the base image is {seen['architecture']}",
        }
    fresh = sum(size for name, size in archive["installed_kib"].items() if name not in seen["installed"])
    needed = archive_bytes + fresh * 1024
    if seen["free"] < needed:
        return {
            "code": "PACKAGES_DISK_FULL",
            "msg": f"The packages need up to {mib(needed)} MiB on the deployment VM, and {seen['free'] >> 20} MiB are free",
        }
    return {"lacking": lacking, "msg": f"The VM lacks {len(lacking)} packages: {', '.join(lacking)}"}


def mib(size: int) -> int:
    return -(-size // (1 << 20))
