"""Templates and compliance baselines of OpenManage Enterprise as the profiles of a site want them; asks nobody."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import xml.etree.ElementTree as ElementTree

from ansible.module_utils import bringup_ome as ome

COMPONENT = "BIOS.Setup.1-1"
# States in which a job of OpenManage Enterprise has not ended (module_utils/ome.py of dellemc.openmanage lists all).
UNDERWAY = (2020, 2030, 2040, 2050, 2080, 2101)
RUNNING, COMPLETED = 2050, 2060
# What was just made and has not run yet.
NOT_RUN = 2200
# DeviceService/Devices: 17 is on.
POWER_ON = 17


def fault(code: str, msg: str) -> dict:
    return {"code": code, "msg": msg}


def profile_hash(settings: dict) -> str:
    """SHA-256 of what a profile asks for of a machine, as docs/profiles.md defines it."""
    asked = {"bios_attributes": settings.get("bios_attributes") or {}, "storage": settings.get("storage") or [], "network": settings.get("network") or []}
    text = json.dumps(asked, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def sets_of(hosts: list[dict], prefix: str, reference: str) -> list[dict]:
    """Hosts that get the same template: template, profile, attributes as text, hosts, the one that is to be the reference first."""
    found: dict[str, dict] = {}
    for host in hosts:
        settings = host.get("settings") or {}
        attributes = settings.get("bios_attributes") or {}
        if not attributes:
            continue
        whole = host.get("hash") or profile_hash(settings)
        name = f"{prefix}{host.get('profile') or settings.get('name')} {whole[:8]}"
        entry = found.setdefault(name, {"template": name, "compliance": f"{name} compliance", "source": f"{name} reference", "attributes": texts_of(attributes), "hosts": []})
        entry["hosts"].append(host["name"])
    for entry in found.values():
        entry["hosts"].sort(key=lambda name: name != reference)
    return [found[name] for name in sorted(found)]


def is_ours(name: str, prefix: str) -> bool:
    """Whether a template or baseline is one that Bringup keeps for this site, of whatever profile and hash."""
    return re.fullmatch(re.escape(prefix) + r"\S+ [0-9a-f]{8}", name) is not None


def texts_of(attributes: dict) -> dict[str, str]:
    return {name: str(value) for name, value in attributes.items()}


def parse_content(content: str | None) -> dict[str, dict[str, str]]:
    """Attributes by component of a server configuration profile, the XML as which a template is exported."""
    try:
        root = ElementTree.fromstring(content or "")
    except ElementTree.ParseError:
        return {}
    found: dict[str, dict[str, str]] = {}
    for component in root.iter("Component"):
        attributes = {str(one.get("Name")): (one.text or "").strip() for one in component.iter("Attribute")}
        if attributes:
            found.setdefault(str(component.get("FQDD")), {}).update(attributes)
    return found


def foreign_words(content: str | None, wanted: dict[str, str]) -> str:
    """Where a template is not what a profile wants of the BIOS and nothing else; empty when it is."""
    parts = parse_content(content)
    bios = parts.pop(COMPONENT, {})
    differing = [f"{name} is {bios.get(name, 'not in it')}, wanted {value}" for name, value in sorted(wanted.items()) if bios.get(name) != value]
    differing += [f"it sets {name} as well" for name in sorted(bios.keys() - wanted.keys())]
    differing += [f"it sets {name} as well" for name in sorted(parts)]
    return "; ".join(differing[:4]) + (f"; and {len(differing) - 4} more" if len(differing) > 4 else "")


def unknown_words(content: str | None, wanted: dict[str, str]) -> str:
    """Attributes that the reference server does not have, with what may be meant; empty when it has all."""
    known = parse_content(content).get(COMPONENT, {})
    lower = {name.lower(): name for name in known}
    found = []
    for name in sorted(wanted.keys() - known.keys()):
        near = difflib.get_close_matches(name.lower(), list(lower), n=1, cutoff=0.6)
        found.append(f"{name}{f' (did you mean {lower[near[0]]}?)' if near else ''}")
    return ", ".join(found)


def content_of(wanted: dict[str, str]) -> str:
    """A server configuration profile that sets these BIOS attributes and leaves everything else alone."""
    root = ElementTree.Element("SystemConfiguration")
    component = ElementTree.SubElement(root, "Component", FQDD=COMPONENT)
    for name, value in sorted(wanted.items()):
        ElementTree.SubElement(component, "Attribute", Name=name).text = value
    return ElementTree.tostring(root, encoding="unicode")


def drift_words(details: dict, most: int = 6) -> str:
    """What a compliance report says of one device: `ProcVirtualization is Disabled, wanted Enabled`."""
    found: list[str] = []

    def walk(group: dict) -> None:
        for one in group.get("Attributes") or []:
            if str(one.get("Value")) != str(one.get("ExpectedValue")):
                found.append(f"{one.get('DisplayName')} is {one.get('Value') or 'not there'}, wanted {one.get('ExpectedValue')}")
        for inner in group.get("ComplianceSubAttributeGroups") or []:
            walk(inner)

    for top in details.get("ComplianceAttributeGroups") or []:
        walk(top)
    return "; ".join(found[:most]) + (f"; and {len(found) - most} more" if len(found) > most else "")


def waves_of(sets: list[dict], due: dict[str, dict], size: int, growth: int) -> list[dict]:
    """Hosts that are due, template by template, in waves."""
    waves = []
    for entry in sets:
        hosts = [due[name] for name in sorted(entry["hosts"]) if name in due]
        waves += [{"template": entry["template"], "hosts": wave} for wave in ome.waves_of(hosts, size, growth)]
    return waves
