#!/usr/bin/python3
"""Fetches a firmware catalogue as OpenManage Enterprise will, and says whether that has to read it anew."""

from __future__ import annotations

import gzip
import hashlib
import http.client
import os
import re
import ssl
import urllib.error
import urllib.parse
import urllib.request

from ansible.module_utils import bringup_ome as ome
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_certificate import certificate_error, certificate_fault, place_of

DOCUMENTATION = r"""
module: bringup_fw_catalog
short_description: See whether a firmware catalogue is there and whether OpenManage Enterprise has read this very one
description:
  - ome_firmware_catalog compares settings, not what they lead to. C(description) changes with the file, and after a reading that
    failed, so that the module has the catalogue read anew exactly then.
options:
  url: {description: Where the catalogue is., type: str, required: true}
  name: {description: What it is called in OpenManage Enterprise., type: str, required: true}
  stamp: {description: Something that differs between attempts., type: str, required: true}
  cas: {description: "Files with CAs to trust beside those of this machine, where they are there.", type: list, elements: path, default: []}
extends_documentation_fragment: [bringup_ome]
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_fw_catalog: {url: "https://10.20.0.10/firmware/Catalog.xml.gz", name: Bringup plant-7, stamp: run-1/1, hostname: h, username: u, password: p, ca_path: /c}
"""
RETURN = r"""
description: {description: Description to give it in OpenManage Enterprise., type: str, returned: success}
type: {description: "Repository type: HTTP or HTTPS.", type: str, returned: success}
source: {description: Host and port., type: str, returned: success}
path: {description: Folder., type: str, returned: success}
file: {description: Name of the file., type: str, returned: success}
release: {description: Version of the catalogue., type: str, returned: success}
known: {description: Whether OpenManage Enterprise has a catalogue of this name., type: bool, returned: success}
task: {description: Job that reads it right now; 0 where none does., type: int, returned: success}
"""
MOST_BYTES = 256 << 20
RUNNING = "Running"


class CatalogError(Exception):
    """What is wrong, with its stable code."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def main() -> None:
    extra = {name: {"type": "str", "required": True} for name in ("url", "name", "stamp")}
    module = AnsibleModule(argument_spec={**ome.ome_arguments(), **extra, "cas": {"type": "list", "elements": "path", "default": []}}, supports_check_mode=True)
    params = module.params
    url = urllib.parse.urlsplit(params["url"])
    try:
        data = fetch(params["url"], params["cas"])
        release = release_of(params["url"], data)
        with ome.Ome(params) as appliance:
            known = next((one for one in appliance.members("UpdateService/Catalogs") if (one.get("Repository") or {}).get("Name") == params["name"]), None)
    except (CatalogError, ome.OmeError) as error:
        module.fail_json(code=error.code, msg=f"{error}.")
    folder, _, file = url.path.lstrip("/").rpartition("/")
    module.exit_json(
        changed=False, type=url.scheme.upper(), source=url.netloc, path=folder, file=file, release=release,
        description=description(hashlib.sha256(data).hexdigest(), known, params["stamp"]),
        known=known is not None,
        task=known["TaskId"] if known and known.get("Status") == RUNNING else 0,
        msg=f"The catalogue {params['url']} is there, release {release}.",
    )


def description(digest: str, known: dict | None, stamp: str) -> str:
    wanted = f"SHA-256 {digest}"
    had = str(((known or {}).get("Repository") or {}).get("Description") or "")
    if had.startswith(wanted):
        return had if known["Status"] in ("Completed", RUNNING) else f"{wanted}, read anew by {stamp}"
    return wanted


def fetch(url: str, cas: list[str]) -> bytes:
    context = ssl.create_default_context()
    for path in cas:
        if os.path.exists(path):
            context.load_verify_locations(path)
    try:
        with urllib.request.urlopen(url, timeout=60, context=context) as answer:
            data = answer.read(MOST_BYTES + 1)
            if answer.length and len(data) <= MOST_BYTES:
                raise http.client.IncompleteRead(b"", answer.length)
    except urllib.error.HTTPError as error:
        raise CatalogError("FIRMWARE_CATALOG_MISSING", f"The firmware catalogue is not at {url}: HTTP {error.code}") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        if (refused := certificate_error(error)) is not None:
            place = urllib.parse.urlsplit(url)
            code, text = certificate_fault(place_of(place.hostname, place.port, place.scheme), refused)
            raise CatalogError(code, f"The firmware catalogue {url} cannot be fetched: {text}") from error
        raise CatalogError("FIRMWARE_CATALOG_UNREACHABLE", f"The firmware catalogue {url} cannot be fetched: {getattr(error, 'reason', None) or error}") from error
    if len(data) > MOST_BYTES:
        raise CatalogError("FIRMWARE_CATALOG_INVALID", f"{url} is larger than a firmware catalogue can be")
    return data


def release_of(url: str, data: bytes) -> str:
    try:
        text = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    except (OSError, EOFError) as error:
        raise CatalogError("FIRMWARE_CATALOG_INVALID", f"{url} is no firmware catalogue: {error}") from error
    # Dell's own is UTF-16.
    head = text[:20000].decode("utf-16" if text[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", errors="replace")
    found = re.search(r"<Manifest\b[^>]*?\bversion=\"([^\"]*)\"", head)
    if "<Manifest" not in head:
        raise CatalogError("FIRMWARE_CATALOG_INVALID", f"{url} is no firmware catalogue: it has no Manifest")
    return found.group(1) if found else "unknown"


if __name__ == "__main__":
    main()
