#!/usr/bin/python3
"""Has OpenManage Enterprise hold devices against a baseline once more, and says which updates run right now."""

from __future__ import annotations

from ansible.module_utils import bringup_ome as ome
from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: bringup_fw_baseline
short_description: Refresh the compliance of a firmware baseline
description:
  - Runs the job of the baseline again where it does not run already; that changes nothing at any device.
options:
  name: {description: The baseline., type: str, required: true}
  hostname: {description: Address of OpenManage Enterprise., type: str, required: true}
  port: {description: TCP port of its API., type: int, default: 443}
  username: {description: An account there., type: str, required: true}
  password: {description: The account's password., type: str, required: true}
  ca_path: {description: File with the certificates to trust., type: path, required: true}
  timeout: {description: Seconds for one answer., type: int, default: 30}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_fw_baseline: {name: Bringup plant-7, hostname: h, username: u, password: p, ca_path: /c}
"""
RETURN = r"""
job: {description: Job of the baseline., type: int, returned: success}
updating: {description: "Update jobs that run right now: job, devices (their numbers).", type: list, elements: dict, returned: success}
"""
RUNNING = 2050


def main() -> None:
    module = AnsibleModule(argument_spec={**ome.ome_arguments(), "name": {"type": "str", "required": True}}, supports_check_mode=True)
    name = module.params["name"]
    try:
        with ome.Ome(module.params) as appliance:
            baseline = next((one for one in appliance.members("UpdateService/Baselines") if one.get("Name") == name), None)
            if baseline is None:
                module.fail_json(code="FIRMWARE_BASELINE_MISSING", msg=f"OpenManage Enterprise has no firmware baseline {name}.")
            if baseline.get("TaskStatusId") != RUNNING and not module.check_mode:
                appliance.send("POST", "JobService/Actions/JobService.RunJobs", {"JobIds": [baseline["TaskId"]]})
            jobs = [one for one in appliance.members("JobService/Jobs") if is_update(one)]
    except ome.OmeError as error:
        module.fail_json(code=error.code, msg=f"{error}.")
    updating = [{"job": job["Id"], "devices": [target.get("Id") for target in job.get("Targets") or []]} for job in jobs]
    module.exit_json(changed=False, job=baseline["TaskId"], updating=updating, msg=f"the baseline {name} is held against its devices")


def is_update(job: dict) -> bool:
    return (job.get("JobType") or {}).get("Name") == "Update_Task" and (job.get("LastRunStatus") or {}).get("Id") == RUNNING


if __name__ == "__main__":
    main()
