#!/usr/bin/python3
"""Makes a VM's disk from an OVA and reads the hardware its descriptor asks for."""

from __future__ import annotations

import json
import os
import subprocess
import tarfile

from ansible.module_utils import bringup_ova
from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: bringup_ova_import
short_description: Make a VM's disk from an OVA
description: Converts the OVA's disk to qcow2 in one go, resized, and returns the hardware of the descriptor.
options:
  path: {description: The OVA., type: path, required: true}
  disk: {description: The qcow2 file to write; nothing is written without it., type: path}
  disk_gib: {description: Size the disk gets., type: int}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_ova_import: {path: /srv/deploy.ova, disk: /srv/deploy.qcow2, disk_gib: 20}
"""
RETURN = r"""
hardware: {description: "cpus, memory_mib, networks.", type: dict, returned: success}
"""


def main() -> None:
    module = AnsibleModule(
        argument_spec={"path": {"type": "path", "required": True}, "disk": {"type": "path"}, "disk_gib": {"type": "int"}},
        required_together=[("disk", "disk_gib")],
        supports_check_mode=True,
    )
    path, disk = module.params["path"], module.params["disk"]
    with tarfile.open(path, "r:") as archive:
        members = {info.name: info for info in archive}
        text = archive.extractfile(next(name for name in members if name.endswith(".ovf"))).read()
    descriptor = bringup_ova.parse_descriptor(text)
    if disk and not module.check_mode:
        source = members[descriptor.files[0]["href"]]
        write_disk(module, path, source, disk, module.params["disk_gib"], bringup_ova.capacity_bytes(descriptor.disks[0]))
    hardware = {
        "cpus": int(bringup_ova.items_of(descriptor, "cpu")[0]["VirtualQuantity"]),
        "memory_mib": int(bringup_ova.items_of(descriptor, "memory")[0]["VirtualQuantity"]),
        "networks": [item["Connection"] for item in bringup_ova.items_of(descriptor, "nic")],
    }
    module.exit_json(changed=bool(disk), hardware=hardware)


def write_disk(module: AnsibleModule, path: str, source: tarfile.TarInfo, disk: str, disk_gib: int, capacity: int) -> None:
    if capacity > disk_gib << 30:
        module.fail_json(
            code="VM_DISK_TOO_SMALL",
            msg=f"deployment_vm.disk_gib is {disk_gib}, the base image needs at least {-(-capacity >> 30)} GiB.",
        )
    # qemu-img reads the disk where it lies in the archive: no second copy of it is needed.
    inside = {
        "driver": "vmdk",
        "file": {"driver": "raw", "offset": source.offset_data, "size": source.size, "file": {"driver": "file", "filename": path}},
    }
    partial = f"{disk}.part"
    try:
        run("qemu-img", "convert", "-W", "-m", "4", "-O", "qcow2", f"json:{json.dumps(inside)}", partial)
        run("qemu-img", "resize", "-q", partial, f"{disk_gib}G")
        os.chmod(partial, 0o600)
        os.replace(partial, disk)
    except subprocess.CalledProcessError as error:
        if os.path.exists(partial):
            os.remove(partial)
        module.fail_json(code="VM_DISK_WRITE", msg=f"The VM's disk {disk} could not be written: {error.stderr.strip()}")


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)


if __name__ == "__main__":
    main()
