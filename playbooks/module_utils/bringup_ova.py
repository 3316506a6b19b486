"""Reads an OVA: the tar with the digest of every member, and its OVF descriptor. Rules: DSP0243 (OVF 1.1)."""

from __future__ import annotations

import hashlib
import re
import tarfile
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field

NAMESPACES = {
    "ovf": "http://schemas.dmtf.org/ovf/envelope/1",
    "rasd": "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData",
    "vssd": "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData",
}
STREAM_OPTIMIZED = "http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized"
RESOURCE_TYPES = {"cpu": 3, "memory": 4, "scsi": 6, "nic": 10, "disk": 17}
SMALL_FILE_BYTES = 1 << 20


class OvaUnreadable(Exception):
    """The file is no OVA at all; `code` is the violation it stands for."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass
class Member:
    """One file of the archive: its size in bytes, SHA-256 in hex and first bytes."""

    name: str
    size: int
    sha256: str
    head: bytes
    ustar: bool
    regular: bool


@dataclass
class Descriptor:
    """What an OVF descriptor says, as text; nothing here is checked."""

    name: str = ""
    files: list[dict] = field(default_factory=list)
    disks: list[dict] = field(default_factory=list)
    networks: list[str] = field(default_factory=list)
    items: list[dict] = field(default_factory=list)


def read_archive(path: str) -> tuple[list[Member], bool]:
    """All members in order, and whether the end-of-archive marker is there."""
    try:
        with tarfile.open(path, "r:") as archive, open(path, "rb") as raw:
            members = [_read_member(archive, info, raw) for info in archive]
            raw.seek(archive.offset)
            return members, raw.read(1024) == bytes(1024)
    except tarfile.ReadError as error:
        code = "OVA_TRUNCATED" if "unexpected end" in str(error) else "OVA_NOT_TAR"
        raise OvaUnreadable(code, f"the archive cannot be read: {error}") from error


def _read_member(archive: tarfile.TarFile, info: tarfile.TarInfo, raw) -> Member:
    raw.seek(info.offset)
    header = raw.read(512)
    digest, head, left = hashlib.sha256(), b"", info.size
    raw.seek(info.offset_data)
    while left > 0:
        block = raw.read(min(left, 1 << 20))
        if not block:
            raise OvaUnreadable("OVA_TRUNCATED", f"{info.name} ends {left} bytes early: the file is cut off")
        digest.update(block)
        head = head or block
        left -= len(block)
    # Extended headers (pax, GNU long names) carry their own type before the member they belong to.
    ustar = header[257:265] == b"ustar\x0000" and header[156:157] in (b"0", b"\0")
    return Member(info.name, info.size, digest.hexdigest(), head, ustar, info.isreg())


def parse_manifest(text: str) -> tuple[dict[str, str], list[str]]:
    """File name to SHA-256, and the lines that are not `SHA256(name)= hex`."""
    digests, bad = {}, []
    for line in filter(str.strip, text.splitlines()):
        match = re.fullmatch(r"SHA256\(([^)]+)\)= ?([0-9a-fA-F]{64})", line)
        if match:
            digests[match[1]] = match[2].lower()
        else:
            bad.append(line)
    return digests, bad


def parse_descriptor(data: bytes) -> Descriptor:
    """The descriptor's files, disks, networks and hardware items."""
    if b"<!DOCTYPE" in data or len(data) > SMALL_FILE_BYTES:
        raise OvaUnreadable("OVA_XML", "the descriptor holds a document type or is larger than 1 MiB: neither belongs in an OVF descriptor")
    try:
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        raise OvaUnreadable("OVA_XML", f"the descriptor is not well-formed XML: {error}") from error
    if root.tag != _tag("ovf:Envelope"):
        raise OvaUnreadable("OVA_XML", f"the descriptor's root is {root.tag}, wanted Envelope of {NAMESPACES['ovf']}")
    return Descriptor(
        name=root.findtext("ovf:VirtualSystem/ovf:Name", "", NAMESPACES),
        files=[_attributes(found) for found in root.iterfind("ovf:References/ovf:File", NAMESPACES)],
        disks=[_attributes(found) for found in root.iterfind("ovf:DiskSection/ovf:Disk", NAMESPACES)],
        networks=[_attributes(found).get("name", "") for found in root.iterfind("ovf:NetworkSection/ovf:Network", NAMESPACES)],
        items=[
            {child.tag.rpartition("}")[2]: (child.text or "").strip() for child in item}
            for item in root.iterfind("ovf:VirtualSystem/ovf:VirtualHardwareSection/ovf:Item", NAMESPACES)
        ],
    )


def items_of(descriptor: Descriptor, kind: str) -> list[dict]:
    """The hardware items of one kind of RESOURCE_TYPES."""
    return [item for item in descriptor.items if item.get("ResourceType") == str(RESOURCE_TYPES[kind])]


def capacity_bytes(disk: dict) -> int:
    """A disk's capacity in bytes; ValueError for units other than `byte` and `byte * 2^n`."""
    units = disk.get("capacityAllocationUnits", "byte")
    match = re.fullmatch(r"byte(?: ?\* ?2\^(\d{1,2}))?", units)
    if not match:
        raise ValueError(f"unknown units {units!r}")
    return int(disk.get("capacity", "")) << int(match[1] or 0)


def _tag(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def _attributes(element: ElementTree.Element) -> dict:
    return {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
