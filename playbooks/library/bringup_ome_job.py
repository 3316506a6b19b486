#!/usr/bin/python3
"""How a job of OpenManage Enterprise goes, and what it said of each device."""

from __future__ import annotations

from ansible.module_utils import bringup_ome as ome
from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: bringup_ome_job
short_description: Look at a job of OpenManage Enterprise
description:
  - Tells what the modules of dellemc.openmanage leave out, the reason of each device that failed. For until, with running.
  - An OME that went away is waited for, as its jobs go on when it restarts; until then the job counts as running.
options:
  job_id: {description: The job., type: int}
  discovery: {description: "In place of job_id, the name of a discovery.", type: str}
extends_documentation_fragment: [bringup_ome, bringup_ome.awaiting]
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_ome_job: {hostname: 10.20.1.40, username: admin, password: "{{ p }}", ca_path: /run/x/ome.pem, job_id: 10117}
  register: seen
  until: not seen.running
"""
RETURN = r"""
exists: {description: False where there is no discovery of that name., type: bool, returned: always}
running: {description: Whether it has not ended yet., type: bool, returned: always}
job_id: {description: Its number., type: int, returned: when it exists}
status: {description: As OME words it., type: str, returned: when it exists}
results: {description: "Of each device: key, status, text.", type: list, elements: dict, returned: when it exists}
"""

UNDERWAY = (2030, 2040, 2050, 2080)
# Made and not begun: for a job that is to start at once that is only a moment.
WAITING = (2020, 2200)


def main() -> None:
    module = AnsibleModule(
        argument_spec={**ome.awaiting_arguments(), "job_id": {"type": "int"}, "discovery": {"type": "str"}},
        required_one_of=[("job_id", "discovery")],
        mutually_exclusive=[("job_id", "discovery")],
        supports_check_mode=True,
    )
    try:
        with ome.Ome(module.params) as session:
            ome.is_back(module.params)
            told = look(session, module.params)
    except ome.OmeError as error:
        if not ome.is_awaited(module.params, error):
            module.fail_json(code=error.code, running=False, msg=f"{error}.")
        module.exit_json(changed=False, exists=True, running=True, code=error.code, bringup_progress=f"{error}; it is waited for.", msg=f"{error}.")
    module.exit_json(changed=False, **told)


def look(session: ome.Ome, params: dict) -> dict:
    number = params["job_id"] if params["job_id"] is not None else discovery_job(session, params["discovery"])
    if number is None:
        return {"exists": False, "running": False, "msg": f"There is no discovery {params['discovery']}."}
    job = session.get(f"JobService/Jobs({number})")
    status = job.get("LastRunStatus") or {}
    running = status.get("Id") in UNDERWAY or (status.get("Id") in WAITING and job.get("Schedule") == "startnow")
    results = results_of(session, number)
    told = {"exists": True, "running": running, "job_id": number, "status": status.get("Name", ""), "results": results}
    text = f"The job {job.get('JobName', number)} of OpenManage Enterprise is in the state {status.get('Name', 'unknown')}"
    if running:
        done = f", {len(results)} devices have their result" if results else ""
        return {**told, "code": "OME_JOB_STUCK", "bringup_progress": f"{text}{done}.", "msg": f"{text} and does not end."}
    return {**told, "msg": f"{text}."}


def discovery_job(session: ome.Ome, name: str) -> int | None:
    jobs = [job["JobId"] for job in session.members("DiscoveryConfigService/Jobs") if job.get("JobName") == name]
    return max(jobs, default=None)


def results_of(session: ome.Ome, number: int) -> list[dict]:
    """Of its newest execution; empty while OME has none."""
    runs = session.members(f"JobService/Jobs({number})/ExecutionHistories")
    if not runs:
        return []
    newest = max(runs, key=lambda run: (run.get("StartTime") or "", run["Id"]))
    details = session.members(f"JobService/Jobs({number})/ExecutionHistories({newest['Id']})/ExecutionHistoryDetails")
    return [{"key": one.get("Key", ""), "status": (one.get("JobStatus") or {}).get("Name", ""), "text": one.get("Value") or ""} for one in details]


if __name__ == "__main__":
    main()
