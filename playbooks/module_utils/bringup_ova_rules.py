"""Every rule an OVA has to keep so that libvirt, virt-v2v, vSphere and VirtualBox read it alike."""

from __future__ import annotations

import re
import struct
import tarfile

try:
    from ansible.module_utils import bringup_ova as ova
except ImportError:
    import bringup_ova as ova

Violation = dict
SECTOR_BYTES = 512


def validate(path: str) -> list[Violation]:
    """All violations of the OVA at `path`, each `{code, message}`; empty when it is valid."""
    try:
        members, complete = ova.read_archive(path)
        found = list(_archive(members, complete))
        by_name = {member.name: member for member in members}
        descriptors = [member for member in members if member.name.endswith(".ovf")]
        if len(descriptors) != 1:
            return [*found, _violation("OVA_DESCRIPTOR_COUNT", f"the archive holds {len(descriptors)} .ovf files, wanted exactly one")]
        descriptor = ova.parse_descriptor(_small_file(path, descriptors[0]))
        found += _order(members, descriptor)
        found += _manifest(path, members)
        found += _references(descriptor, by_name)
        found += _disks(descriptor, by_name)
        found += _hardware(descriptor)
        return found
    except ova.OvaUnreadable as error:
        return [_violation(error.code, str(error))]


def _violation(code: str, message: str) -> Violation:
    return {"code": code, "message": message}


def _small_file(path: str, member: ova.Member) -> bytes:
    if member.size > ova.SMALL_FILE_BYTES:
        raise ova.OvaUnreadable("OVA_MEMBER_SIZE", f"{member.name} is {member.size} bytes, wanted at most {ova.SMALL_FILE_BYTES}")
    with tarfile.open(path, "r:") as archive:
        return archive.extractfile(member.name).read()


def _archive(members: list[ova.Member], complete: bool):
    seen = set()
    for member in members:
        if not member.ustar:
            yield _violation("OVA_NOT_USTAR", f"{member.name} has no plain USTAR header (a GNU or pax tar): importers other than tar may refuse it")
        if not member.regular or "/" in member.name or member.name in ("", ".", ".."):
            yield _violation("OVA_MEMBER_NAME", f"{member.name!r} is no plain file at the top of the archive")
        if member.name in seen:
            yield _violation("OVA_MEMBER_NAME", f"{member.name} is in the archive twice")
        seen.add(member.name)
    if not complete:
        yield _violation("OVA_TRUNCATED", "the end-of-archive marker (two zero blocks) is missing: the file may be cut off")


def _order(members: list[ova.Member], descriptor: ova.Descriptor):
    names = [member.name for member in members]
    if not names[0].endswith(".ovf"):
        yield _violation("OVA_ORDER", f"the first file is {names[0]}, wanted the .ovf descriptor")
    manifests = [index for index, name in enumerate(names) if name.endswith(".mf")]
    if manifests and manifests[0] not in (1, len(names) - 1):
        yield _violation("OVA_ORDER", f"the manifest is file {manifests[0] + 1}, wanted directly after the descriptor or last")
    files = [name for name in names if not name.endswith((".ovf", ".mf", ".cert"))]
    wanted = [entry.get("href", "") for entry in descriptor.files]
    if sorted(files) == sorted(wanted) and files != wanted:
        yield _violation("OVA_ORDER", f"the files come as {', '.join(files)}, wanted the order of References: {', '.join(wanted)}")


def _manifest(path: str, members: list[ova.Member]):
    manifests = [member for member in members if member.name.endswith(".mf")]
    if len(manifests) != 1:
        yield _violation("OVA_MANIFEST_COUNT", f"the archive holds {len(manifests)} .mf files, wanted exactly one")
        return
    digests, bad = ova.parse_manifest(_small_file(path, manifests[0]).decode("utf-8", "replace"))
    for line in bad:
        yield _violation("OVA_MANIFEST_SYNTAX", f"the manifest line {line[:120]!r} is not of the form 'SHA256(name)= hex'")
    covered = {member.name: member for member in members if not member.name.endswith((".mf", ".cert"))}
    for name in sorted(covered.keys() - digests.keys()):
        yield _violation("OVA_MANIFEST_INCOMPLETE", f"the manifest has no line for {name}")
    for name in sorted(digests.keys() - covered.keys()):
        yield _violation("OVA_MANIFEST_EXTRA", f"the manifest lists {name}, which is not in the archive")
    for name in sorted(covered.keys() & digests.keys()):
        if covered[name].sha256 != digests[name]:
            yield _violation("OVA_DIGEST", f"{name} has SHA-256 {covered[name].sha256}, the manifest says {digests[name]}: the file was changed or damaged")


