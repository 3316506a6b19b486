#!/usr/bin/python3
"""Looks whether a server can become, or is, a node of the cluster; all that is in the way is told at once."""

from __future__ import annotations

import os
import re
import shutil
import socket
import time

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_rke2_host import default_route, holders, memory_mib, swap_mib
from ansible.module_utils.bringup_rke2_unit import digest, read_stamp, systemctl, unit_state, write_stamp

DOCUMENTATION = r"""
module: bringup_rke2_preflight
short_description: See whether a server can become a node of an RKE2 cluster
description: Requirements of docs.rke2.io (Requirements; Air-Gap Install; Known Issues on firewalld). Changes nothing.
options:
  kind: {description: server or agent., type: str, choices: [server, agent], required: true}
  files: {description: Files that the unit reads when it starts., type: list, elements: path, required: true}
  tcp_ports: {description: Ports it listens on., type: list, elements: int, default: []}
  udp_ports: {description: Ports it listens on., type: list, elements: int, default: []}
  cpus: {description: Processors it needs., type: int, default: 2}
  memory_mib: {description: Memory it needs., type: int, default: 3600}
  disk_mib: {description: Free space it needs under /var/lib., type: int, default: 0}
  control_time: {description: Clock of the deployment VM in seconds since 1970., type: float, required: true}
  max_clock_offset: {description: Seconds that the clocks may differ., type: float, default: 60}
  began: {description: Whether it began a cluster that has other servers., type: bool, default: false}
  token: {description: The cluster's token., type: str, required: true}
  token_file: {description: Where the server keeps it., type: path, required: true}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_rke2_preflight: {kind: agent, files: [], control_time: 1795000000, token: t, token_file: /etc/rancher/rke2/token}
"""
RETURN = r"""
hostname: {description: The name the server has for itself., type: str, returned: always}
member: {description: It holds the state of a cluster., type: bool, returned: always}
running: {description: Its unit is active., type: bool, returned: always}
network_manager: {description: NetworkManager runs there., type: bool, returned: always}
notes: {description: What is no fault and should be known., type: list, elements: str, returned: always}
"""
# What a node that was stopped leaves running.
OWN = ("rke2", "etcd", "kube", "containerd", "flannel", "calico", "cilium")
STATE = {"server": "/var/lib/rancher/rke2/server/db/etcd", "agent": "/var/lib/rancher/rke2/agent/client-kubelet.crt"}


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "kind": {"type": "str", "choices": ["server", "agent"], "required": True},
            "files": {"type": "list", "elements": "path", "required": True},
            "tcp_ports": {"type": "list", "elements": "int", "default": []},
            "udp_ports": {"type": "list", "elements": "int", "default": []},
            "cpus": {"type": "int", "default": 2},
            "memory_mib": {"type": "int", "default": 3600},
            "disk_mib": {"type": "int", "default": 0},
            "control_time": {"type": "float", "required": True},
            "max_clock_offset": {"type": "float", "default": 60},
            "began": {"type": "bool", "default": False},
            "token": {"type": "str", "required": True, "no_log": True},
            "token_file": {"type": "path", "required": True, "no_log": False},
        },
        supports_check_mode=True,
    )
    params, seen_at = module.params, time.time()
    unit = f"rke2-{params['kind']}.service"
    running = unit_state(unit).get("ActiveState") == "active"
    if running and not read_stamp():
        # The server was booted since, or somebody else started it: it runs with the files of now.
        write_stamp({"digest": digest(params["files"])})
    faults = list(find_faults(params, unit, running, seen_at))
    facts = {
        "hostname": socket.gethostname().split(".")[0],
        "member": os.path.exists(STATE[params["kind"]]),
        "running": running,
        "network_manager": active("NetworkManager.service"),
        "notes": [f"swap of {swap_mib()} MiB is on: the kubelet runs, and a node that swaps is slow"] if swap_mib() else [],
    }
    if faults:
        code, msg = faults[0]
        module.fail_json(code=code, msg=msg, stderr="\n".join(text for _, text in faults[1:]), **facts)
    module.exit_json(changed=False, msg="; ".join(["the server can be a node", *facts["notes"]]), **facts)


def find_faults(params: dict, unit: str, running: bool, seen_at: float):
    """(code, sentence) of each, what explains others first."""
    name = socket.gethostname().split(".")[0]
    if os.geteuid() != 0:
        yield "RKE2_ROOT", f"The login to {name} is not root's and may not become root: RKE2 is installed by root."
    offset = seen_at - params["control_time"]
    if abs(offset) > params["max_clock_offset"]:
        here, there = (time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(at)) for at in (seen_at, params["control_time"]))
        way = "ahead of" if offset > 0 else "behind"
        told = f"The clock of {name} is {abs(offset):.0f} s {way} that of the deployment VM: {here} here, {there} there."
        yield "RKE2_CLOCK", f"{told} Certificates of the cluster would not be valid."
    other = "agent" if params["kind"] == "server" else "server"
    if unit_state(f"rke2-{other}.service").get("ActiveState") in ("active", "activating"):
        yield "RKE2_ROLE", f"{name} runs as an RKE2 {other}, and the site file makes it a {params['kind']}: run rke2-uninstall.sh there first."
    token = kept_token(params["token_file"])
    if token is not None and os.path.exists(STATE[params["kind"]]) and short(token) != short(params["token"]):
        told = f"{name} belongs to a cluster with another token than the deployment VM keeps"
        yield "RKE2_TOKEN", f"{told}: with this one it would be cut off. Nothing was changed."
    if params["began"] and not os.path.exists(STATE["server"]):
        yield "RKE2_FIRST_LOST", f"{name} began the cluster and has lost its state since: started now it would begin a second one."
    if not running:
        for kind in ("tcp", "udp"):
            for port, holder in sorted(holders(kind, params[f"{kind}_ports"]).items()):
                if not holder.startswith(OWN):
                    yield "RKE2_PORT", f"{kind.upper()} port {port}, which {unit} needs, is held on {name} by {holder}."
    if not default_route():
        yield "RKE2_ROUTE", f"{name} has no default route, which RKE2 needs to find its own address; one to nowhere is enough."
    if active("firewalld.service"):
        yield "RKE2_FIREWALLD", f"firewalld runs on {name}: it drops what the cluster's network sends between nodes."
    cpus = len(os.sched_getaffinity(0))
    if cpus < params["cpus"]:
        yield "RKE2_SMALL", f"{name} has {cpus} processors, wanted {params['cpus']}."
    if memory_mib() < params["memory_mib"]:
        yield "RKE2_SMALL", f"{name} has {memory_mib()} MiB of memory, wanted {params['memory_mib']}."
    free = shutil.disk_usage("/var/lib").free >> 20
    if free < params["disk_mib"] and not running:
        yield "RKE2_DISK", f"/var/lib on {name} has {free} MiB free, and the artifacts with what is unpacked of them need {params['disk_mib']}."


def active(unit: str) -> bool:
    return systemctl("is-active", "--quiet", unit).returncode == 0


def kept_token(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8") as source:
            return source.read().strip()
    except OSError:
        return None


def short(token: str) -> str:
    """The secret part of a token: a whole one (K10HASH::server:SECRET) names the CA besides."""
    return re.sub(r"^K10[0-9a-f]{64}::(?:[^:]*:)?", "", token)


if __name__ == "__main__":
    main()
