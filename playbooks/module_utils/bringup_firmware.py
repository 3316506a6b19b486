"""Devices of OpenManage Enterprise as hosts of the site, and what a compliance report says is to be done on each."""

from __future__ import annotations

import fnmatch
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


def sets_of(hosts: list[dict], tags: dict[str, str], prefix: str, url: str, repository: str) -> list[dict]:
    """Profiles with the servers that have them: profile, baseline, catalog and url (of its catalogue), components, hosts, tags.

    A server without a profile belongs to the set that is named by the site alone. Profiles that name no catalogue share that of the site.
    """
    found: dict[str, dict] = {}
    for host in hosts:
        profile, own = host.get("profile") or "", address_of(host.get("catalog") or "", repository)
        name = f"{prefix} {profile}".strip()
        shared = own in ("", url)
        entry = found.setdefault(name, {
            "profile": profile, "baseline": name, "catalog": prefix if shared else name, "url": url if shared else own,
            "components": host.get("components") or [], "hosts": [], "tags": [],
        })
        if host["name"] in tags:
            entry["hosts"].append(host["name"])
            entry["tags"] = sorted([*entry["tags"], tags[host["name"]]])
    return [found[name] for name in sorted(found)]


def address_of(catalog: str, repository: str) -> str:
    """Where a catalogue is that a profile names by its address, or by its path in the repository of the site."""
    return catalog if not catalog or "://" in catalog else f"{repository}/{catalog}"


def is_ours(name: str, prefix: str) -> bool:
    """Whether a baseline is one that Bringup keeps for this site, of whatever profile: neither sites nor profiles have a space in their names."""
    return re.fullmatch(re.escape(prefix) + r"( \S+)?", name) is not None


def updates_of(report: dict | None, components: list[str] | None = None) -> list[dict]:
    """What is to be updated on a device: component, source, from, to, restart. With patterns only components that one of them fits."""
    return [
        {"component": part.get("Name"), "source": part.get("SourceName"), "from": part.get("CurrentVersion"), "to": part.get("Version"), "restart": bool(part.get("RebootRequired", True))}
        for part in (report or {}).get("ComponentComplianceReports") or []
        if part.get("UpdateAction") in UPDATES and is_meant(str(part.get("Name")), components or [])
    ]


def is_meant(component: str, patterns: list[str]) -> bool:
    return not patterns or any(fnmatch.fnmatchcase(component.lower(), pattern.lower()) for pattern in patterns)


def update_words(updates: list[dict]) -> str:
    return "; ".join(f"{one['component']} is {one['from']}, the catalogue has {one['to']}" for one in updates)


def failure_of(name: str, text: str) -> dict:
    """The failure of one device, with a code by what was said of it."""
    said = " ".join(str(text).split()) or "no word of why"
    code = next((code for code, pattern in REASONS if re.search(pattern, said, re.IGNORECASE)), "FIRMWARE_UPDATE_FAILED")
    return fault(code, f"The firmware update of {name} failed: {said}")


def fault(code: str, msg: str) -> dict:
    return {"code": code, "msg": msg}
