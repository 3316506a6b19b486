#!/usr/bin/python3
"""Lays the files of a bundle into the repository and proves them by their hashes."""

from __future__ import annotations

import json
import os
import tempfile

from ansible.module_utils import bringup_repository_manifest as manifest
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_files import write_whole

DOCUMENTATION = r"""
module: bringup_repository_contents
short_description: Keep the files of the repository as its manifest says
description:
  - Takes the files that the manifest of the source names (contents.json, else SHA256SUMS). A file whose size and time are those
    of the last look is taken for unchanged; any other is hashed. Files of an earlier bundle are removed, files that others put
    there are left alone and counted.
  - With O(verify) nothing is changed and every file is read.
options:
  root: {description: Folder that is served., type: path, required: true}
  source: {description: "Folder of the bundle; empty where the files are there already.", type: str, default: ""}
  record: {description: "File that keeps size, time and hash of each file.", type: path, required: true}
  quota_gib: {description: Space the repository may take., type: float, required: true}
  reserve_gib: {description: Space of the disk that stays free in any case., type: float, default: 2}
  verify: {description: Read and hash everything and change nothing., type: bool, default: false}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_repository_contents: {root: /srv/repository, source: /var/lib/bringup/bundle, record: /var/lib/bringup/repository.json, quota_gib: 40}
"""
RETURN = r"""
copied: {description: Files that were laid in., type: list, elements: str, returned: success}
removed: {description: Files of an earlier bundle that went., type: list, elements: str, returned: success}
hashed: {description: Files that were read to the end., type: int, returned: success}
sample: {description: "The smallest files, for clients to fetch: path, size, sha256.", type: list, elements: dict, returned: success}
bad: {description: "Files that are wrong: path and why.", type: list, elements: dict, returned: failure}
"""
SHOWN = 10


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "root": {"type": "path", "required": True},
            "source": {"type": "str", "default": ""},
            "record": {"type": "path", "required": True},
            "quota_gib": {"type": "float", "required": True},
            "reserve_gib": {"type": "float", "default": 2},
            "verify": {"type": "bool", "default": False},
        },
        supports_check_mode=True,
    )
    try:
        Contents(module).settle()
    except manifest.BadManifest as error:
        module.fail_json(code="REPOSITORY_MANIFEST", msg=f"The manifest of the repository cannot be used: {error}.")
    except OSError as error:
        code = "REPOSITORY_DISK_FULL" if error.errno == 28 else "REPOSITORY_FILES"
        module.fail_json(code=code, msg=f"The repository's files cannot be kept: {error}.")


