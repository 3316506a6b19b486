#!/usr/bin/python3
"""Looks once whether a server has an operating system that takes the login of the site file."""

from __future__ import annotations

import time

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_host_keys import keep_keys, read_keys, shown_keys
from ansible.module_utils.bringup_os import SYSTEM, answers, log_in, progress
from ansible.module_utils.bringup_redfish import Redfish, RedfishError

DOCUMENTATION = r"""
module: bringup_os_login
short_description: See whether a server has an operating system that can be logged in to
description:
  - Returns at once, to be called with until and retries; when those are used up, Ansible fails the task with what was said last.
  - With C(fresh) the server was installed a moment ago, so its host key is a new one; it is kept once the login works with it.
options:
  name: {description: Name of the server., type: str, required: true}
  address: {description: Where it answers SSH., type: str, required: true}
  port: {description: Its SSH port., type: int, default: 22}
  username: {description: Whom to log in as., type: str, required: true}
  password: {description: The password of that user., type: str, default: ""}
  private_key: {description: The private key of that user., type: str, default: ""}
  expected: {description: "Fingerprint of the host key as the site file has it.", type: str, default: ""}
  known_hosts: {description: File of the host key of this server alone., type: path, required: true}
  folder: {description: A folder in memory for the time of the login., type: path, required: true}
  fresh: {description: Whether the host key may be another one than before., type: bool, default: false}
  since: {description: "When the installer was started, in seconds since 1970.", type: int, default: 0}
  bmc: {description: "Its BMC, asked for power and progress: address, port, certificate, username, password.", type: dict, default: {}}
  verify: {description: Fail where the login does not work., type: bool, default: false}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_os_login: {name: node-1, address: 10.20.0.11, username: root, private_key: "{{ secret }}", known_hosts: /var/lib/bringup/known_hosts.d/node-1, folder: /run/bringup}
"""
RETURN = r"""
state: {description: "login, refused, other-key or silent.", type: str, returned: success}
why: {description: What was seen., type: str, returned: success}
"""


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "name": {"type": "str", "required": True},
            "address": {"type": "str", "required": True},
            "port": {"type": "int", "default": 22},
            "username": {"type": "str", "required": True},
            "password": {"type": "str", "default": "", "no_log": True},
            "private_key": {"type": "str", "default": "", "no_log": True},
            "expected": {"type": "str", "default": ""},
            "known_hosts": {"type": "path", "required": True},
            "folder": {"type": "path", "required": True},
            "fresh": {"type": "bool", "default": False},
            "since": {"type": "int", "default": 0},
            "bmc": {"type": "dict", "default": {}, "no_log": True},
            "verify": {"type": "bool", "default": False},
        },
        supports_check_mode=True,
    )
    params = module.params
    state, why, keys = look(params)
    name, place = params["name"], f"{params['address']} port {params['port']}"
    if state == "login":
        changed = params["fresh"] and not module.check_mode and keep(params["known_hosts"], keys)
        module.exit_json(changed=changed, state=state, why=why, msg=f"{name} has an operating system: {params['username']} logs in over SSH at {place}")
    if params["verify"]:
        module.fail_json(code="OS_NO_LOGIN", state=state, why=why, msg=f"{name} has no operating system that takes its login at {place}: {why}.")
    if not params["since"]:
        module.exit_json(changed=False, state=state, why=why, msg=f"{name} has no operating system that takes its login at {place}: {why}")
    # The code counts once Ansible gives up.
    minutes = max(0, int(time.time()) - params["since"]) // 60
    code = "OS_NEVER_ANSWERED" if state == "silent" else "OS_LOGIN_REFUSED"
    module.exit_json(changed=False, state=state, why=why, code=code, msg=f"{name} does not take its login at {place} {minutes} min after its installer was started: {why}{told_by_bmc(params['bmc'])}")


def look(params: dict) -> tuple[str, str, list[str]]:
    address, port = params["address"], params["port"]
    if not answers(address, port):
        return "silent", "nothing answers there", []
    shown, keys = shown_keys(address, port, params["expected"], [] if params["fresh"] else read_keys(params["known_hosts"]))
    if not shown:
        return "silent", "the port is open and nothing there speaks SSH", []
    if not keys:
        return "other-key", f"it shows the host key {', '.join(sorted(shown.values()))}, which is not the known one", []
    said = log_in(address, port, params, keys, params["folder"])
    return ("refused", said, keys) if said else ("login", "the login works", keys)


def told_by_bmc(bmc: dict) -> str:
    if not bmc.get("address"):
        return ""
    try:
        with Redfish(bmc["address"], int(bmc.get("port") or 443), bmc.get("certificate") or "", bmc["username"], bmc["password"]) as client:
            system = client.get(SYSTEM)
    except RedfishError as error:
        return f"; {error}"
    state = progress(system)
    return f"; power is {system.get('PowerState')}{f', start: {state}' if state else ''}"


def keep(path: str, keys: list[str]) -> bool:
    if read_keys(path) == keys:
        return False
    keep_keys(path, keys)
    return True


if __name__ == "__main__":
    main()
