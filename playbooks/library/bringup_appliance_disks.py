#!/usr/bin/python3
"""Makes the disks of an appliance from the image its maker gives: qcow2 files, or an OVA with any number of disks."""

from __future__ import annotations

import json
import os
import subprocess
import tarfile

from ansible.module_utils import bringup_ova
from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: bringup_appliance_disks
short_description: Make the disks of an appliance from its image
description:
  - Looks whether the machine has room for it first. Every disk is written beside its place and moved there whole.
  - The images keep their size; a disk grows only as the appliance fills it.
options:
  images: {description: "The image, as qcow2 or OVA; further qcow2 images are further disks.", type: list, elements: path, required: true}
  prefix: {description: "The disks are named by it, with -1.qcow2, -2.qcow2 and so on.", type: path, required: true}
  memory_mib: {description: Memory that the VM will take., type: int, required: true}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_appliance_disks: {images: [/srv/ome.qcow2], prefix: /srv/plant-7.ome, memory_mib: 19456}
"""
RETURN = r"""
disks: {description: Paths of the disks in their order., type: list, elements: str, returned: success}
"""

# Less than this stays free beside the disks and the VM.
SPARE_BYTES, SPARE_MIB = 1 << 30, 512
# Less than this is full: no tool gets on with it.
FULL_BYTES = 1 << 20
ZIP = b"PK\x03\x04"


class Unfit(Exception):
    """The image cannot become a disk."""


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "images": {"type": "list", "elements": "path", "required": True},
            "prefix": {"type": "path", "required": True},
            "memory_mib": {"type": "int", "required": True},
        },
        supports_check_mode=True,
    )
    params = module.params
    try:
        sources = [source for image in params["images"] for source in sources_in(image)]
    except Unfit as error:
        module.fail_json(code="OME_IMAGE_FORMAT", msg=f"{error}")
    disks = [f"{params['prefix']}-{number}.qcow2" for number in range(1, len(sources) + 1)]
    refuse_without_room(module, sum(source["bytes"] for source in sources))
    if not module.check_mode:
        os.makedirs(os.path.dirname(params["prefix"]), exist_ok=True)
        for source, disk in zip(sources, disks):
            write_disk(module, source["node"], disk)
    module.exit_json(changed=True, disks=disks, msg=f"{len(disks)} disk{'' if len(disks) == 1 else 's'} made from {', '.join(map(os.path.basename, params['images']))}.")


def sources_in(path: str) -> list[dict]:
    """The disks in an image, each as qemu-img reads it and with the bytes that it fills."""
    name = os.path.basename(path)
    if not os.path.isfile(path):
        raise Unfit(f"The image {name} is not on this machine.")
    if tarfile.is_tarfile(path):
        return disks_of_ova(path)
    if starts_with(path, ZIP):
        raise Unfit(f"{name} is a zip archive. Unpack it, and name the qcow2 file in it as the image, with its own SHA-256.")
    return [qcow2(path)]


def starts_with(path: str, magic: bytes) -> bool:
    with open(path, "rb") as source:
        return source.read(len(magic)) == magic


def qcow2(path: str) -> dict:
    name = os.path.basename(path)
    about = describe(path)
    if about.get("format") != "qcow2":
        raise Unfit(f"{name} is neither a qcow2 image nor an OVA: qemu-img takes it for {about.get('format', 'nothing it knows')}.")
    outside = about.get("backing-filename") or about.get("format-specific", {}).get("data", {}).get("data-file")
    if outside:
        raise Unfit(f"{name} is not whole: part of it is in another file, {outside}. Make one of both with: qemu-img convert -O qcow2")
    return {"node": path, "bytes": about["actual-size"]}


def describe(path: str) -> dict:
    # Nothing outside the file is opened, whatever it names.
    done = subprocess.run(["qemu-img", "info", "--output=json", path], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Unfit(f"{os.path.basename(path)} cannot be read as an image: {done.stderr.strip()}")
    return json.loads(done.stdout)


def disks_of_ova(path: str) -> list[dict]:
    """In the order of the descriptor; the checksum of the whole was compared before it came here."""
    name = os.path.basename(path)
    try:
        with tarfile.open(path, "r:") as archive:
            members = {info.name: info for info in archive if info.isreg()}
            descriptors = [member for member in members if member.endswith(".ovf")]
            if len(descriptors) != 1:
                raise Unfit(f"{name} is an archive without one OVF descriptor, so it is no OVA. Unpack it, and name the qcow2 file or the OVA in it.")
            descriptor = bringup_ova.parse_descriptor(archive.extractfile(descriptors[0]).read(bringup_ova.SMALL_FILE_BYTES + 1))
    except (tarfile.ReadError, bringup_ova.OvaUnreadable) as error:
        raise Unfit(f"The OVA {name} cannot be read: {error}") from error
    files = {file.get("id"): file.get("href") for file in descriptor.files}
    found = []
    for disk in descriptor.disks:
        member = members.get(files.get(disk.get("fileRef")))
        if member is None:
            raise Unfit(f"The OVA {name} lacks the file of its disk {disk.get('diskId', '')}; one that it would start empty with is not made.")
        found.append({"node": f"json:{json.dumps(inside(path, member))}", "bytes": member.size})
    if not found:
        raise Unfit(f"The OVA {name} has no disk.")
    return found


def inside(path: str, member: tarfile.TarInfo) -> dict:
    """The disk where it lies in the archive: no second copy of it is needed."""
    place = {"driver": "raw", "offset": member.offset_data, "size": member.size, "file": {"driver": "file", "filename": path}}
    return {"driver": "qcow2" if member.name.endswith(".qcow2") else "vmdk", "file": place}


def refuse_without_room(module: AnsibleModule, wanted: int) -> None:
    folder = os.path.dirname(module.params["prefix"])
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    free = free_bytes(folder)
    if free < wanted + SPARE_BYTES:
        module.fail_json(
            code="OME_APPLIANCE_DISK_FULL",
            msg=f"The disks of the appliance take {gib(wanted)} GiB to begin with, and {folder} on the KVM host has {gib(free)} GiB free.",
        )
    memory = available_mib()
    if memory < module.params["memory_mib"] + SPARE_MIB:
        module.fail_json(
            code="OME_APPLIANCE_MEMORY",
            msg=f"The appliance is to get {module.params['memory_mib']} MiB of memory, and the KVM host has {memory} MiB free.",
        )


def free_bytes(folder: str) -> int:
    space = os.statvfs(folder)
    return space.f_bavail * space.f_frsize


def available_mib() -> int:
    with open("/proc/meminfo", encoding="ascii") as source:
        return next(int(line.split()[1]) for line in source if line.startswith("MemAvailable:")) // 1024


def gib(size: int) -> str:
    return f"{size / (1 << 30):.1f}"


def write_disk(module: AnsibleModule, node: str, disk: str) -> None:
    partial = f"{disk}.part"
    done = subprocess.run(["qemu-img", "convert", "-W", "-m", "4", "-O", "qcow2", node, partial], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        # qemu-img calls a full disk "Invalid argument"; what it wrote is still there, so the disk can be asked.
        full = free_bytes(os.path.dirname(disk)) < FULL_BYTES
        if os.path.exists(partial):
            os.remove(partial)
        if full:
            module.fail_json(code="OME_APPLIANCE_DISK_FULL", msg=f"There is no space left on the KVM host for the disk {disk}.")
        module.fail_json(code="OME_IMAGE_FORMAT", msg=f"The disk {disk} could not be made from the image: {done.stderr.strip()}")
    os.chmod(partial, 0o600)
    os.replace(partial, disk)


if __name__ == "__main__":
    main()