class Contents:
    """One look at the repository and what it takes to make it as wanted."""

    def __init__(self, module: AnsibleModule) -> None:
        self.module = module
        self.root: str = module.params["root"]
        self.source: str = "" if module.params["verify"] else module.params["source"]
        self.dry = module.check_mode or module.params["verify"]
        self.hashed = 0
        self.record = self.read_record()
        self.bad: list[dict] = []

    def settle(self) -> None:
        entries = manifest.read_manifest(self.source) if self.source else manifest.read_manifest(self.root)
        if entries is None and self.source:
            raise manifest.BadManifest(f"there is neither {' nor '.join(manifest.NAMES)} in {self.source}")
        entries = entries or []
        self.fill_sizes(entries)
        lacking = [one for one in entries if not self.holds(one)]
        stale = sorted(set(self.record) - {one["path"] for one in entries}) if self.source else []
        if self.module.params["verify"]:
            self.bad += [{"path": one["path"], "why": self.why_bad(one)} for one in lacking]
            self.forget(lacking)
        else:
            self.make_room(entries, lacking, stale)
            for one in lacking:
                self.lay(one)
        if self.bad:
            self.fail()
        changed = self.publish(entries, stale) or bool(lacking)
        if not entries and not self.source:
            note = "the site file names no bundle, so the repository has no file: its list is empty and valid"
            self.module.exit_json(changed=changed and not self.module.params["verify"], copied=[], removed=[], hashed=0, sample=[], msg=note)
        told = f"{len(entries)} files, {manifest.gib(sum(one['size'] for one in entries))}, {self.hashed} of them read and hashed"
        self.module.exit_json(
            changed=changed and not self.module.params["verify"],
            copied=[one["path"] for one in lacking],
            removed=stale,
            hashed=self.hashed,
            sample=sorted(entries, key=lambda one: (one["size"], one["path"]))[:3],
            msg=f"{len(lacking)} files laid in, {len(stale)} removed: {told}" if lacking or stale else f"as wanted: {told}",
        )

    def fill_sizes(self, entries: list[dict]) -> None:
        """SHA256SUMS has no sizes; the files themselves have."""
        for one in entries:
            if one["size"] is None:
                path = os.path.join(self.source or self.root, one["path"])
                one["size"] = os.path.getsize(path) if os.path.isfile(path) else 0

    def holds(self, wanted: dict) -> bool:
        """Say whether the file lies there with the wanted hash; it is read only when it changed since the last look."""
        path = os.path.join(self.root, wanted["path"])
        if os.path.islink(path) or not os.path.isfile(path):
            return False
        seen = os.stat(path)
        if seen.st_size != wanted["size"]:
            return False
        look = [seen.st_size, seen.st_mtime_ns]
        known = self.record.get(wanted["path"])
        if known is not None and known[:2] == look and not self.module.params["verify"]:
            return known[2] == wanted["sha256"]
        self.hashed += 1
        sha256 = manifest.hash_file(path)
        self.record[wanted["path"]] = [*look, sha256]
        return sha256 == wanted["sha256"]

    def why_bad(self, wanted: dict) -> str:
        path = os.path.join(self.root, wanted["path"])
        if not os.path.exists(path):
            return "is missing"
        size = os.path.getsize(path)
        return f"is corrupted: {size} bytes instead of {wanted['size']}" if size != wanted["size"] else "is corrupted: its SHA-256 is another one"

    def make_room(self, entries: list[dict], lacking: list[dict], stale: list[str]) -> None:
        """Refuse before the first byte is written where quota or disk would not do."""
        params, held = self.module.params, {one["path"] for one in entries}
        wanted = sum(one["size"] for one in entries)
        others = sum(size for path, size in self.present() if path not in held and path not in stale)
        quota = int(params["quota_gib"] * (1 << 30))
        if wanted + others > quota:
            beside = f" beside {manifest.gib(others)} of files that others put there" if others else ""
            self.module.fail_json(
                code="REPOSITORY_QUOTA",
                needed_bytes=wanted + others,
                quota_bytes=quota,
                msg=f"The repository needs {manifest.gib(wanted)}{beside}, and its quota is {manifest.gib(quota)}: nothing was copied.",
            )
        needed = sum(one["size"] for one in lacking) + int(params["reserve_gib"] * (1 << 30)) if lacking else 0
        disk = os.statvfs(nearest(self.root))
        free = disk.f_bavail * disk.f_frsize
        if needed > free:
            self.module.fail_json(
                code="REPOSITORY_DISK_FULL",
                needed_bytes=needed,
                free_bytes=free,
                msg=f"The disk of the deployment VM has {manifest.gib(free)} free, and the repository needs {manifest.gib(needed)} more "
                f"({manifest.gib(int(params['reserve_gib'] * (1 << 30)))} of it stay free): nothing was copied.",
            )

    def present(self):
        for folder, _, names in os.walk(self.root):
            for name in names:
                path = os.path.join(folder, name)
                relative = os.path.relpath(path, self.root)
                if relative not in manifest.NAMES and not name.startswith(".bringup-"):
                    yield relative, os.lstat(path).st_size

    def lay(self, wanted: dict) -> None:
        """Copy one file beside its place, hash it on the way, and put it there only when it is right."""
        if not self.source:
            self.bad.append({"path": wanted["path"], "why": self.why_bad(wanted)})
            return
        origin = os.path.join(self.source, wanted["path"])
        if not os.path.isfile(origin):
            self.bad.append({"path": wanted["path"], "why": f"is missing in {self.source}"})
            return
        size = os.path.getsize(origin)
        if size != wanted["size"]:
            self.bad.append({"path": wanted["path"], "why": f"is corrupted in {self.source}: {size} bytes instead of {wanted['size']}"})
            return
        if self.dry:
            return
        target = os.path.join(self.root, wanted["path"])
        make_folders(self.root, os.path.dirname(wanted["path"]))
        handle, name = tempfile.mkstemp(dir=os.path.dirname(target), prefix=".bringup-")
        try:
            with os.fdopen(handle, "wb") as copy:
                sha256 = manifest.hash_file(origin, copy)
                os.fchmod(copy.fileno(), 0o644)
            self.hashed += 1
            if sha256 != wanted["sha256"]:
                self.bad.append({"path": wanted["path"], "why": f"is corrupted in {self.source}: its SHA-256 is {sha256}"})
                return
            os.replace(name, target)
            seen = os.stat(target)
            self.record[wanted["path"]] = [seen.st_size, seen.st_mtime_ns, sha256]
        finally:
            if os.path.exists(name):
                os.unlink(name)

    def publish(self, entries: list[dict], stale: list[str]) -> bool:
        """Write the manifest that clients read, drop what went, and keep the record; says whether anything changed."""
        if self.module.params["verify"]:
            return False
        texts = {"contents.json": manifest.write_json(entries)}
        texts["SHA256SUMS"] = "".join(f"{one['sha256']}  {one['path']}\n" for one in sorted(entries, key=lambda one: one["path"]))
        differing = {name: text for name, text in texts.items() if read_text(os.path.join(self.root, name)) != text}
        if self.dry:
            return bool(differing or stale)
        make_folders(self.root, "")
        for name, text in differing.items():
            write_whole(os.path.join(self.root, name), text)
        for path in stale:
            self.record.pop(path)
            if os.path.isfile(os.path.join(self.root, path)):
                os.unlink(os.path.join(self.root, path))
        record = json.dumps(self.record, indent=1, sort_keys=True)
        if read_text(self.module.params["record"]) != record:
            os.makedirs(os.path.dirname(self.module.params["record"]), exist_ok=True)
            write_whole(self.module.params["record"], record)
        return bool(differing or stale)

    def forget(self, lacking: list[dict]) -> None:
        """A file that went bad without a trace in size and time is looked at anew by the next run."""
        known = [one["path"] for one in lacking if one["path"] in self.record]
        if known and not self.module.check_mode:
            for path in known:
                self.record[path] = [*self.record[path][:2], ""]
            write_whole(self.module.params["record"], json.dumps(self.record, indent=1, sort_keys=True))

    def read_record(self) -> dict[str, list]:
        try:
            record = json.loads(read_text(self.module.params["record"]) or "{}")
            return {path: look for path, look in record.items() if len(look) == 3}
        except (ValueError, AttributeError, TypeError):
            return {}

    def fail(self) -> None:
        missing = all("is missing" in one["why"] for one in self.bad)
        shown = "; ".join(f"{one['path']} {one['why']}" for one in self.bad[:SHOWN])
        more = f"; and {len(self.bad) - SHOWN} more" if len(self.bad) > SHOWN else ""
        self.module.fail_json(code="REPOSITORY_MISSING" if missing else "REPOSITORY_CORRUPT", bad=self.bad, msg=f"The repository is not whole: {shown}{more}.")


def nearest(path: str) -> str:
    """The folder itself or the nearest above that exists."""
    while not os.path.isdir(path):
        path = os.path.dirname(path)
    return path


def make_folders(root: str, below: str) -> None:
    """Folders that the web server may enter, whatever mask this process has; what stands in the way is named by the error."""
    path = root
    os.makedirs(root, exist_ok=True)
    for step in ["", *filter(None, below.split("/"))]:
        path = os.path.join(path, step) if step else path
        if not os.path.isdir(path):
            os.mkdir(path)
        if os.stat(path).st_mode & 0o777 != 0o755:
            os.chmod(path, 0o755)


def read_text(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8") as source:
            return source.read()
    except (OSError, UnicodeDecodeError):
        return None


if __name__ == "__main__":
    main()
