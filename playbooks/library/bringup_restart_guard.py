#!/usr/bin/python3
"""Tells which servers must not be restarted now: those that are off, carry work, or stand outside their maintenance window."""

from __future__ import annotations

import datetime
import socket
from concurrent.futures import ThreadPoolExecutor

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: bringup_restart_guard
short_description: Refuse to restart servers that are off, carry work or are outside the maintenance window
description:
  - A server carries work when one of C(ports) takes a connection at one of its addresses.
options:
  hosts: {description: "Servers: name, power, addresses, agreed.", type: list, elements: dict, required: true}
  ports: {description: TCP ports that a server at work answers., type: list, elements: int, default: []}
  window: {description: "from and to, as 2026-11-22T01:00:00+01:00; empty means any time.", type: dict, default: {}}
  refuse: {description: Fail with the first refusal instead of returning them., type: bool, default: false}
  timeout: {description: Seconds for one port., type: float, default: 2}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_restart_guard: {hosts: [{name: node-1, power: "On", addresses: [10.20.0.11], agreed: false}], ports: [10250], refuse: true}
"""
RETURN = r"""
refused: {description: "By name: code and msg.", type: dict, returned: success}
"""


AT_ONCE = 50


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "hosts": {"type": "list", "elements": "dict", "required": True},
            "ports": {"type": "list", "elements": "int", "default": []},
            "window": {"type": "dict", "default": {}},
            "refuse": {"type": "bool", "default": False},
            "timeout": {"type": "float", "default": 2},
        },
        supports_check_mode=True,
    )
    params = module.params
    try:
        closed = outside(params["window"] or {}, datetime.datetime.now(datetime.timezone.utc))
    except ValueError as error:
        module.fail_json(code="MAINTENANCE_WINDOW_INVALID", msg=f"The maintenance window cannot be read ({error}): write from and to as 2026-11-22T01:00:00+01:00.")
    # Bare servers answer nothing at all, and their time limits would add up.
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        found = list(pool.map(lambda host: refusal(host, params, closed), params["hosts"]))
    refused = {host["name"]: dict(zip(("code", "msg"), why)) for host, why in zip(params["hosts"], found) if why}
    if params["refuse"] and refused:
        module.fail_json(**next(iter(refused.values())))
    module.exit_json(changed=False, refused=refused, msg=f"{len(refused)} of {len(params['hosts'])} servers must not be restarted")


def refusal(host: dict, params: dict, closed: str) -> tuple[str, str] | None:
    name = host["name"]
    if closed:
        return "MAINTENANCE_WINDOW_CLOSED", f"{name} needs a restart, and {closed}."
    if str(host.get("power")).lower() != "on":
        return "HOST_POWERED_OFF", f"{name} is powered {str(host.get('power')).lower()}: what is to be set there takes effect in a start, and Bringup does not switch on a server that somebody switched off."
    port = None if host.get("agreed") else working(host.get("addresses") or [], params["ports"], params["timeout"])
    if port:
        return "HOST_CARRIES_WORK", f"{name} carries work ({port} answers), and a restart would interrupt it: nobody agreed to that."
    return None


def working(addresses: list[str], ports: list[int], timeout: float) -> str | None:
    """The first port that answers, as `10.20.0.11:10250`."""
    for address in addresses:
        for port in ports:
            try:
                with socket.create_connection((address, port), timeout=timeout):
                    return f"{address}:{port}"
            except TimeoutError:
                # Nothing answers there at all, so the other ports would take the same time for the same answer.
                break
            except OSError:
                continue
    return None


def outside(window: dict, now: datetime.datetime) -> str:
    if not window:
        return ""
    start, end = (moment(window.get(name)) for name in ("from", "to"))
    clock = now.strftime("%Y-%m-%d %H:%M UTC")
    if now < start:
        return f"the maintenance window begins only at {window['from']}; it is {clock}"
    return f"the maintenance window ended at {window['to']}; it is {clock}" if now >= end else ""


def moment(text: object) -> datetime.datetime:
    time = datetime.datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    if time.tzinfo is None:
        raise ValueError(f"{text} has no offset from UTC")
    return time


if __name__ == "__main__":
    main()
