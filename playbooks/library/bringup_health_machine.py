#!/usr/bin/python3
"""Looks at the health of the machine it runs on, and judges it."""

from __future__ import annotations

import datetime
import os

from ansible.module_utils import bringup_health_certificates as certificates
from ansible.module_utils import bringup_health_machine as machine
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_health import Checks, above, below
from ansible.module_utils.bringup_virsh import VirshError, virsh

DOCUMENTATION = r"""
module: bringup_health_machine
short_description: Judge the health of this machine
description: Reads and changes nothing; never fails for what it finds. Needs Python alone, and root to see all.
options:
  host: {description: Name of this machine in the site., type: str, required: true}
  limits: {description: Figures of the role health., type: dict, required: true}
  services: {description: "Services that have to run: name, and optional where one that is not installed is no fault.", type: list, elements: dict, default: []}
  paths: {description: Folders whose disk counts whatever its kind., type: list, elements: str, default: []}
  certificates: {description: Files of certificates; wildcards are allowed., type: list, elements: str, default: []}
  endpoints: {description: "Servers whose certificates are looked at: name, address, port.", type: list, elements: dict, default: []}
  clock: {description: What bringup_ntp_probe returned for each time server., type: list, elements: dict, default: []}
  virtual_machine: {description: The virtual machine that has to run here and to start with this machine., type: str, default: ""}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_health_machine: {host: node-1, limits: "{{ health_limits }}", services: [{name: rke2-server.service}]}
"""
RETURN = r"""
checks: {description: "Each check: check, host, verdict (ok, warn, failed, skipped), seen, wanted, code, msg.", type: list, elements: dict, returned: success}
"""


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "host": {"type": "str", "required": True},
            "limits": {"type": "dict", "required": True},
            "services": {"type": "list", "elements": "dict", "default": []},
            "paths": {"type": "list", "elements": "str", "default": []},
            "certificates": {"type": "list", "elements": "str", "default": []},
            "endpoints": {"type": "list", "elements": "dict", "default": []},
            "clock": {"type": "list", "elements": "dict", "default": []},
            "virtual_machine": {"type": "str", "default": ""},
        },
        supports_check_mode=True,
    )
    params, found = module.params, Checks(module.params["host"])
    limits = {name: float(value) for name, value in params["limits"].items()}
    found.add("login", "ok", "was let in")
    judge_disks(found, params["paths"], limits)
    judge_clock(found, params["clock"], limits)
    judge_kernel(found, limits)
    judge_services(found, params["services"])
    judge_memory(found, limits)
    judge_certificates(found, params, limits)
    judge_restart(found)
    if params["virtual_machine"]:
        judge_virtual_machine(found, params["virtual_machine"])
    module.exit_json(changed=False, checks=found.all)


def judge_disks(found: Checks, paths: list[str], limits: dict) -> None:
    space, inodes, gone, places = [], [], [], machine.mounts()
    for path in paths:
        try:
            places.setdefault(os.stat(path).st_dev, path)
        except OSError as error:
            gone.append(f"{path} cannot be read ({error.strerror})")
    for place in places.values():
        used, taken, free = machine.fill(place)
        space.append((above(used, limits["space_warn_percent"], limits["space_fail_percent"]), f"{place} is {used:.0f} % full, {free:.1f} GiB are free"))
        inodes.append((above(taken, limits["space_warn_percent"], limits["space_fail_percent"]), f"of the inodes of {place} {taken:.0f} % are taken"))
    wanted = f"less than {limits['space_warn_percent']:g} %"
    if gone:
        found.add("space", "failed", "; ".join(gone), "a folder there", "HEALTH_FOLDER")
    else:
        found.weigh("space", space, wanted, "HEALTH_SPACE", f"{len(space)} file systems have room")
    found.weigh("inodes", inodes, wanted, "HEALTH_INODES", f"{len(inodes)} file systems have inodes")


def judge_clock(found: Checks, clock: list[dict], limits: dict) -> None:
    """The nearest server that answers counts: one that is off or away is told by the network tests."""
    offsets = [(abs(server["offset"]), server) for one in clock for server in one.get("servers") or []]
    if not clock:
        return found.skip("clock", "the site has no time server")
    wanted = f"within {limits['clock_warn_seconds']:g} s of the time server"
    if not offsets:
        return found.add("clock", "failed", "; ".join(str(one.get("msg", "no answer")).rstrip(".") for one in clock), wanted, "HEALTH_CLOCK_UNKNOWN")
    off, server = min(offsets, key=lambda pair: pair[0])
    verdict = above(off, limits["clock_warn_seconds"], limits["clock_fail_seconds"])
    return found.add("clock", verdict, f"{-server['offset']:+.3f} s off {server['server']}", wanted, "HEALTH_CLOCK")


