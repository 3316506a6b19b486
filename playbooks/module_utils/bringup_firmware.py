"""Devices of OpenManage Enterprise as hosts of the site, and what a compliance report says is to be done on each."""

from __future__ import annotations

import re

UPDATES = ("UPGRADE", "DOWNGRADE")
# DeviceService/Devices: 17 is on (module_utils of dellemc.openmanage and OME's API guide).
POWER_ON = 17
# What iDRACs and OpenManage Enterprise say of packages; anything else is the update's own failure.
REASONS = (
    ("FIRMWARE_PACKAGE_MODEL", r"not applicable|not compatible|not in the target system inventory|RED097|not supported (?:on|for|by) (?:this|the)|mismatch.{0,40}(?:model|system|device)|no update package for"),
    ("FIRMWARE_PACKAGE_DAMAGED", r"unable to verify.{0,40}(?:package|signature)|signature.{0,40}(?:invalid|fail)|RED007|RED016|checksum|corrupt"),
    ("FIRMWARE_PACKAGE_MISSING", r"unable to (?:download|locate|transfer|access).{0,80}(?:package|file|image|catalog)|\b404\b|file not found"),
)


def match_devices(hosts: list[dict], devices: list[dict]) -> tuple[dict[str, dict], dict[str, dict]]:
    """By host: its device, and for those without one why. A serial number decides; an address only where none is known."""
    by_tag = {str(device.get("DeviceServiceTag") or "").upper(): device for device in devices}
    by_address = {entry.get("NetworkAddress"): device for device in devices for entry in device.get("DeviceManagement") or []}
    found, missing = {}, {}
    for host in hosts:
        serials = [str(serial).strip().upper() for serial in host.get("serials") or [] if serial]
        device = next((by_tag[serial] for serial in serials if serial in by_tag), None)
        if device is None and not serials:
            device = by_address.get(host.get("bmc"))
        if device is None:
            what = f"the service tag {' or '.join(serials)}" if serials else f"the address {host.get('bmc') or 'that the site file does not name'}"
            missing[host["name"]] = fault("FIRMWARE_DEVICE_UNKNOWN", f"OpenManage Enterprise knows no device with {what} of {host['name']}, so its firmware cannot be brought up to date.")
        else:
            found[host["name"]] = device
    return found, missing


def updates_of(report: dict | None) -> list[dict]:
    """What is to be updated on a device: component, source, from, to, restart."""
    return [
        {"component": part.get("Name"), "source": part.get("SourceName"), "from": part.get("CurrentVersion"), "to": part.get("Version"), "restart": bool(part.get("RebootRequired", True))}
        for part in (report or {}).get("ComponentComplianceReports") or []
        if part.get("UpdateAction") in UPDATES
    ]


def update_words(updates: list[dict]) -> str:
    return "; ".join(f"{one['component']} is {one['from']}, the catalogue has {one['to']}" for one in updates)


def failure_of(name: str, text: str) -> dict:
    """The failure of one device, with a code by what was said of it."""
    said = " ".join(str(text).split()) or "no word of why"
    code = next((code for code, pattern in REASONS if re.search(pattern, said, re.IGNORECASE)), "FIRMWARE_UPDATE_FAILED")
    return fault(code, f"The firmware update of {name} failed: {said}")


def fault(code: str, msg: str) -> dict:
    return {"code": code, "msg": msg}
