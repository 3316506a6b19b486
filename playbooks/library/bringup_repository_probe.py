#!/usr/bin/python3
"""Fetches files from the repository as its clients do, with nothing but Python's standard library."""

from __future__ import annotations

import hashlib
import http.client
import socket
import ssl
import time
import urllib.parse

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_certificate import certificate_fault, place_of

DOCUMENTATION = r"""
module: bringup_repository_probe
short_description: Fetch files from the repository over HTTPS or HTTP and compare their hashes
description:
  - Trusts the CA given and no other. Needs no program but Python, and no name server where the URL holds an address.
  - Without files it asks for the URL itself and takes any answer that is not an error of the server.
options:
  url: {description: Where the repository is., type: str, required: true}
  ca: {description: "CA as PEM; empty means the CAs this machine trusts.", type: str, default: ""}
  files: {description: "What to fetch: path, size, sha256.", type: list, elements: dict, default: []}
  refused: {description: Paths that must not be served., type: list, elements: str, default: []}
  timeout: {description: Seconds for one answer., type: float, default: 20}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_repository_probe: {url: "https://10.20.0.10/", ca: "{{ ca }}", files: [{path: a.bin, size: 3, sha256: "..."}], refused: [""]}
"""
RETURN = r"""
fetched: {description: "Each file: path, bytes, seconds.", type: list, elements: dict, returned: success}
"""


class Refused(Exception):
    """What is wrong, with its stable code."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "url": {"type": "str", "required": True},
            "ca": {"type": "str", "default": ""},
            "files": {"type": "list", "elements": "dict", "default": []},
            "refused": {"type": "list", "elements": "str", "default": []},
            "timeout": {"type": "float", "default": 20},
        },
        supports_check_mode=True,
    )
    params = module.params
    base = urllib.parse.urlsplit(params["url"])
    fetched = []
    try:
        for wanted in params["files"]:
            fetched.append(fetch(base, wanted, params))
        for path in params["refused"]:
            status, _, _ = ask(base, path, params)
            if status < 400:
                raise Refused("REPOSITORY_OPEN", f"{params['url']}{path} is served (HTTP {status}), and must not be: a folder shows no list of its files")
        if not params["files"] and not params["refused"]:
            status, _, _ = ask(base, "", params)
            if status >= 500:
                raise Refused("REPOSITORY_ANSWER", f"{params['url']} answers HTTP {status}")
    except Refused as error:
        module.fail_json(code=error.code, msg=f"{error}.")
    size = sum(one["bytes"] for one in fetched)
    module.exit_json(changed=False, fetched=fetched, msg=f"{params['url']} gives {len(fetched)} files as the manifest says, {size} bytes")


def fetch(base, wanted: dict, params: dict) -> dict:
    """One file, compared with what the manifest says of it."""
    started = time.monotonic()
    status, digest, size = ask(base, urllib.parse.quote(wanted["path"]), params)
    place = f"{base.scheme}://{base.netloc}/{wanted['path']}"
    if status != 200:
        raise Refused("REPOSITORY_ANSWER", f"{place} answers HTTP {status}, wanted 200")
    if digest != wanted["sha256"]:
        raise Refused("REPOSITORY_CORRUPT", f"{wanted['path']} is corrupted: {place} gives {size} bytes with the SHA-256 {digest}, wanted {wanted['sha256']}")
    return {"path": wanted["path"], "bytes": size, "seconds": round(time.monotonic() - started, 3)}


def ask(base, path: str, params: dict) -> tuple[int, str, int]:
    """Status, SHA-256 and length of an answer."""
    place = place_of(base.hostname, base.port, base.scheme)
    connection = connect(base, params)
    try:
        connection.request("GET", f"{base.path.rstrip('/')}/{path}")
        answer = connection.getresponse()
        banner = answer.getheader("Server", "")
        if any(sign.isdigit() for sign in banner) and params["files"]:
            raise Refused("REPOSITORY_BANNER", f"{place} tells its version to everybody: {banner}")
        digest, size = hashlib.sha256(), 0
        while chunk := answer.read(1 << 20):
            digest.update(chunk)
            size += len(chunk)
        if answer.length:
            raise http.client.IncompleteRead(b"", answer.length)
        return answer.status, digest.hexdigest(), size
    except ssl.SSLCertVerificationError as error:
        raise Refused(*certificate_fault(place, error)) from error
    except ssl.SSLError as error:
        raise Refused("REPOSITORY_TLS", f"{place} speaks no TLS that this machine takes: {error}") from error
    except socket.gaierror as error:
        raise Refused("REPOSITORY_UNREACHABLE", f"the name {base.hostname} of the repository is not known here: {error}") from error
    except (OSError, http.client.HTTPException) as error:
        raise Refused("REPOSITORY_UNREACHABLE", f"the repository at {place} gives no answer: {error or type(error).__name__}") from error
    finally:
        connection.close()


def connect(base, params: dict) -> http.client.HTTPConnection:
    if base.scheme == "http":
        return http.client.HTTPConnection(base.hostname, base.port or 80, timeout=params["timeout"])
    context = ssl.create_default_context(cadata=params["ca"] or None)
    return http.client.HTTPSConnection(base.hostname, base.port or 443, timeout=params["timeout"], context=context)


if __name__ == "__main__":
    main()