def _references(descriptor: ova.Descriptor, by_name: dict[str, ova.Member]):
    referenced = set()
    for entry in descriptor.files:
        href = entry.get("href", "")
        referenced.add(href)
        if href not in by_name:
            yield _violation("OVA_FILE_MISSING", f"References names {href}, which is not in the archive")
        elif entry.get("size") != str(by_name[href].size):
            yield _violation("OVA_FILE_SIZE", f"References gives {href} a size of {entry.get('size')} bytes, it has {by_name[href].size}")
    for name in by_name:
        if not name.endswith((".ovf", ".mf", ".cert")) and name not in referenced:
            yield _violation("OVA_FILE_UNREFERENCED", f"{name} is in the archive but not in References")


def _disks(descriptor: ova.Descriptor, by_name: dict[str, ova.Member]):
    hrefs = {entry.get("id"): entry.get("href", "") for entry in descriptor.files}
    for disk in descriptor.disks:
        name = disk.get("diskId", "(without diskId)")
        if disk.get("fileRef") not in hrefs:
            yield _violation("OVA_DISK_FILE", f"disk {name} refers to file {disk.get('fileRef')}, which References does not have")
        if disk.get("format") != ova.STREAM_OPTIMIZED:
            yield _violation("OVA_DISK_FORMAT", f"disk {name} has format {disk.get('format')}, wanted {ova.STREAM_OPTIMIZED}")
        data = by_name.get(hrefs.get(disk.get("fileRef"), ""))
        held = _vmdk_capacity(data.head) if data else None
        if data and held is None:
            yield _violation("OVA_DISK_DATA", f"{data.name} is no stream-optimized VMDK")
        try:
            said = ova.capacity_bytes(disk)
        except ValueError as error:
            yield _violation("OVA_DISK_CAPACITY", f"disk {name} has no usable capacity: {error}")
            continue
        if held is not None and held != said:
            yield _violation("OVA_DISK_CAPACITY", f"disk {name} has a capacity of {said} bytes, its file holds {held}")


def _vmdk_capacity(head: bytes) -> int | None:
    """Bytes the disk holds, from the sparse extent header (VMware Virtual Disk Format 1.1); None when it is no stream-optimized VMDK."""
    if len(head) < SECTOR_BYTES or head[:4] != b"KDMV" or b'createType="streamOptimized"' not in head[:65536]:
        return None
    return struct.unpack_from("<Q", head, 12)[0] * SECTOR_BYTES


def _hardware(descriptor: ova.Descriptor):
    wanted = {"cpu": "processor", "memory": "memory", "scsi": "SCSI controller", "disk": "disk", "nic": "network card"}
    for kind, title in wanted.items():
        if not ova.items_of(descriptor, kind):
            yield _violation("OVA_HARDWARE_MISSING", f"the virtual hardware has no {title} (ResourceType {ova.RESOURCE_TYPES[kind]})")
    for kind in ("cpu", "memory"):
        for item in ova.items_of(descriptor, kind):
            if not re.fullmatch(r"[1-9]\d*", item.get("VirtualQuantity", "")):
                yield _violation("OVA_HARDWARE_QUANTITY", f"the {wanted[kind]} item has quantity {item.get('VirtualQuantity')!r}, wanted a positive number")
    identities = [item.get("InstanceID") for item in descriptor.items]
    for identity in sorted({str(entry) for entry in identities if identities.count(entry) > 1}):
        yield _violation("OVA_ITEM_ID", f"more than one hardware item has InstanceID {identity}")
    disks = {disk.get("diskId") for disk in descriptor.disks}
    for item in ova.items_of(descriptor, "disk"):
        if item.get("HostResource", "").rpartition("/")[2] not in disks or not item.get("HostResource", "").startswith("ovf:/disk/"):
            yield _violation("OVA_ITEM_DISK", f"a disk item points at {item.get('HostResource')}, wanted ovf:/disk/ and the diskId of a disk")
        if item.get("Parent") not in identities:
            yield _violation("OVA_ITEM_PARENT", f"a disk item hangs on controller {item.get('Parent')}, which does not exist")
    for item in ova.items_of(descriptor, "nic"):
        if item.get("Connection") not in descriptor.networks:
            yield _violation("OVA_NETWORK", f"a network card is connected to {item.get('Connection')}, which NetworkSection does not have")
