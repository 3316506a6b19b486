"""Makes one damaged copy of a valid OVA: playbooks-ova-damage.py GOOD BAD KIND. Each kind breaks one rule."""

import hashlib
import io
import sys
import tarfile

USTAR, GNU = tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT


def read(path):
    with tarfile.open(path, "r:") as archive:
        return [[info.name, archive.extractfile(info).read()] for info in archive]


def write(path, members, form=USTAR):
    with tarfile.open(path, "w", format=form) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))


def sign(members):
    """Makes the manifest fit the other files again, so that only the intended rule is broken."""
    lines = [f"SHA256({name})= {hashlib.sha256(data).hexdigest()}\n" for name, data in members if not name.endswith(".mf")]
    for member in members:
        if member[0].endswith(".mf"):
            member[1] = "".join(lines).encode()
    return members


def descriptor(members, old, new):
    for member in members:
        if member[0].endswith(".ovf"):
            if old.encode() not in member[1]:
                raise SystemExit(f"the descriptor has no {old}")
            member[1] = member[1].replace(old.encode(), new.encode())
    return sign(members)


def item(members, marker):
    """Takes the hardware item with a marker out of the descriptor."""
    for member in members:
        if member[0].endswith(".ovf"):
            member[1] = b"\n".join(line for line in member[1].split(b"\n") if not (b"<Item>" in line and marker.encode() in line))
    return sign(members)


def disk(members, data):
    size = len(members[2][1])
    members[2][1] = data
    return descriptor(members, f'ovf:size="{size}"', f'ovf:size="{len(data)}"')


def manifest(members, change):
    members[1][1] = change(members[1][1].decode()).encode()
    return members


DAMAGE = {
    "order": lambda m: [m[2], m[1], m[0]],
    "manifest-in-between": lambda m: [m[0], m[2], m[1], ["extra", b"x"]],
    "no-manifest": lambda m: [m[0], m[2]],
    "manifest-space": lambda m: manifest(m, lambda text: text.replace("SHA256(", "SHA256 (", 1)),
    "manifest-short": lambda m: manifest(m, lambda text: text.splitlines()[0] + "\n"),
    "manifest-long": lambda m: manifest(m, lambda text: text + f"SHA256(ghost.vmdk)= {'0' * 64}\n"),
    "digest": lambda m: [m[0], m[1], [m[2][0], m[2][1][:-1] + b"!"]],
    "no-disk-file": lambda m: [m[0], m[1]],
    "unreferenced": lambda m: sign([*m, ["extra.txt", b"x"]]),
    "twice": lambda m: [*m, m[2]],
    "folder": lambda m: [["folder/" + m[0][0], m[0][1]], m[1], m[2]],
    "no-descriptor": lambda m: m[1:],
    "not-xml": lambda m: sign([[m[0][0], b"<Envelope"], m[1], m[2]]),
    "doctype": lambda m: descriptor(m, "<Envelope", "<!DOCTYPE Envelope><Envelope"),
    "size": lambda m: descriptor(m, 'ovf:size="', 'ovf:size="1'),
    "file-reference": lambda m: descriptor(m, 'ovf:fileRef="file1"', 'ovf:fileRef="file2"'),
    "disk-format": lambda m: descriptor(m, "#streamOptimized", "#sparse"),
    "capacity": lambda m: descriptor(m, 'ovf:capacity="', 'ovf:capacity="1'),
    "capacity-units": lambda m: descriptor(m, 'AllocationUnits="byte"', 'AllocationUnits="apples"'),
    "disk-item": lambda m: descriptor(m, "ovf:/disk/disk1", "ovf:/disk/disk9"),
    "disk-parent": lambda m: descriptor(m, "<rasd:Parent>3<", "<rasd:Parent>9<"),
    "item-twice": lambda m: descriptor(m, "<rasd:InstanceID>2<", "<rasd:InstanceID>1<"),
    "no-cpu": lambda m: item(m, "ResourceType>3<"),
    "no-memory": lambda m: item(m, "ResourceType>4<"),
    "no-nic": lambda m: item(m, "ResourceType>10<"),
    "quantity": lambda m: descriptor(m, "<rasd:VirtualQuantity>2<", "<rasd:VirtualQuantity>none<"),
    "network": lambda m: descriptor(m, "<rasd:Connection>mgmt<", "<rasd:Connection>elsewhere<"),
    "disk-data": lambda m: disk(m, b"not a disk at all"),
}

good, bad, kind = sys.argv[1:]
if kind == "gnu-tar":
    write(bad, read(good), GNU)
elif kind in ("truncated", "no-end", "not-tar"):
    data = open(good, "rb").read()
    with tarfile.open(good) as archive:
        end = max(info.offset_data + (info.size + 511) // 512 * 512 for info in archive)
    open(bad, "wb").write({"truncated": data[: len(data) // 2], "no-end": data[:end], "not-tar": b"hello" * 1000}[kind])
else:
    write(bad, DAMAGE[kind](read(good)))
