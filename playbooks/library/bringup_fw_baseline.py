#!/usr/bin/python3
"""Has OpenManage Enterprise hold devices against baselines once more, and says which updates run right now."""

from __future__ import annotations

from ansible.module_utils import bringup_ome as ome
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_firmware import is_ours

DOCUMENTATION = r"""
module: bringup_fw_baseline
short_description: Refresh the compliance of firmware baselines
description:
  - Runs the job of each baseline again where it does not run already; that changes nothing at any device.
  - Baselines of the site that no profile wants any more are named, never deleted.
options:
  names: {description: The baselines., type: list, elements: str, required: true}
  wanted: {description: "Every baseline that a profile of the site wants, with or without a device.", type: list, elements: str, default: []}
  prefix: {description: What names of baselines of this site begin with., type: str, required: true}
  refresh: {description: "Run their jobs, and fail where one is missing.", type: bool, default: true}
extends_documentation_fragment: [bringup_ome]
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_fw_baseline: {names: [Bringup plant-7 compute], prefix: Bringup plant-7, hostname: h, username: u, password: p, ca_path: /c}
"""
RETURN = r"""
jobs: {description: "Jobs of the baselines: name, job.", type: list, elements: dict, returned: success}
missing: {description: Baselines that OpenManage Enterprise does not have., type: list, elements: str, returned: success}
left: {description: Baselines of this site that no profile wants any more., type: list, elements: str, returned: success}
updating: {description: "Update jobs that run right now: job, devices (their numbers).", type: list, elements: dict, returned: success}
"""
RUNNING = 2050
# Queued, starting, running (module_utils/ome.py of dellemc.openmanage).
UNDERWAY = (2030, 2040, RUNNING)


def main() -> None:
    names = {"names": {"type": "list", "elements": "str", "required": True}, "wanted": {"type": "list", "elements": "str", "default": []}}
    extra = {"prefix": {"type": "str", "required": True}, "refresh": {"type": "bool", "default": True}}
    module = AnsibleModule(argument_spec={**ome.ome_arguments(), **names, **extra}, supports_check_mode=True)
    params = module.params
    asked = params["refresh"] and not module.check_mode
    try:
        with ome.Ome(params) as appliance:
            baselines = {str(one.get("Name")): one for one in appliance.members("UpdateService/Baselines")}
            found = [baselines[name] for name in params["names"] if name in baselines]
            missing = [name for name in params["names"] if name not in baselines]
            if missing and asked:
                module.fail_json(code="FIRMWARE_BASELINE_MISSING", msg=f"OpenManage Enterprise has no firmware baseline {', '.join(missing)}.")
            idle = [one["TaskId"] for one in found if one.get("TaskStatusId") != RUNNING]
            if idle and asked:
                appliance.send("POST", "JobService/Actions/JobService.RunJobs", {"JobIds": idle})
            jobs = [one for one in appliance.members("JobService/Jobs") if is_update(one)]
    except ome.OmeError as error:
        module.fail_json(code=error.code, msg=f"{error}.")
    updating = [{"job": job["Id"], "devices": [target.get("Id") for target in job.get("Targets") or []]} for job in jobs]
    left = sorted(name for name in baselines if is_ours(name, params["prefix"]) and name not in [*params["names"], *params["wanted"]])
    module.exit_json(
        changed=False, jobs=[{"name": one["Name"], "job": one["TaskId"]} for one in found], missing=missing, left=left, updating=updating,
        msg=f"{len(found)} of {len(params['names'])} baselines are there: {', '.join(str(one['Name']) for one in found)}",
    )


def is_update(job: dict) -> bool:
    return (job.get("JobType") or {}).get("Name") == "Update_Task" and (job.get("LastRunStatus") or {}).get("Id") in UNDERWAY


if __name__ == "__main__":
    main()
