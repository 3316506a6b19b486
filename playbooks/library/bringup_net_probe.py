#!/usr/bin/python3
"""Tests the network from where it runs: interfaces, gateways, addresses, machines, packet sizes and ports."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_net_links import macs
from ansible.module_utils.bringup_net_near import test_link
from ansible.module_utils.bringup_net_far import test_legs, test_ports
from ansible.module_utils.bringup_net_plan import legs, points

DOCUMENTATION = r"""
module: bringup_net_probe
short_description: Test the network from one machine
description:
  - Needs root and nothing but Python's standard library. Changes nothing and never fails for what it finds.
  - Round trips and losses by ICMP, packet sizes by echo requests that may not be cut, holders of addresses by ARP probes (RFC 5227).
options:
  me: {description: Name of this machine in the site file., type: str, required: true}
  site: {description: "networks, hosts, kvm_host and deployment_vm of the site file.", type: dict, required: true}
  vips: {description: "Addresses that nobody may hold yet, or only a target server: {name, address}.", type: list, elements: dict, default: []}
  ports: {description: "Rules: {from, to, protocol, ports} by roles.", type: list, elements: dict, default: []}
  listening: {description: "Per server what bringup_net_listen said: {listening, taken}.", type: dict, default: {}}
  token: {description: That of the listeners., type: str, default: ""}
  limits: {description: "max_latency_ms, max_loss_percent.", type: dict, required: true}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_net_probe: {me: node-1, site: {networks: [], hosts: [], kvm_host: {}, deployment_vm: {}}, limits: {max_latency_ms: 50, max_loss_percent: 1}}
"""
RETURN = r"""
rows: {description: "The part of the matrix seen from here: from, to, test, network, seen, wanted, status (ok, failed, not-tested), reason.",
  type: list, elements: dict, returned: success}
macs: {description: Hardware addresses of this machine by interface., type: dict, returned: success}
"""


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "me": {"type": "str", "required": True},
            "site": {"type": "dict", "required": True},
            "vips": {"type": "list", "elements": "dict", "default": []},
            "ports": {"type": "list", "elements": "dict", "default": []},
            "listening": {"type": "dict", "default": {}},
            "token": {"type": "str", "default": "", "no_log": False},
            "limits": {"type": "dict", "required": True},
        },
        supports_check_mode=True,
    )
    params, site = module.params, module.params["site"]
    everybody = points(site)
    me = next(point for point in everybody if point["name"] == params["me"])
    ways, rows, usable = legs(me, everybody, site["networks"]), [], set()
    for entry in me["interfaces"]:
        network = next(one for one in site["networks"] if one["name"] == entry["network"])
        found, works = test_link(me, entry, network, [way for way in ways if way["network"] == network["name"]], params["vips"])
        rows += found
        usable |= {entry.get("address")} if works else set()
    tested, reached = test_legs(me, [way for way in ways if way["source"] in usable], params["limits"])
    rows += tested
    rows += [not_tested(me, way) for way in ways if way["source"] not in usable]
    rows += test_ports(me, ways, reached, everybody, params["ports"], params["listening"], params["token"])
    seen = {row["status"] for row in rows}
    failed = sum(row["status"] == "failed" for row in rows)
    module.exit_json(changed=False, rows=rows, macs=macs(), msg=f"{len(rows)} tests, {failed} failed" if "failed" in seen else f"{len(rows)} tests")


def not_tested(me: dict, way: dict) -> dict:
    wanted = f"an answer of {way['address']}"
    return {"from": me["name"], "to": way["to"], "test": "reach", "network": way["network"], "seen": f"{way['source']} is not usable here",
            "wanted": wanted, "status": "not-tested"}


if __name__ == "__main__":
    main()
