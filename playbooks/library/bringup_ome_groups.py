#!/usr/bin/python3
"""Static device groups of OpenManage Enterprise and their members, which no module of dellemc.openmanage reads."""

from __future__ import annotations

from ansible.module_utils import bringup_ome as ome
from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: bringup_ome_groups
short_description: Read the static device groups whose names begin alike
description:
  - Reads and changes nothing; tells the groups with the devices in each.
options:
  prefix: {description: What their names begin with., type: str, required: true}
extends_documentation_fragment: [bringup_ome]
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_ome_groups: {hostname: 10.20.1.40, username: admin, password: "{{ p }}", ca_path: /run/x/ome.pem, prefix: "bringup plant-7 "}
"""
RETURN = r"""
groups: {description: "By name: id and devices, the ids of its members.", type: dict, returned: success}
"""

STATIC = {"TypeId": 3000, "MembershipTypeId": 12}


def main() -> None:
    module = AnsibleModule(argument_spec={**ome.ome_arguments(), "prefix": {"type": "str", "required": True}}, supports_check_mode=True)
    prefix = module.params["prefix"].lower()
    found = {}
    try:
        with ome.Ome(module.params) as session:
            for group in session.members("GroupService/Groups"):
                if not group["Name"].lower().startswith(prefix) or any(group.get(key) != value for key, value in STATIC.items()):
                    continue
                members = session.members(f"GroupService/Groups({group['Id']})/Devices")
                found[group["Name"]] = {"id": group["Id"], "devices": sorted(device["Id"] for device in members)}
    except ome.OmeError as error:
        module.fail_json(code=error.code, msg=f"{error}.")
    module.exit_json(changed=False, groups=found, msg=f"{len(found)} groups begin with {module.params['prefix']}.")


if __name__ == "__main__":
    main()
