"""Writes an OVA from a qcow2 image: descriptor, manifest, stream-optimized disk, in a USTAR archive."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import struct
import subprocess
import tarfile
from xml.sax.saxutils import escape, quoteattr

try:
    from ansible.module_utils import bringup_ova as ova
except ImportError:
    import bringup_ova as ova

# Part of the key: raise it when the same inputs have to give another archive.
BUILDER_VERSION = 1


def file_sha256(path: str) -> str:
    """SHA-256 of a file, in hex."""
    with open(path, "rb") as source:
        digest = hashlib.sha256()
        while block := source.read(1 << 20):
            digest.update(block)
        return digest.hexdigest()


def inputs_key(inputs: dict) -> str:
    """One hash over everything that decides what the archive holds."""
    return hashlib.sha256(json.dumps({**inputs, "builder": BUILDER_VERSION}, sort_keys=True).encode()).hexdigest()


def write_ova(image: str, out: str, work: str, vm: dict, key: str) -> None:
    """Converts `image` and writes `out`; `vm` is `{name, cpus, memory_mib, network}`, `work` an empty directory on the same file system."""
    disk_name = f"{vm['name']}-disk1.vmdk"
    disk = os.path.join(work, disk_name)
    subprocess.run(
        ["qemu-img", "convert", "-O", "vmdk", "-o", "subformat=streamOptimized,adapter_type=lsilogic,hwversion=14", image, disk],
        check=True, capture_output=True, text=True,
    )
    _fix_content_id(disk, key)
    info = json.loads(subprocess.run(["qemu-img", "info", "--output=json", image], check=True, capture_output=True, text=True).stdout)
    descriptor = render_descriptor(vm, disk_name, os.path.getsize(disk), info["virtual-size"]).encode()
    manifest = f"SHA256({vm['name']}.ovf)= {hashlib.sha256(descriptor).hexdigest()}\nSHA256({disk_name})= {file_sha256(disk)}\n"
    partial = os.path.join(work, "ova")
    with tarfile.open(partial, "w", format=tarfile.USTAR_FORMAT) as archive:
        _add(archive, f"{vm['name']}.ovf", io.BytesIO(descriptor), len(descriptor))
        _add(archive, f"{vm['name']}.mf", io.BytesIO(manifest.encode()), len(manifest))
        with open(disk, "rb") as source:
            _add(archive, disk_name, source, os.path.getsize(disk))
    with open(partial, "rb") as written:
        os.fsync(written.fileno())
    os.replace(partial, out)


def _fix_content_id(disk: str, key: str) -> None:
    """qemu-img draws the disk's content id at random; taking it from the inputs makes the same inputs give the same bytes."""
    with open(disk, "r+b") as target:
        # Place and size of the descriptor, in sectors, stand in the header of a sparse VMDK.
        start, sectors = struct.unpack_from("<QQ", target.read(512), 28)
        target.seek(start * 512)
        text = target.read(sectors * 512)
        # The id is written without leading zeros, so the rest of the descriptor may have to move.
        fixed, found = re.subn(rb"\nCID=[0-9a-f]{1,8}\n", b"\nCID=" + key[:8].encode() + b"\n", text.rstrip(b"\0"))
        if found != 1 or len(fixed) > len(text):
            raise ValueError(f"the VMDK that qemu-img wrote has no descriptor at sector {start}")
        target.seek(start * 512)
        target.write(fixed.ljust(len(text), b"\0"))


def _add(archive: tarfile.TarFile, name: str, source, size: int) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o644
    archive.addfile(info, source)


def render_descriptor(vm: dict, disk_name: str, disk_size: int, capacity: int) -> str:
    """The OVF 1.x descriptor; sizes in bytes."""
    network = escape(vm["network"])
    types = ova.RESOURCE_TYPES
    items = [
        _item(1, types["cpu"], f"{vm['cpus']} virtual CPUs", AllocationUnits="hertz * 10^6", VirtualQuantity=vm["cpus"]),
        _item(2, types["memory"], f"{vm['memory_mib']} MiB of memory", AllocationUnits="byte * 2^20", VirtualQuantity=vm["memory_mib"]),
        _item(3, types["scsi"], "SCSI controller 0", Address="0", ResourceSubType="lsilogic"),
        _item(4, types["disk"], "Disk 1", AddressOnParent="0", HostResource="ovf:/disk/disk1", Parent=3),
        _item(5, types["nic"], "Network card 1", AddressOnParent="7", AutomaticAllocation="true", Connection=network, ResourceSubType="VmxNet3"),
    ]
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Envelope xmlns="{ova.NAMESPACES['ovf']}" xmlns:ovf="{ova.NAMESPACES['ovf']}" xmlns:rasd="{ova.NAMESPACES['rasd']}" xmlns:vssd="{ova.NAMESPACES['vssd']}" xmlns:vmw="http://www.vmware.com/schema/ovf">
  <References>
    <File ovf:id="file1" ovf:href={quoteattr(disk_name)} ovf:size="{disk_size}"/>
  </References>
  <DiskSection>
    <Info>Virtual disks</Info>
    <Disk ovf:diskId="disk1" ovf:fileRef="file1" ovf:capacity="{capacity}" ovf:capacityAllocationUnits="byte" ovf:format="{ova.STREAM_OPTIMIZED}"/>
  </DiskSection>
  <NetworkSection>
    <Info>Networks</Info>
    <Network ovf:name={quoteattr(vm['network'])}><Description>{network}</Description></Network>
  </NetworkSection>
  <VirtualSystem ovf:id={quoteattr(vm['name'])}>
    <Info>Deployment VM</Info>
    <Name>{escape(vm['name'])}</Name>
    <OperatingSystemSection ovf:id="96"><Info>Operating system</Info><Description>Debian GNU/Linux (64-bit)</Description></OperatingSystemSection>
    <VirtualHardwareSection>
      <Info>Virtual hardware</Info>
      <System><vssd:ElementName>Virtual Hardware Family</vssd:ElementName><vssd:InstanceID>0</vssd:InstanceID><vssd:VirtualSystemIdentifier>{escape(vm['name'])}</vssd:VirtualSystemIdentifier><vssd:VirtualSystemType>vmx-14</vssd:VirtualSystemType></System>
{chr(10).join(items)}
      <vmw:Config ovf:required="false" vmw:key="firmware" vmw:value="efi"/>
    </VirtualHardwareSection>
  </VirtualSystem>
</Envelope>
"""


def _item(identity: int, resource_type: int, title: str, **values) -> str:
    # The schema wants the elements of an item in alphabetical order.
    elements = {"ElementName": title, "InstanceID": identity, "ResourceType": resource_type, **values}
    return "      <Item>" + "".join(f"<rasd:{name}>{elements[name]}</rasd:{name}>" for name in sorted(elements)) + "</Item>"