def judge_kernel(found: Checks, limits: dict) -> None:
    code, log = machine.ask("dmesg")
    if code:
        return found.skip("kernel", f"the kernel's log cannot be read: {log}")
    age = float((machine.read("/proc/uptime") or "0").split()[0])
    faults = machine.kernel_faults(log, age - limits["kernel_days"] * 86400)
    worst = [fault for fault in faults if fault[0] == "failed"] or faults
    if not worst:
        return found.add("kernel", "ok", "no complaint")
    verdict, named, _ = worst[-1]
    return found.add("kernel", verdict, f"{len(faults)} {'complaint' if len(faults) == 1 else 'complaints'}, the last: {worst[-1][2][:200]}", "none of disks, memory and file systems", named)


def judge_services(found: Checks, services: list[dict]) -> None:
    if not os.path.isdir("/run/systemd/system"):
        return found.skip_rest(["services", "units"], "systemd does not run here")
    parts, absent = [], []
    for service in services:
        code, text = machine.ask("systemctl", "show", "--property=LoadState,ActiveState,SubState", service["name"])
        seen = machine.properties(text) if code == 0 else {"LoadState": "not-found"}
        state = "not installed" if seen.get("LoadState") == "not-found" else seen.get("ActiveState", "unknown")
        if state == "not installed" and service.get("optional"):
            absent.append(service["name"])
        else:
            parts.append(("ok" if state == "active" else "failed", f"{service['name']} is {state}"))
    if parts:
        found.weigh("services", parts, "active", "HEALTH_SERVICE", ", ".join(words for _, words in parts))
    else:
        found.skip("services", f"{', '.join(absent)} is not installed" if absent else "no service of the site has to run here")
    code, text = machine.ask("systemctl", "list-units", "--state=failed", "--plain", "--no-legend", "--no-pager")
    if code:
        return found.skip("units", f"systemd does not tell its failed units: {text}")
    failed = machine.failed_units(text)
    return found.add("units", "failed" if failed else "ok", f"failed: {', '.join(failed)}" if failed else "none failed", "no failed unit", "HEALTH_UNITS")


def judge_memory(found: Checks, limits: dict) -> None:
    seen = machine.memory(machine.read("/proc/meminfo"), machine.read("/proc/pressure/memory"))
    found.weigh(
        "memory",
        [
            (below(seen["available"], limits["memory_warn_percent"], limits["memory_fail_percent"]), f"{seen['available']:.0f} % of the memory is available"),
            (above(seen["swap"], limits["swap_warn_percent"], limits["swap_fail_percent"]), f"{seen['swap']:.0f} % of the swap is used"),
            (above(seen["pressure"], limits["pressure_warn_percent"], limits["pressure_fail_percent"]), f"for {seen['pressure']:.0f} % of the time something waited for memory"),
        ],
        f"at least {limits['memory_warn_percent']:g} % available, at most {limits['swap_warn_percent']:g} % of the swap used",
        "HEALTH_MEMORY",
        f"{seen['available']:.0f} % available",
    )


def judge_certificates(found: Checks, params: dict, limits: dict) -> None:
    shown, parts = certificates.of_files(params["certificates"]), []
    for one in params["endpoints"]:
        try:
            shown.append((one["name"], certificates.shown_at(one["address"], int(one["port"]))))
        except OSError as error:
            parts.append(("failed", f"{one['name']} at {one['address']} port {one['port']} shows none ({error})"))
    now = datetime.datetime.now(certificates.UTC)
    parts += [certificates.judge(name, der, now, limits["certificate_warn_days"], limits["certificate_fail_days"]) for name, der in shown]
    if not parts:
        return found.skip("certificates", "there is none here that the site needs")
    return found.weigh("certificates", parts, f"good for {limits['certificate_warn_days']:g} days", "HEALTH_CERTIFICATE", f"{len(parts)} are good for {limits['certificate_warn_days']:g} days")


def judge_restart(found: Checks) -> None:
    """Debian and its kin leave a mark; where there is none to leave, nothing can be told."""
    if os.path.exists("/run/reboot-required"):
        names = sorted(set(machine.read("/run/reboot-required.pkgs").split()))
        found.add("restart", "warn", f"one is due{' for ' + ', '.join(names) if names else ''}", "none due")
    elif os.path.exists("/etc/debian_version"):
        found.add("restart", "ok", "none is due")
    else:
        found.skip("restart", "this system leaves no mark of a restart that is due")


def judge_virtual_machine(found: Checks, name: str) -> None:
    wanted = "running, and started with the KVM host"
    try:
        text = virsh("dominfo", name)
    except (VirshError, OSError) as error:
        return found.add("virtual_machine", "failed", f"libvirt does not know it: {error}", wanted, "HEALTH_VM")
    seen = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in text.splitlines())}
    state, start = seen.get("State", "unknown"), seen.get("Autostart", "unknown")
    verdict = "ok" if (state, start) == ("running", "enable") else "failed"
    return found.add("virtual_machine", verdict, f"it is {state}, its autostart is {'on' if start == 'enable' else 'off'}", wanted, "HEALTH_VM")


if __name__ == "__main__":
    main()
