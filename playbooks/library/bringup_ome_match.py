#!/usr/bin/python3
"""Compares the devices of OpenManage Enterprise with the hosts of the site file; asks nobody."""

from __future__ import annotations

import re

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: bringup_ome_match
short_description: Compare the devices of OpenManage Enterprise with the hosts of the site file
options:
  hosts: {description: "name, serial, address of the BMC, group wanted (or empty).", type: list, elements: dict, required: true}
  devices: {description: As ome_device_info tells them., type: list, elements: dict, required: true}
  groups: {description: As bringup_ome_groups tells them., type: dict, default: {}}
  results: {description: "What the last discovery said, as bringup_ome_job tells it.", type: list, elements: dict, default: []}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_ome_match: {hosts: [{name: node-1, serial: ABC1234, address: 10.20.1.11, group: bringup plant-7 compute}], devices: "{{ seen }}"}
"""
RETURN = r"""
found: {description: "By host: id, service_tag, address, model, group.", type: dict, returned: always}
missing: {description: Hosts whose BMC is no device yet., type: list, elements: str, returned: always}
faults: {description: "By host: code and msg of each fault, the one that explains most first.", type: dict, returned: always}
members: {description: "By group wanted: the ids of its devices.", type: dict, returned: always}
strangers: {description: "By group there is: ids that belong into another one.", type: dict, returned: always}
"""

# Health: 1000 normal, 2000 unknown (as long as OME has not looked), 3000 warning, 4000 critical, 5000 no status.
CRITICAL = 4000
REFUSED = re.compile(r"credential|authenti|password|unauthori[sz]ed|log ?in|access denied|\b401\b", re.IGNORECASE)
SILENT = re.compile(r"unreachable|time?d?[ -]?out|no (?:route|answer|response)|not (?:respond|answer|reach)|cannot be reached|gives? no answer|refus|clos(?:ed|es) the connection|connection reset", re.IGNORECASE)


def main() -> None:
    lists = {name: {"type": "list", "elements": "dict", "required": True} for name in ("hosts", "devices")}
    spec = {**lists, "groups": {"type": "dict", "default": {}}, "results": {"type": "list", "elements": "dict", "default": []}}
    module = AnsibleModule(argument_spec=spec, supports_check_mode=True)
    params = module.params
    told = compare(params["hosts"], params["devices"], params["groups"], params["results"])
    amount = f"{len(told['found'])} of {len(params['hosts'])} hosts are devices of OpenManage Enterprise."
    module.exit_json(changed=False, msg=amount, **told)


def compare(hosts: list[dict], devices: list[dict], groups: dict, results: list[dict]) -> dict:
    by_address = {address: device for device in devices for address in addresses_of(device)}
    by_tag = {str(device.get("DeviceServiceTag") or "").lower(): device for device in devices}
    found, faults, members = {}, {}, {}
    for host in hosts:
        device = by_address.get(host["address"])
        wrong = identity_faults(host, device, by_tag, results)
        if device is not None and not wrong:
            found[host["name"]] = entry_of(host, device)
            if host.get("group"):
                members.setdefault(host["group"], []).append(device["Id"])
            wrong = state_faults(host, device, groups)
        if wrong:
            faults[host["name"]] = [{"code": code, "msg": text} for code, text in wrong]
    return {
        "found": found,
        "missing": [host["name"] for host in hosts if host["address"] not in by_address],
        "faults": faults,
        "members": members,
        "strangers": strangers_of(groups, members),
    }


def addresses_of(device: dict) -> list[str]:
    return [way["NetworkAddress"].strip("[]") for way in device.get("DeviceManagement") or [] if way.get("NetworkAddress")]


def entry_of(host: dict, device: dict) -> dict:
    tag = device.get("DeviceServiceTag") or ""
    return {"id": device["Id"], "service_tag": tag, "address": host["address"], "model": device.get("Model") or "", "group": host.get("group") or ""}


def strangers_of(groups: dict, members: dict) -> dict:
    """Whatever is in a group of this site and belongs into none or another."""
    wanted = {name.lower(): ids for name, ids in members.items()}
    left = {name: [one for one in group["devices"] if one not in wanted.get(name.lower(), [])] for name, group in groups.items()}
    return {name: ids for name, ids in left.items() if ids}


def identity_faults(host: dict, device: dict | None, by_tag: dict, results: list[dict]) -> list[tuple[str, str]]:
    """Whether OME knows it at its address, and whether it is the right one."""
    name, address, serial = host["name"], host["address"], str(host.get("serial") or "")
    if device is None:
        other = by_tag.get(serial.lower()) if serial else None
        if other is not None:
            seen = ", ".join(addresses_of(other)) or "no address"
            return [("OME_DEVICE_ADDRESS", f"OpenManage Enterprise has {name} ({serial}) at {seen}, the site file at {address}.")]
        return [undiscovered(name, address, results)]
    tag = str(device.get("DeviceServiceTag") or "")
    if serial and tag.lower() != serial.lower():
        return [("OME_DEVICE_SERIAL", f"The BMC at {address} is that of {tag or 'a server without a service tag'}, the site file says {serial} for {name}.")]
    return []


def undiscovered(name: str, address: str, results: list[dict]) -> tuple[str, str]:
    said = next((str(one.get("text") or "") for one in results if one.get("key") == address and one.get("status") != "Completed"), "")
    because = f": {said}" if said else "."
    if REFUSED.search(said):
        return "OME_DEVICE_REFUSED", f"OpenManage Enterprise cannot discover {name}: its BMC at {address} refuses the login{because}"
    if SILENT.search(said):
        return "OME_DEVICE_SILENT", f"OpenManage Enterprise cannot discover {name}: its BMC at {address} gives no answer{because}"
    return "OME_DEVICE_MISSING", f"The BMC of {name} at {address} is no device of OpenManage Enterprise{because}"


def state_faults(host: dict, device: dict, groups: dict) -> list[tuple[str, str]]:
    name, group, wrong = host["name"], host.get("group") or "", []
    members = {key.lower(): value["devices"] for key, value in groups.items()}
    if device.get("ConnectionState") is False:
        wrong.append(("OME_DEVICE_LOST", f"OpenManage Enterprise has lost its connection to {name}, whose BMC is at {host['address']}."))
    if device.get("Status") == CRITICAL:
        wrong.append(("OME_DEVICE_HEALTH", f"OpenManage Enterprise calls the health of {name} critical."))
    if group and device["Id"] not in members.get(group.lower(), []):
        wrong.append(("OME_DEVICE_GROUP", f"{name} is not in the device group {group} of OpenManage Enterprise."))
    return wrong


if __name__ == "__main__":
    main()
