#!/usr/bin/python3
"""Looks at a server through its BMC before, while and after an operating system is installed on it."""

from __future__ import annotations

import time

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_os import answers, own_media, read_server, refusal
from ansible.module_utils.bringup_redfish import Redfish, RedfishError, redfish_arguments

DOCUMENTATION = r"""
module: bringup_os_survey
short_description: See through the BMC whether a server may be, is about to be, or has been installed
description:
  - Reads and changes nothing. The password is tried once.
  - "C(before) refuses a server that is in use, a BMC with a running job or a full queue, and the medium of somebody else."
  - "C(armed) fails unless image and boot for once are set; C(after) fails when either is still there."
options:
  name: {description: Name of the server., type: str, required: true}
  check: {description: What to look for., type: str, choices: [before, armed, after], required: true}
  images: {description: Addresses of the media of this stage., type: list, elements: str, default: []}
  places: {description: Machines whose media belong to this stage., type: list, elements: str, default: []}
  ssh: {description: "How it answers SSH: state, why.", type: dict, default: {}}
  record: {description: "What this stage did to it before: state, at.", type: dict, default: {}}
  agreed: {description: Whether what is on it may be lost., type: bool, default: false}
  eject_media: {description: Whether media of others may be ejected., type: bool, default: false}
  addresses: {description: Its own addresses., type: list, elements: str, default: []}
  ports: {description: TCP ports that a server at work answers., type: list, elements: int, default: []}
  failure: {description: "What failed before: code, msg. It is told again, with what was left behind.", type: dict, default: {}}
extends_documentation_fragment: [bringup_redfish]
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_os_survey: {name: node-1, address: 10.20.1.11, username: root, password: "{{ secret }}", check: armed, images: [http://10.20.0.10/debian.iso]}
"""
RETURN = r"""
power: {description: "On or Off.", type: str, returned: success}
stale: {description: Slots to be ejected first as idrac_virtual_media counts them., type: list, elements: int, returned: success}
at: {description: The time of this look in seconds since 1970., type: int, returned: success}
"""


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "name": {"type": "str", "required": True},
            **redfish_arguments(),
            "check": {"type": "str", "choices": ["before", "armed", "after"], "required": True},
            "images": {"type": "list", "elements": "str", "default": []},
            "places": {"type": "list", "elements": "str", "default": []},
            "ssh": {"type": "dict", "default": {}},
            "record": {"type": "dict", "default": {}},
            "agreed": {"type": "bool", "default": False},
            "eject_media": {"type": "bool", "default": False},
            "addresses": {"type": "list", "elements": "str", "default": []},
            "ports": {"type": "list", "elements": "int", "default": []},
            "failure": {"type": "dict", "default": {}},
        },
        supports_check_mode=True,
    )
    params = module.params
    name = params["name"]
    try:
        with Redfish(params["address"], params["port"], params["certificate"], params["username"], params["password"]) as bmc:
            seen = read_server(bmc)
    except RedfishError as error:
        code = "OS_NOT_IDRAC" if error.code == "REDFISH_NOT_FOUND" else error.code
        fail(module, code, f"{str(error)[:1].upper()}{str(error)[1:]}.")
    if params["check"] == "before":
        found = refusal(name, seen, params["ssh"], {**params, "working": working(params["addresses"], params["ports"])})
    else:
        found = unarmed(name, seen, params["images"]) if params["check"] == "armed" else left(name, seen, params["images"])
    if found or params["failure"]:
        fail(module, *(found or ("", "")))
    own, foreign = own_media(seen["media"], params["images"], params["places"])
    stale = [one["index"] if seen["by_system"] else 1 for one in [*own, *foreign]]
    boot = f"boot {seen['boot']['target']} {seen['boot']['enabled']}"
    media = ", ".join(one["image"] for one in seen["media"]) or "no medium"
    module.exit_json(changed=False, stale=stale, at=int(time.time()), msg=f"{name}: power {seen['power']}, {boot}, {media}", **seen)


def fail(module: AnsibleModule, code: str, text: str) -> None:
    earlier = module.params["failure"]
    if earlier:
        module.fail_json(code=earlier.get("code"), msg=f"{earlier.get('msg')}{f' Besides: {text}' if text else ''}")
    module.fail_json(code=code, msg=text)


def working(addresses: list[str], ports: list[int]) -> str:
    found = [f"{address}:{port}" for address in addresses for port in ports if answers(address, port, 2)]
    return found[0] if found else ""


def unarmed(name: str, seen: dict, images: list[str]) -> tuple[str, str] | None:
    inserted = [one["image"] for one in seen["media"]]
    missing = [image for image in images if image not in inserted]
    if missing:
        return "OS_MEDIA_NOT_INSERTED", f"The BMC of {name} took {missing[0]} and does not show it: inserted is {', '.join(inserted) or 'nothing'}."
    boot = seen["boot"]
    if (boot["enabled"], boot["target"]) != ("Once", "Cd"):
        return "OS_BOOT_NOT_SET", f"The BMC of {name} was told to boot from virtual media once and shows {boot['target']}, {boot['enabled']}."
    return None


def left(name: str, seen: dict, images: list[str]) -> tuple[str, str] | None:
    own = [one["image"] for one in seen["media"] if one["image"] in images]
    if own:
        return "OS_MEDIA_LEFT", f"The BMC of {name} does not let go of the virtual medium {own[0]}: the server could start its installer again."
    boot = seen["boot"]
    if (boot["enabled"], boot["target"]) == ("Once", "Cd"):
        return "OS_BOOT_LEFT", f"The BMC of {name} still has the setting to boot from virtual media at its next start."
    return None


if __name__ == "__main__":
    main()
