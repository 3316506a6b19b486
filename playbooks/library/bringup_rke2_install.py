#!/usr/bin/python3
"""Brings the RKE2 artifacts onto a server, compares each with its hash there, and installs the program once."""

from __future__ import annotations

import errno
import http.client
import json
import os
import ssl
import subprocess
import urllib.parse

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_certificate import certificate_fault, place_of
from ansible.module_utils.bringup_rke2_release import TARBALL, FileFault, compare, hash_of

DOCUMENTATION = r"""
module: bringup_rke2_install
short_description: Fetch, check and install the RKE2 artifacts on a server
description:
  - Fetches over HTTPS what is not there yet; without C(url) the files were laid into their places before.
  - Runs install.sh of the release with INSTALL_RKE2_ARTIFACT_PATH and INSTALL_RKE2_TYPE. Starts and enables nothing.
  - What was checked is not read again as long as its size and time stay the same.
options:
  kind: {description: server or agent., type: str, choices: [server, agent], required: true}
  files: {description: "name, sha256, size, images; from bringup_rke2_artifacts.", type: list, elements: dict, required: true}
  folder: {description: Where the tarball and the script are kept., type: path, required: true}
  images: {description: Where the archives of images belong., type: path, default: /var/lib/rancher/rke2/agent/images}
  url: {description: Where the files are served; empty where they were copied., type: str, default: ""}
  ca: {description: CA of that server as PEM., type: str, default: ""}
  version: {description: The version wanted; empty for whatever the artifacts are., type: str, default: ""}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_rke2_install: {kind: server, files: "{{ artifacts.files }}", folder: /var/lib/bringup/rke2, url: "https://10.20.0.10/rke2/"}
"""
RETURN = r"""
fetched: {description: Files that were fetched., type: list, elements: str, returned: always}
installed: {description: Whether the script was run., type: bool, returned: always}
version: {description: What the program says it is., type: str, returned: success}
"""
PROGRAM = "/usr/local/bin/rke2"
# Of the disk of this server, not of the way to the repository.
OWN_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "kind": {"type": "str", "choices": ["server", "agent"], "required": True},
            "files": {"type": "list", "elements": "dict", "required": True},
            "folder": {"type": "path", "required": True},
            "images": {"type": "path", "default": "/var/lib/rancher/rke2/agent/images"},
            "url": {"type": "str", "default": ""},
            "ca": {"type": "str", "default": ""},
            "version": {"type": "str", "default": ""},
        },
        supports_check_mode=True,
    )
    params = module.params
    note = os.path.join(params["folder"], "installed.json")
    known = read_note(note)
    try:
        fetched = [one["name"] for one in params["files"] if settle(one, params, known, module.check_mode)]
        stale = known.get("installed") != wanted_program(params) or not os.path.exists(find_program())
        if stale and not module.check_mode:
            install(params)
            known["installed"] = wanted_program(params)
        version = "" if module.check_mode and stale else program_version()
        if params["version"] and version and version != params["version"]:
            raise FileFault("RKE2_VERSION", f"The artifacts are RKE2 {version}, and parameters.rke2.version wants {params['version']}.")
    except FileFault as error:
        module.fail_json(code=error.code, msg=str(error))
    except OSError as error:
        module.fail_json(code="RKE2_FILES", msg=f"The artifacts cannot be kept on this server: {error}.")
    finally:
        if not module.check_mode and os.path.isdir(params["folder"]):
            write_note(note, known)
    told = [f"fetched {name}" for name in fetched] + (["installed"] if stale else [])
    module.exit_json(changed=bool(told), fetched=fetched, installed=stale, version=version, msg=", ".join(told) or f"RKE2 {version} is there")


def wanted_program(params: dict) -> dict:
    return {"kind": params["kind"], "sha256": next(one["sha256"] for one in params["files"] if one["name"] == TARBALL)}


