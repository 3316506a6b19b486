#!/usr/bin/python3
"""Answers on the ports that the site needs open between its servers, for a short time, before anything else listens."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_net_listener import open_ports, ring, serve
from ansible.module_utils.bringup_net_plan import points, ports_of

DOCUMENTATION = r"""
module: bringup_net_listen
short_description: Temporary listeners for the test of required ports
description:
  - C(started) leaves one process that answers those who know the token, and ends when it is told to or after I(seconds).
  - Writes no file and opens no port that another program holds. Not started in check mode, nor where nothing is required.
options:
  state: {description: started or stopped., type: str, choices: [started, stopped], default: started}
  token: {description: Shared by all who take part in one test., type: str, default: ""}
  me: {description: Name of this server in the site file., type: str, default: ""}
  site: {description: "networks, hosts, kvm_host and deployment_vm of the site file.", type: dict, default: {}}
  ports: {description: "Rules: {from, to, protocol, ports} by roles.", type: list, elements: dict, default: []}
  seconds: {description: After this long it ends by itself., type: int, default: 120}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_net_listen:
    token: 5b0c
    me: node-1
    site: {networks: [], hosts: [], kvm_host: {}, deployment_vm: {}}
    ports: [{from: [rke2-agent], to: [rke2-server], protocol: tcp, ports: [6443, 9345]}]
"""
RETURN = r"""
listening: {description: "Ports that answer, as tcp/6443.", type: list, elements: str, returned: success}
taken: {description: Ports that another program holds., type: list, elements: str, returned: success}
"""


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "state": {"type": "str", "choices": ["started", "stopped"], "default": "started"},
            "token": {"type": "str", "default": "", "no_log": False},
            "me": {"type": "str", "default": ""},
            "site": {"type": "dict", "default": {}},
            "ports": {"type": "list", "elements": "dict", "default": []},
            "seconds": {"type": "int", "default": 120},
        },
        supports_check_mode=True,
    )
    params = module.params
    if params["state"] == "stopped":
        module.exit_json(changed=False, msg="the listeners ended" if ring() else "no listener ran")
    # One that an earlier attempt left, which was broken off.
    ring()
    everybody = points(params["site"])
    me = next(point for point in everybody if point["name"] == params["me"])
    addresses = [entry["address"] for entry in me["interfaces"] if entry.get("address")]
    wanted = ports_of(me, everybody, params["ports"])
    if module.check_mode or not wanted or not addresses:
        module.exit_json(changed=False, listening=[], taken=[], msg="nothing to listen on")
    channels, had, taken = open_ports(addresses, wanted)
    if channels:
        serve(channels, params["me"], params["token"], params["seconds"])
    module.exit_json(changed=False, listening=had, taken=taken, msg=f"answers on {', '.join(had) or 'no port'}")


if __name__ == "__main__":
    main()
