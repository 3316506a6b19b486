#!/usr/bin/python3
"""Has OpenManage Enterprise hold servers against their compliance baselines, reads what it says, and plans the deployments."""

from __future__ import annotations

from ansible.module_utils import bringup_ome as ome
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_bios_ome import POWER_ON, RUNNING, drift_words, fault, waves_of

DOCUMENTATION = r"""
module: bringup_bios_drift
short_description: BIOS drift as compliance baselines of OpenManage Enterprise report it
description:
  - Changes nothing at any server; C(refresh) runs the job of each baseline where it does not run already.
  - Without it returns at once with C(running), to be called with until and retries.
  - A host whose own iDRAC was asked (C(drift) given) counts by what that said, any other by the report.
options:
  sets: {description: As bringup_bios_sets tells them., type: list, elements: dict, required: true}
  refresh: {description: Run the baselines instead of reading them., type: bool, default: false}
  hosts: {description: "Hosts: name, drift (or null), power, addresses, agreed, takes_part.", type: list, elements: dict, default: []}
  devices: {description: As bringup_bios_sets tells them., type: dict, default: {}}
  assigned: {description: As bringup_bios_sets tells them., type: dict, default: {}}
  without: {description: Hosts that are left out of the waves., type: list, elements: str, default: []}
  anew: {description: Hosts of which the report counts in any case., type: list, elements: str, default: []}
  wave_size: {description: "Servers that a deployment takes at once; 0 means ten, and three times as many in each further one.", type: int, default: 0}
extends_documentation_fragment: [bringup_ome, bringup_ome.awaiting]
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_bios_drift: {sets: [], refresh: true, hostname: h, username: u, password: p, ca_path: /c}
"""
RETURN = r"""
running: {description: Whether a baseline is still at it., type: bool, returned: success}
drift: {description: "By host: what the report says differs, in words; empty where nothing does.", type: dict, returned: without refresh}
faults: {description: "By host: code and msg of what stands in the way.", type: dict, returned: without refresh}
waves: {description: "Deployments that are due: template, hosts (name, device, tag, power, addresses, agreed, profile).", type: list, elements: dict, returned: without refresh}
"""
DIFFERS, SAME = ("NONCOMPLIANT", 2), ("COMPLIANT", 1)


def main() -> None:
    lists = {name: {"type": "list", "elements": "dict", "default": []} for name in ("sets", "hosts")}
    dicts = {name: {"type": "dict", "default": {}} for name in ("devices", "assigned")}
    names = {name: {"type": "list", "elements": "str", "default": []} for name in ("without", "anew")}
    extra = {"refresh": {"type": "bool", "default": False}, "wave_size": {"type": "int", "default": 0}}
    module = AnsibleModule(argument_spec={**ome.awaiting_arguments(), **lists, **dicts, **names, **extra}, supports_check_mode=True)
    params = module.params
    names_wanted = {one["template"]: one for one in params["sets"]}
    try:
        with ome.Ome(params) as session:
            ome.is_back(params)
            baselines = [one for one in session.members("TemplateService/Baselines") if one.get("Name") in names_wanted]
            running = [one["Name"] for one in baselines if one.get("TaskStatus") == RUNNING]
            if params["refresh"]:
                refresh(session, baselines, module.check_mode)
                module.exit_json(changed=False, running=True, msg=f"{len(baselines)} baselines are held against their servers")
            if running:
                text = f"OpenManage Enterprise still compares servers with {', '.join(running)}"
                # The code counts once Ansible gives up.
                module.exit_json(changed=False, running=True, code="OME_JOB_STUCK", bringup_progress=f"{text}.", msg=f"{text} and does not end.")
            drift = {name: text for baseline in baselines for name, text in reports(session, baseline, names_wanted[baseline["Name"]], params["devices"])}
    except ome.OmeError as error:
        # A comparison that was not begun would have the former one read in its place.
        if params["refresh"] or not ome.is_awaited(params, error):
            module.fail_json(code=error.code, running=False, msg=f"{error}.")
        module.exit_json(changed=False, running=True, code=error.code, bringup_progress=f"{error}; it is waited for.", msg=f"{error}.")
    told = plan(params, drift)
    differing = [f"{name}: {text}" for name, text in sorted(drift.items()) if text]
    said = "\n".join(differing) if differing else f"OpenManage Enterprise finds the BIOS of {len(drift)} servers as their profiles want it"
    module.exit_json(changed=False, running=False, drift=drift, msg=said, **told)


def refresh(session: ome.Ome, baselines: list[dict], check: bool) -> None:
    idle = [one["TaskId"] for one in baselines if one.get("TaskStatus") != RUNNING]
    if idle and not check:
        session.send("POST", "JobService/Actions/JobService.RunJobs", {"JobIds": idle})


def reports(session: ome.Ome, baseline: dict, entry: dict, devices: dict) -> list[tuple[str, str]]:
    """Hosts of the baseline with what differs on them; one that OpenManage Enterprise could not look at is not among them."""
    place = f"TemplateService/Baselines({baseline['Id']})/DeviceConfigComplianceReports"
    by_device = {devices[name]["Id"]: name for name in entry["hosts"] if name in devices}
    found = []
    for report in session.members(place):
        name, status = by_device.get(report.get("Id")), report.get("ComplianceStatus")
        if name and status in SAME:
            found.append((name, ""))
        elif name and status in DIFFERS:
            words = drift_words(session.get(f"{place}({report['Id']})/DeviceComplianceDetails"))
            found.append((name, words or "it does not say what"))
    return found


def plan(params: dict, drift: dict) -> dict:
    """Who is to be deployed to, and who cannot."""
    faults, due = {}, {}
    known = {name for one in params["sets"] for name in one["hosts"]}
    for host in params["hosts"]:
        name = host["name"]
        if name not in known or not host.get("takes_part") or name in params["without"]:
            continue
        own = host.get("drift") is not None and name not in params["anew"]
        if not own and name not in drift:
            faults[name] = fault("BIOS_NOT_COMPARED", f"Nobody can tell the BIOS of {name}: its iDRAC does not answer the deployment VM, and OpenManage Enterprise could not compare it either.")
        elif host["drift"] if own else drift[name]:
            device, profile = params["devices"][name], params["assigned"].get(name) or {}
            if profile and not profile["ours"]:
                faults[name] = fault("BIOS_DEVICE_ASSIGNED", f"OpenManage Enterprise has the profile {profile['name']} of somebody else assigned to {name}, and Bringup does not take it away.")
                continue
            power = host.get("power") or ("On" if device.get("PowerState") == POWER_ON else "Off")
            due[name] = {"name": name, "device": device["Id"], "tag": device.get("DeviceServiceTag"), "power": power,
                         "addresses": host.get("addresses") or [], "agreed": bool(host.get("agreed")), "profile": profile}
    size, growth = (params["wave_size"], 1) if params["wave_size"] else (ome.FIRST_WAVE, ome.GROWTH)
    return {"faults": faults, "waves": waves_of(params["sets"], due, size, growth)}


if __name__ == "__main__":
    main()