def settle(one: dict, params: dict, known: dict, dry: bool) -> bool:
    """Have one file in its place with the right hash; whether it had to be fetched."""
    folder = params["images"] if one["images"] else params["folder"]
    path, checked = os.path.join(folder, one["name"]), known.setdefault("checked", {})
    try:
        held = os.stat(path)
        mark = [one["sha256"], held.st_size, held.st_mtime_ns]
        if checked.get(path) == mark:
            return False
        with open(path, "rb") as source:
            seen, _ = hash_of(source)
        if seen == one["sha256"]:
            checked[path] = mark
            return False
        if not params["url"]:
            compare(one["name"], folder, seen, one["sha256"])
    except FileNotFoundError:
        if not params["url"] and not dry:
            raise
    if not dry:
        os.makedirs(folder, mode=0o755, exist_ok=True)
        fetch(one, path, params)
        held = os.stat(path)
        checked[path] = [one["sha256"], held.st_size, held.st_mtime_ns]
    return True


def fetch(one: dict, path: str, params: dict) -> None:
    """It takes its place only when it is whole and right."""
    place = urllib.parse.urlsplit(params["url"])
    secure, where = place.scheme == "https", place_of(place.hostname, place.port, place.scheme)
    try:
        if secure:
            context = ssl.create_default_context(cadata=params["ca"] or None)
            connection = http.client.HTTPSConnection(place.hostname, place.port or 443, timeout=60, context=context)
        else:
            connection = http.client.HTTPConnection(place.hostname, place.port or 80, timeout=60)
        connection.request("GET", f"{place.path.rstrip('/')}/{urllib.parse.quote(one['name'])}")
        answer = connection.getresponse()
        if answer.status != 200:
            raise FileFault("RKE2_ARTIFACTS", f"{params['url']}{one['name']} answers HTTP {answer.status}, wanted 200.")
        with open(f"{path}.part", "wb") as target:
            while chunk := answer.read(1 << 20):
                target.write(chunk)
            # A power cut after the file has its name must not leave another content behind it.
            target.flush()
            os.fsync(target.fileno())
        if answer.length:
            raise http.client.IncompleteRead(b"", answer.length)
    except ssl.SSLCertVerificationError as error:
        code, text = certificate_fault(where, error)
        raise FileFault(code, f"{text}.") from error
    except (OSError, http.client.HTTPException) as error:
        if isinstance(error, OSError) and (error.errno in OWN_DISK or error.filename is not None):
            raise
        raise FileFault("REPOSITORY_UNREACHABLE", f"the repository at {where} gives no answer: {error or type(error).__name__}.") from error
    with open(f"{path}.part", "rb") as source:
        seen, _ = hash_of(source)
    try:
        compare(one["name"], params["url"], seen, one["sha256"])
    except FileFault:
        os.unlink(f"{path}.part")
        raise
    os.replace(f"{path}.part", path)


def install(params: dict) -> None:
    env = {**os.environ, "INSTALL_RKE2_ARTIFACT_PATH": params["folder"], "INSTALL_RKE2_TYPE": params["kind"], "INSTALL_RKE2_METHOD": "tar"}
    done = subprocess.run(["sh", os.path.join(params["folder"], "install.sh")], env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise FileFault("RKE2_INSTALL", f"install.sh failed: {(done.stderr or done.stdout).strip()[-600:]}")


def find_program() -> str:
    # The script takes /opt/rke2 where /usr/local is a mount or read-only.
    return next((path for path in (PROGRAM, "/opt/rke2/bin/rke2") if os.path.exists(path)), PROGRAM)


def program_version() -> str:
    done = subprocess.run([find_program(), "--version"], capture_output=True, text=True, check=False)
    words = done.stdout.split()
    if done.returncode != 0 or words[:2] != ["rke2", "version"]:
        raise FileFault("RKE2_INSTALL", f"{find_program()} --version fails: {(done.stderr or done.stdout).strip()[-300:]}")
    return words[2]


def read_note(path: str) -> dict:
    try:
        with open(path, encoding="utf-8") as source:
            return json.load(source)
    except (FileNotFoundError, ValueError):
        return {}


def write_note(path: str, held: dict) -> None:
    with open(f"{path}.part", "w", encoding="utf-8") as target:
        json.dump(held, target)
    os.replace(f"{path}.part", path)


if __name__ == "__main__":
    main()
