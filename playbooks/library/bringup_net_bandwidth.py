#!/usr/bin/python3
"""Sends to the next target server for a moment and tells how fast it went."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_net_links import addresses
from ansible.module_utils.bringup_net_plan import legs, points, ports_between
from ansible.module_utils.bringup_net_ports import send_sample

DOCUMENTATION = r"""
module: bringup_net_bandwidth
short_description: Sample the bandwidth to the next target server
description:
  - TCP to a port on which bringup_net_listen answers, in each network that both are in, for at most two seconds.
  - Changes nothing and never fails for what it finds.
options:
  me: {description: Name of this server in the site file., type: str, required: true}
  site: {description: "networks, hosts, kvm_host and deployment_vm of the site file.", type: dict, required: true}
  ports: {description: "Rules: {from, to, protocol, ports} by roles.", type: list, elements: dict, required: true}
  listening: {description: "Per server what bringup_net_listen said: {listening, taken}.", type: dict, required: true}
  token: {description: That of the listeners., type: str, required: true}
  limits: {description: "min_mbit, sample_seconds (at most 2), sample_mib.", type: dict, required: true}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_net_bandwidth:
    me: node-1
    site: {networks: [], hosts: [], kvm_host: {}, deployment_vm: {}}
    ports: []
    listening: {}
    token: 5b0c
    limits: {min_mbit: 100, sample_seconds: 1, sample_mib: 256}
"""
RETURN = r"""
rows: {description: "Rows of the matrix, see bringup_net_probe.", type: list, elements: dict, returned: success}
"""


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "me": {"type": "str", "required": True},
            "site": {"type": "dict", "required": True},
            "ports": {"type": "list", "elements": "dict", "required": True},
            "listening": {"type": "dict", "required": True},
            "token": {"type": "str", "required": True, "no_log": False},
            "limits": {"type": "dict", "required": True},
        },
        supports_check_mode=True,
    )
    params, rows = module.params, []
    everybody = points(params["site"])
    targets = [point for point in everybody if point["kind"] == "target"]
    me = next(point for point in targets if point["name"] == params["me"])
    place = targets.index(me) + 1
    held = {one["address"] for one in addresses()}
    for partner in (targets[place:] + targets[: place - 1])[:1]:
        open_there = params["listening"].get(partner["name"], {}).get("listening", [])
        ports = [port for protocol, port in ports_between(me, partner, params["ports"]) if protocol == "tcp" and f"tcp/{port}" in open_there]
        for way in legs(me, [me, partner], params["site"]["networks"]):
            if ports and way["source"] in held and not module.check_mode:
                rows.append(sample(params, way, ports))
    module.exit_json(changed=False, rows=rows, msg=", ".join(f"{row['to']}: {row['seen']}" for row in rows) or "nothing to send to")


def sample(params: dict, way: dict, ports: list[int]) -> dict:
    limits = params["limits"]
    seconds, most = min(2.0, float(limits["sample_seconds"])), int(limits["sample_mib"]) << 20
    place = {"from": params["me"], "to": way["to"], "test": "bandwidth", "network": way["network"], "address": way["address"]}
    wanted = f"at least {limits['min_mbit']:g} Mbit/s"
    for port in ports:
        result = send_sample(way["source"], way["address"], port, params["token"], seconds, most)
        if result is not None:
            mbit = result["bytes"] * 8 / result["seconds"] / 1e6
            status = "ok" if mbit >= limits["min_mbit"] else "failed"
            return {**place, "seen": f"{mbit:.0f} Mbit/s", "wanted": wanted, "status": status, "mbit": round(mbit)}
    return {**place, "seen": "no port was open for it", "wanted": wanted, "status": "not-tested"}


if __name__ == "__main__":
    main()
