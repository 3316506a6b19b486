#!/usr/bin/python3
"""Checks the RKE2 artifacts of the bundle before any server is touched, and says which files a server needs."""

from __future__ import annotations

import os

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_rke2_release import SCRIPT, SUMS, TARBALL, FileFault, compare, hash_of, read_sums, wanted_images

DOCUMENTATION = r"""
module: bringup_rke2_artifacts
short_description: Check a folder with an RKE2 release for an installation without internet
options:
  folder: {description: "Folder with rke2.linux-amd64.tar.gz, the archives of images, sha256sum-amd64.txt and install.sh.", type: path, required: true}
  cni: {description: "canal, calico, cilium, flannel or none.", type: str, default: canal}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_rke2_artifacts: {folder: /srv/repository/rke2, cni: cilium}
"""
RETURN = r"""
files: {description: "Files that a server needs: name, sha256, size, images (whether it is an archive of images).", type: list, elements: dict, returned: success}
"""


def main() -> None:
    module = AnsibleModule(
        argument_spec={"folder": {"type": "path", "required": True}, "cni": {"type": "str", "default": "canal"}}, supports_check_mode=True
    )
    folder = module.params["folder"]
    try:
        files = check(folder, module.params["cni"])
    except FileFault as error:
        module.fail_json(code=error.code, msg=str(error))
    except OSError as error:
        module.fail_json(code="RKE2_ARTIFACTS", msg=f"The RKE2 artifacts in {folder} cannot be read: {error.strerror}.")
    size = sum(one["size"] for one in files)
    module.exit_json(changed=False, files=files, size_mib=size >> 20, msg=f"{len(files)} files in {folder} are whole, {size} bytes")


def check(folder: str, cni: str) -> list[dict]:
    for name in (SUMS, TARBALL, SCRIPT):
        if not os.path.isfile(os.path.join(folder, name)):
            raise FileFault("RKE2_ARTIFACTS", f"{name} is not in {folder}: an RKE2 release for amd64 with install.sh is wanted there.")
    with open(os.path.join(folder, SUMS), encoding="utf-8") as source:
        sums = read_sums(source.read(), folder)
    images = wanted_images(sums, cni, folder)
    found = []
    for name in [TARBALL, *images, SUMS, SCRIPT]:
        try:
            with open(os.path.join(folder, name), "rb") as source:
                seen, size = hash_of(source)
        except FileNotFoundError as error:
            raise FileFault("RKE2_ARTIFACTS", f"{name} is not in {folder}, though {SUMS} names it.") from error
        # A release has no hash of its own list and of the script; servers get them as they are here.
        compare(name, folder, seen, sums.get(name, seen))
        found.append({"name": name, "sha256": seen, "size": size, "images": name in images})
    return found


if __name__ == "__main__":
    main()
