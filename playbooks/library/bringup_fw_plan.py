#!/usr/bin/python3
"""Says for each host what a compliance report wants of its firmware, and in which waves."""

from __future__ import annotations

import json
import os

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_firmware import POWER_ON, match_devices, update_words, updates_of

DOCUMENTATION = r"""
module: bringup_fw_plan
short_description: Plan firmware updates by hosts from what OpenManage Enterprise reports
description:
  - Computes and keeps; it asks nobody and changes no server.
options:
  hosts: {description: "Hosts: name, serials, bmc, addresses, agreed, takes_part; one that does not take part is in no wave.", type: list, elements: dict, required: true}
  devices: {description: What ome_device_info returned as device_info., type: raw, required: true}
  reports: {description: What ome_firmware_baseline_compliance_info returned., type: list, elements: dict, default: []}
  staged: {description: "Record of what waits for a restart, by host; what is in it is not staged again.", type: path}
  keep: {description: File that gets the report., type: path}
  wave_size: {description: Hosts updated at once., type: int, default: 10}
  grow: {description: "Take wave_size for the first wave alone; each further one has three times as many.", type: bool, default: false}
  without: {description: Hosts that are left out of the waves., type: list, elements: str, default: []}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_fw_plan: {hosts: [{name: node-1, serials: [ABC1234]}], devices: "{{ found.device_info }}", reports: "{{ compliance.baseline_compliance_info }}"}
"""
RETURN = r"""
tags: {description: Service tags by host., type: dict, returned: success}
missing: {description: "Hosts without a device: code and msg.", type: dict, returned: success}
updates: {description: What is to be updated by host; hosts that are compliant are not in it., type: dict, returned: success}
waves: {description: "Lists of hosts: name, power, addresses, agreed, restart.", type: list, elements: list, returned: success}
staged: {description: Updates that wait for a restart by host., type: dict, returned: success}
"""


GROWTH = 3


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "hosts": {"type": "list", "elements": "dict", "required": True},
            "devices": {"type": "raw", "required": True},
            "reports": {"type": "list", "elements": "dict", "default": []},
            "staged": {"type": "path"},
            "keep": {"type": "path"},
            "wave_size": {"type": "int", "default": 10},
            "grow": {"type": "bool", "default": False},
            "without": {"type": "list", "elements": "str", "default": []},
        },
        supports_check_mode=True,
    )
    params = module.params
    listed = params["devices"].get("value", []) if isinstance(params["devices"], dict) else []
    found, missing = match_devices(params["hosts"], listed)
    reports = {report.get("DeviceId"): report for report in params["reports"]}
    wanted = {name: updates_of(reports.get(device.get("Id"))) for name, device in found.items()}
    waiting = read_json(params["staged"])
    staged = {name: updates for name, updates in wanted.items() if updates and waiting.get(name) == updates}
    due = {name: updates for name, updates in wanted.items() if updates and name not in staged and name not in params["without"]}
    hosts = [
        {"name": host["name"], "addresses": host.get("addresses") or [], "agreed": bool(host.get("agreed")),
         "power": "On" if found[host["name"]].get("PowerState") == POWER_ON else "Off",
         "restart": any(one["restart"] for one in due[host["name"]])}
        for host in params["hosts"] if host["name"] in due and host.get("takes_part", True)
    ]
    result = {
        "tags": {name: device.get("DeviceServiceTag") for name, device in found.items()},
        "missing": missing,
        "updates": {name: updates for name, updates in wanted.items() if updates},
        "staged": staged,
        "waves": waves_of(hosts, max(1, params["wave_size"]), GROWTH if params["grow"] else 1),
    }
    if params["keep"]:
        write_json(params["keep"], {"hosts": {name: {"service_tag": result["tags"][name], "updates": wanted[name]} for name in sorted(found)}, "reports": params["reports"]})
    behind = [f"{name}: {update_words(updates)}" for name, updates in sorted(result["updates"].items())]
    said = "\n".join(behind) if behind else f"the firmware of all {len(found)} devices is as the catalogue has it"
    module.exit_json(changed=False, msg=said, **result)


def waves_of(hosts: list[dict], size: int, growth: int) -> list[list[dict]]:
    waves, first = [], 0
    while first < len(hosts):
        waves.append(hosts[first:first + size])
        first, size = first + size, size * growth
    return waves


def read_json(path: str | None) -> dict:
    try:
        with open(path or "", encoding="utf-8") as file:
            found = json.load(file)
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_json(path: str, value: dict) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(f"{path}.new", "w", encoding="utf-8") as file:
        json.dump(value, file, indent=1, sort_keys=True)
    os.replace(f"{path}.new", path)


if __name__ == "__main__":
    main()
