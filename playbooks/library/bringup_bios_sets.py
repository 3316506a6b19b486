#!/usr/bin/python3
"""Says which BIOS templates and compliance baselines the profiles of a site want of OpenManage Enterprise, and which of them it has."""

from __future__ import annotations

from ansible.module_utils import bringup_ome as ome
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_bios_ome import COMPLETED, UNDERWAY, fault, foreign_words, is_ours, sets_of
from ansible.module_utils.bringup_firmware import match_devices

DOCUMENTATION = r"""
module: bringup_bios_sets
short_description: Compare BIOS templates of OpenManage Enterprise with the profiles of the hosts
description:
  - Reads and changes nothing. Hosts that want the same of the same profile are a set, with a template and a baseline of their own.
options:
  hosts: {description: "Hosts: name, profile, hash, settings, serials, bmc.", type: list, elements: dict, required: true}
  prefix: {description: What names of templates begin with., type: str, required: true}
  reference: {description: Host from which the template of its profile is made., type: str, default: ""}
extends_documentation_fragment: [bringup_ome]
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_bios_sets: {hosts: [], prefix: "bringup plant-7 ", hostname: h, username: u, password: p, ca_path: /c}
"""
RETURN = r"""
sets: {description: "template, compliance, source (names), attributes, hosts, devices (ids), origin (id of the reference), has_template, complete (with that for compliance), taken, baseline (missing, differs, kept).", type: list, elements: dict, returned: success}
faults: {description: "By host: code and msg.", type: dict, returned: success}
devices: {description: "By host: its device, with Id, DeviceServiceTag, PowerState.", type: dict, returned: success}
outdated: {description: Baselines of this site for what no profile wants any more., type: list, elements: str, returned: success}
assigned: {description: "By host: name and id of the profile that OpenManage Enterprise has assigned to it, and whether it is ours.", type: dict, returned: success}
busy: {description: "Deployments of ours that run: job, hosts.", type: list, elements: dict, returned: success}
"""


def main() -> None:
    lists = {"hosts": {"type": "list", "elements": "dict", "required": True}}
    texts = {"prefix": {"type": "str", "required": True}, "reference": {"type": "str", "default": ""}}
    module = AnsibleModule(argument_spec={**ome.ome_arguments(), **lists, **texts}, supports_check_mode=True)
    params = module.params
    reference = params["reference"]
    if reference and reference not in [host["name"] for host in params["hosts"]]:
        module.fail_json(code="BIOS_REFERENCE_UNKNOWN", msg=f"parameters.bios.reference names {reference}, and the site file has no such host.")
    try:
        with ome.Ome(params) as session:
            told = look(session, params)
    except ome.OmeError as error:
        module.fail_json(code=error.code, msg=f"{error}.")
    missing = sum(not one["complete"] for one in told["sets"])
    module.exit_json(changed=False, msg=f"{len(told['sets'])} templates are wanted, {missing} of them are not there yet", **told)


def look(session: ome.Ome, params: dict) -> dict:
    prefix = params["prefix"]
    wanted = sets_of(params["hosts"], prefix, params["reference"])
    members = [name for one in wanted for name in one["hosts"]]
    found, missing = match_devices([host for host in params["hosts"] if host["name"] in members], session.members("DeviceService/Devices"))
    faults = {name: unknown_device(name, told["msg"]) for name, told in missing.items()}
    templates = {one["Name"]: one for one in session.members("TemplateService/Templates") if str(one.get("Name")).startswith(prefix)}
    baselines = {one["Name"]: one for one in session.members("TemplateService/Baselines") if is_ours(str(one.get("Name")), prefix)}
    sets = []
    for one in wanted:
        one["hosts"] = [name for name in one["hosts"] if name in found]
        if one["hosts"]:
            one["origin"] = found[one["hosts"][0]]["Id"]
            one["devices"] = sorted(found[name]["Id"] for name in one["hosts"])
            faults.update(templates_seen(session, one, templates))
            one["baseline"] = baseline_state(one, baselines.get(one["template"]), templates)
            sets.append(one)
    assigned, busy = profiles_seen(session, found, prefix)
    outdated = sorted(baselines.keys() - {one["template"] for one in wanted})
    kept = ("Id", "DeviceServiceTag", "DeviceName", "PowerState")
    devices = {name: {key: device.get(key) for key in kept} for name, device in found.items()}
    return {"sets": sets, "faults": faults, "devices": devices, "outdated": outdated, "assigned": assigned, "busy": busy}


def unknown_device(name: str, text: str) -> dict:
    return fault("BIOS_DEVICE_UNKNOWN", text.split(", so ")[0] + f", so it cannot set the BIOS of {name}.")


def templates_seen(session: ome.Ome, entry: dict, templates: dict) -> dict:
    """Marks which of both templates are there; a fault for each host where one is another than its name says."""
    entry["taken"] = entry["complete"] = False
    for key, name in (("has_template", entry["template"]), ("has_compliance", entry["compliance"])):
        template = templates.get(name)
        entry[key] = template is not None
        if template is None:
            continue
        if template.get("Status") == COMPLETED:
            content = session.send("POST", "TemplateService/Actions/TemplateService.Export", {"TemplateId": template["Id"]})[0].get("Content")
            why = foreign_words(content, entry["attributes"])
        else:
            why = "it is not complete"
        if why:
            entry["taken"] = True
            msg = f"OpenManage Enterprise has a template {name} that is not what the profile wants, and Bringup leaves it alone: {why}."
            return {host: fault("BIOS_TEMPLATE_TAKEN", msg) for host in entry["hosts"]}
    entry["complete"] = entry["has_template"] and entry["has_compliance"]
    return {}


def baseline_state(entry: dict, baseline: dict | None, templates: dict) -> str:
    if baseline is None:
        return "missing"
    targets = sorted(target.get("Id") for target in baseline.get("BaselineTargets") or [])
    same = targets == entry["devices"] and baseline.get("TemplateId") == (templates.get(entry["compliance"]) or {}).get("Id")
    return "kept" if same else "differs"


def profiles_seen(session: ome.Ome, found: dict, prefix: str) -> tuple[dict, list[dict]]:
    """What OpenManage Enterprise has assigned to the devices, and which deployments of ours run right now."""
    by_device = {device["Id"]: name for name, device in found.items()}
    assigned, running = {}, {}
    for one in session.members("ProfileService/Profiles"):
        name = by_device.get(one.get("TargetId"))
        if name is None or not one.get("ProfileState"):
            continue
        ours = is_ours(str(one.get("TemplateName")), prefix)
        assigned[name] = {"id": one["Id"], "name": one.get("ProfileName"), "ours": ours}
        if ours and one.get("DeploymentTaskId") and one.get("LastRunStatus") in UNDERWAY:
            running.setdefault(one.get("DeploymentTaskId"), []).append(name)
    return assigned, [{"job": job, "hosts": sorted(hosts)} for job, hosts in sorted(running.items())]


if __name__ == "__main__":
    main()
