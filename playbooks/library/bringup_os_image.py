#!/usr/bin/python3
"""Reads installer images where the BMCs will read them, and compares them with what the site file says."""

from __future__ import annotations

import hashlib
import http.client
import os
import ssl
import urllib.error
import urllib.parse
import urllib.request

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_certificate import certificate_error, certificate_fault, place_of

DOCUMENTATION = r"""
module: bringup_os_image
short_description: Prove that installer images can be fetched and are the right ones
options:
  images: {description: "Images: url and, where the site file has it, sha256.", type: list, elements: dict, required: true}
  ca: {description: CA of the site; trusted beside those of this machine where the file is there., type: path, default: ""}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_os_image: {images: [{url: http://10.20.0.10/debian.iso, sha256: "ab..."}]}
"""
RETURN = r"""
bytes: {description: Bytes of each image., type: list, elements: int, returned: success}
"""
CHUNK = 1 << 20


def main() -> None:
    module = AnsibleModule(
        argument_spec={"images": {"type": "list", "elements": "dict", "required": True}, "ca": {"type": "path", "default": ""}},
        supports_check_mode=True,
    )
    context = ssl.create_default_context()
    if os.path.exists(module.params["ca"]):
        context.load_verify_locations(module.params["ca"])
    sizes = []
    for image in module.params["images"]:
        url, wanted = image["url"], str(image.get("sha256") or "")
        try:
            size, sha256 = fetch(url, context, whole=bool(wanted))
        except (OSError, http.client.HTTPException, ValueError) as error:
            if (refused := certificate_error(error)) is not None:
                place = urllib.parse.urlsplit(url)
                code, text = certificate_fault(place_of(place.hostname, place.port, place.scheme), refused)
                module.fail_json(code=code, msg=f"The image {url} cannot be fetched: {text}; no server was touched.")
            said = f"HTTP {error.code} {error.reason}" if isinstance(error, urllib.error.HTTPError) else getattr(error, "reason", None) or error
            module.fail_json(code="OS_IMAGE_MISSING", msg=f"The image {url} cannot be fetched from the deployment VM ({said}); no server was touched.")
        if wanted and sha256 != wanted.lower():
            module.fail_json(code="OS_IMAGE_CHANGED", msg=f"The image {url} is not the one that the site file means: its SHA-256 is {sha256}, wanted {wanted.lower()}; no server was touched.")
        sizes.append(size)
    module.exit_json(changed=False, bytes=sizes, msg=f"{len(sizes)} images can be fetched, {sum(sizes)} bytes")


def fetch(url: str, context: ssl.SSLContext, *, whole: bool) -> tuple[int, str]:
    """Bytes and SHA-256; without `whole` only the beginning is read."""
    digest, size = hashlib.sha256(), 0
    # The site is reached directly, whatever proxy this machine may know.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    with opener.open(url, timeout=60) as answer:
        length = int(answer.headers.get("Content-Length") or 0)
        while piece := answer.read(CHUNK):
            digest.update(piece)
            size += len(piece)
            if not whole:
                return length or size, ""
    if length and size != length:
        raise http.client.IncompleteRead(b"", length - size)
    return size, digest.hexdigest()


if __name__ == "__main__":
    main()
