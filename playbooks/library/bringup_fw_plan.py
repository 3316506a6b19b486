#!/usr/bin/python3
"""Says for each host what a compliance report wants of its firmware, and in which waves."""

from __future__ import annotations

import json
import os

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_firmware import POWER_ON, match_devices, update_words, updates_of
from ansible.module_utils.bringup_ome import FIRST_WAVE, GROWTH, waves_of

DOCUMENTATION = r"""
module: bringup_fw_plan
short_description: Plan firmware updates by hosts from what OpenManage Enterprise reports
description:
  - Computes and keeps; it asks nobody and changes no server.
options:
  hosts: {description: "Hosts: name, serials, bmc, addresses, agreed, takes_part; one that does not take part is in no wave.", type: list, elements: dict, required: true}
  devices: {description: What ome_device_info returned as device_info., type: raw, required: true}
  sets: {description: As bringup_fw_sets tells them; hosts of none of them are left out., type: list, elements: dict, required: true}
  faults: {description: "By host: code and msg of what failed before; they are left out of the waves.", type: dict, default: {}}
  reports: {description: What ome_firmware_baseline_compliance_info returned for these sets., type: list, elements: dict, default: []}
  staged: {description: "Record of what waits for a restart, by host; what is in it is not staged again.", type: path}
  keep: {description: File that gets the report., type: path}
  wave_size: {description: Hosts updated at once; those of a wave have one profile., type: int, default: 10}
  grow: {description: "Take wave_size for the first wave alone; each further one has three times as many.", type: bool, default: false}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_fw_plan: {hosts: [{name: node-1, serials: [ABC1234]}], devices: "{{ found.device_info }}", sets: "{{ wanted.sets }}", reports: []}
"""
RETURN = r"""
updates: {description: What is to be updated by host; hosts that are compliant are not in it., type: dict, returned: success}
waves: {description: "profile, baseline, hosts (name, power, addresses, agreed, restart, target), profile after profile.", type: list, elements: dict, returned: success}
staged: {description: Updates that wait for a restart by host., type: dict, returned: success}
"""


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "hosts": {"type": "list", "elements": "dict", "required": True},
            "devices": {"type": "raw", "required": True},
            "sets": {"type": "list", "elements": "dict", "required": True},
            "faults": {"type": "dict", "default": {}},
            "reports": {"type": "list", "elements": "dict", "default": []},
            "staged": {"type": "path"},
            "keep": {"type": "path"},
            "wave_size": {"type": "int", "default": FIRST_WAVE},
            "grow": {"type": "bool", "default": False},
        },
        supports_check_mode=True,
    )
    params = module.params
    listed = params["devices"].get("value", []) if isinstance(params["devices"], dict) else []
    found = match_devices(params["hosts"], listed)[0]
    reports = {report.get("DeviceId"): report for report in params["reports"]}
    set_of = {name: one for one in params["sets"] for name in one["hosts"] if name in found}
    wanted = {name: updates_of(reports.get(found[name].get("Id")), one["components"]) for name, one in set_of.items()}
    waiting = read_json(params["staged"])
    staged = {name: updates for name, updates in wanted.items() if updates and waiting.get(name) == updates}
    due = {name: updates for name, updates in wanted.items() if updates and name not in staged and name not in params["faults"]}
    hosts = {host["name"]: going(host, found[host["name"]], set_of[host["name"]], due[host["name"]])
             for host in params["hosts"] if host["name"] in due and host.get("takes_part", True)}
    result = {
        "updates": {name: updates for name, updates in wanted.items() if updates},
        "staged": staged,
        "waves": [
            {"profile": one["profile"], "baseline": one["baseline"], "hosts": wave}
            for one in params["sets"]
            for wave in waves_of([hosts[name] for name in one["hosts"] if name in hosts], params["wave_size"], GROWTH if params["grow"] else 1)
        ],
    }
    if params["keep"]:
        kept = {name: {"service_tag": found[name].get("DeviceServiceTag"), "profile": one["profile"], "updates": wanted[name]} for name, one in set_of.items()}
        profiles = [{**{key: one[key] for key in ("profile", "baseline", "url", "hosts")}, "behind": behind(one, wanted)} for one in params["sets"]]
        apart = {name: fault for name, fault in params["faults"].items() if name not in set_of}
        write_json(params["keep"], {"profiles": profiles, "hosts": kept, "not_compared": apart, "reports": params["reports"]})
    module.exit_json(changed=False, msg="\n".join(line for one in params["sets"] for line in lines(one, wanted)) or "no server could be compared", **result)


def going(host: dict, device: dict, entry: dict, updates: list[dict]) -> dict:
    """A host of a wave; target is how ome_firmware takes it, with names of components where the profile wants some alone."""
    names = sorted({one["component"] for one in updates}) if entry["components"] else []
    return {"name": host["name"], "addresses": host.get("addresses") or [], "agreed": bool(host.get("agreed")),
            "power": "On" if device.get("PowerState") == POWER_ON else "Off", "restart": any(one["restart"] for one in updates),
            "target": {"service_tag": device.get("DeviceServiceTag"), "components": names}}


def behind(entry: dict, wanted: dict) -> list[str]:
    return [name for name in entry["hosts"] if wanted.get(name)]


def lines(entry: dict, wanted: dict) -> list[str]:
    """What a profile wants of its servers, a line for each that is behind."""
    title = f"profile {entry['profile']}" if entry["profile"] else "no profile"
    told = [f"{title}, {name}: {update_words(wanted[name])}" for name in behind(entry, wanted)]
    return told or [f"{title}: the firmware of all {len(entry['hosts'])} devices is as the catalogue has it"]


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
