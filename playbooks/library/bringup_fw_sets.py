#!/usr/bin/python3
"""Says which device of OpenManage Enterprise a host is, and which firmware baselines and catalogues the profiles of the hosts want."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_firmware import match_devices, sets_of

DOCUMENTATION = r"""
module: bringup_fw_sets
short_description: Firmware baselines and catalogues that the profiles of the hosts want
description:
  - Computes; it asks nobody and changes nothing. Hosts of one profile are a set, with a baseline of their own.
options:
  hosts: {description: "Hosts: name, serials, bmc, profile, catalog (that of the profile, or empty), components.", type: list, elements: dict, required: true}
  devices: {description: What ome_device_info returned as device_info., type: raw, required: true}
  prefix: {description: What names of baselines and catalogues begin with., type: str, required: true}
  url: {description: Where the catalogue of the site is., type: str, required: true}
  repository: {description: Address of the repository of the site., type: str, required: true}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_fw_sets: {hosts: [], devices: "{{ found.device_info }}", prefix: Bringup plant-7, url: "https://10.20.0.10/c.xml", repository: "https://10.20.0.10"}
"""
RETURN = r"""
tags: {description: Service tags by host., type: dict, returned: success}
missing: {description: "Hosts without a device: code and msg.", type: dict, returned: success}
sets: {description: "profile, baseline, catalog (names), url, components, hosts, tags; those without a known host are left out.", type: list, elements: dict, returned: success}
catalogs: {description: "Catalogues of these sets: name, url, hosts.", type: list, elements: dict, returned: success}
names: {description: "Baselines of all profiles of the hosts, known or not.", type: list, elements: str, returned: success}
"""


def main() -> None:
    texts = {name: {"type": "str", "required": True} for name in ("prefix", "url", "repository")}
    module = AnsibleModule(
        argument_spec={"hosts": {"type": "list", "elements": "dict", "required": True}, "devices": {"type": "raw", "required": True}, **texts},
        supports_check_mode=True,
    )
    params = module.params
    listed = params["devices"].get("value", []) if isinstance(params["devices"], dict) else []
    found, missing = match_devices(params["hosts"], listed)
    tags = {name: device.get("DeviceServiceTag") for name, device in found.items()}
    every = sets_of(params["hosts"], tags, params["prefix"], params["url"], params["repository"])
    sets = [one for one in every if one["hosts"]]
    said = [f"{one['profile'] or 'no profile'}: {', '.join(one['hosts'])} by {one['url']}" for one in sets]
    said += [f"not known: {', '.join(sorted(missing))}"] if missing else []
    module.exit_json(
        changed=False, msg="\n".join(said), tags=tags, missing=missing, sets=sets,
        catalogs=catalogs_of(sets), names=[one["baseline"] for one in every],
    )


def catalogs_of(sets: list[dict]) -> list[dict]:
    found: dict[str, dict] = {}
    for one in sets:
        found.setdefault(one["catalog"], {"name": one["catalog"], "url": one["url"], "hosts": []})["hosts"] += one["hosts"]
    return list(found.values())


if __name__ == "__main__":
    main()
