#!/usr/bin/python3
"""Builds the OVA of the deployment VM from a base image; leaves it alone while the inputs are the same."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import tempfile

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils import bringup_ova_rules, bringup_ova_write

DOCUMENTATION = r"""
module: bringup_ova_build
short_description: Build the OVA of the deployment VM
description:
  - Verifies the base image, then writes an OVA (OVF 1.x, stream-optimized disk) whose key is a hash of all inputs.
  - An OVA with the same key that is still valid is left alone; a damaged one is built again.
options:
  path: {description: The OVA to write. A file beside it keeps the key., type: path, required: true}
  base_image: {description: The qcow2 image., type: path, required: true}
  sha256: {description: SHA-256 the image must have., type: str, required: true}
  name: {description: Name of the virtual machine., type: str, required: true}
  cpus: {description: Virtual CPUs., type: int, required: true}
  memory_mib: {description: Memory in MiB., type: int, required: true}
  network: {description: Name of the network its card is connected to., type: str, required: true}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_ova_build: {path: /srv/deploy.ova, base_image: /srv/debian-12.qcow2, sha256: "...", name: deploy, cpus: 2, memory_mib: 2048, network: mgmt}
"""
RETURN = r"""
reason: {description: Why it was built or left alone., type: str, returned: success}
sha256: {description: SHA-256 of the base image., type: str, returned: success}
"""

# Less than this is full: no tool gets on with it.
FULL_BYTES = 2**20


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "path": {"type": "path", "required": True},
            "base_image": {"type": "path", "required": True},
            "sha256": {"type": "str", "required": True},
            "name": {"type": "str", "required": True},
            "cpus": {"type": "int", "required": True},
            "memory_mib": {"type": "int", "required": True},
            "network": {"type": "str", "required": True},
        },
        supports_check_mode=True,
    )
    image, out = module.params["base_image"], module.params["path"]
    vm = {name: module.params[name] for name in ("name", "cpus", "memory_mib", "network")}
    verify_image(module, image)
    key = bringup_ova_write.inputs_key({**vm, "base_image": module.params["sha256"].lower()})
    reason = reason_to_build(out, key)
    if reason is None:
        module.exit_json(changed=False, reason="the inputs are the same and the OVA is valid", sha256=module.params["sha256"])
    if not module.check_mode:
        build(module, image, out, vm, key)
    module.exit_json(changed=True, reason=reason, sha256=module.params["sha256"])


def verify_image(module: AnsibleModule, image: str) -> None:
    if not os.path.isfile(image):
        module.fail_json(code="BASE_IMAGE_MISSING", msg=f"The base image {image} is not on this machine.")
    seen = bringup_ova_write.file_sha256(image)
    if seen != module.params["sha256"].lower():
        module.fail_json(
            code="BASE_IMAGE_CHECKSUM",
            msg=f"The base image {image} has SHA-256 {seen}, but the site file wants {module.params['sha256']}. "
            "Either the file was damaged on its way, or deployment_vm.base_image.sha256 belongs to another image.",
        )


def reason_to_build(out: str, key: str) -> str | None:
    """Why the OVA has to be built; None when the one on disk is right."""
    try:
        with open(f"{out}.json", encoding="utf-8") as source:
            known = json.load(source).get("key")
    except (OSError, ValueError):
        known = None
    if not os.path.exists(out):
        return "there was no OVA yet"
    if known != key:
        return "the base image or the VM definition changed"
    violations = bringup_ova_rules.validate(out)
    if violations:
        return "the OVA on disk was damaged: " + "; ".join(f"{found['code']}: {found['message']}" for found in violations)
    return None


def refuse_full_disk(module: AnsibleModule, folder: str) -> None:
    module.fail_json(code="STAGE_DISK_FULL", msg=f"There is no space left on the disk of the KVM host for the OVA, in {os.path.dirname(folder)}.")


def build(module: AnsibleModule, image: str, out: str, vm: dict, key: str) -> None:
    # Parents too: what is kept for a site is root's alone.
    os.umask(0o077)
    os.makedirs(os.path.dirname(out), exist_ok=True)
    remove_leftovers(os.path.dirname(out))
    work = tempfile.mkdtemp(prefix=".ova-", dir=os.path.dirname(out))
    try:
        bringup_ova_write.write_ova(image, out, work, vm, key)
        violations = bringup_ova_rules.validate(out)
        if violations:
            module.fail_json(code=violations[0]["code"], violations=violations, msg="The OVA just built is not valid: " + violations[0]["message"])
        with open(f"{work}/key", "w", encoding="utf-8") as target:
            json.dump({"key": key, "vm": vm, "base_image": module.params["sha256"].lower()}, target)
        os.replace(f"{work}/key", f"{out}.json")
    except subprocess.CalledProcessError as error:
        # qemu-img calls a full disk "Invalid argument"; what it wrote is still there, so the disk can be asked.
        if shutil.disk_usage(work).free < FULL_BYTES:
            refuse_full_disk(module, work)
        module.fail_json(code="OVA_CONVERT", msg=f"qemu-img could not convert {image}: {error.stderr.strip() or error}")
    except OSError as error:
        if error.errno == errno.ENOSPC:
            refuse_full_disk(module, work)
        module.fail_json(code="OVA_WRITE", msg=f"The OVA could not be written: {error}")
    finally:
        shutil.rmtree(work, ignore_errors=True)


def remove_leftovers(directory: str) -> None:
    """A build that was killed leaves its working directory; the run lock of the site lets no second build be alive here."""
    for name in os.listdir(directory):
        if name.startswith(".ova-"):
            shutil.rmtree(os.path.join(directory, name), ignore_errors=True)


if __name__ == "__main__":
    main()
