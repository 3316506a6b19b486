#!/usr/bin/python3
"""Puts the checks of all machines into one matrix, and keeps it."""

from __future__ import annotations

import json
import os

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_files import write_whole
from ansible.module_utils.bringup_health import SUBJECTS

DOCUMENTATION = r"""
module: bringup_health_report
short_description: Keep the matrix of the health checks
description:
  - Never fails for what was found. The file is a record of this look, no setting of a machine, so writing it is no change; in check mode it is not written.
options:
  checks: {description: All checks of all machines., type: list, elements: dict, required: true}
  path: {description: "The JSON file: at, run, counts, matrix (check, host, verdict), checks.", type: path, required: true}
  run: {description: The run by its id., type: str, required: true}
  at: {description: When it was looked., type: str, required: true}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_health_report: {checks: [], path: /var/lib/bringup/sites/plant-7/health.json, run: r1, at: "2026-11-21T20:00:00Z"}
"""
RETURN = r"""
counts: {description: How many came to each verdict., type: dict, returned: success}
matrix: {description: "By check, then by host: the verdict.", type: dict, returned: success}
order: {description: "Every check, the one that explains most first.", type: list, elements: str, returned: success}
stdout: {description: "The matrix in words, a check a line.", type: str, returned: success}
"""
VERDICTS = ("failed", "warn", "skipped", "ok")


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "checks": {"type": "list", "elements": "dict", "required": True},
            "path": {"type": "path", "required": True},
            "run": {"type": "str", "required": True},
            "at": {"type": "str", "required": True},
        },
        supports_check_mode=True,
    )
    params, matrix = module.params, {check: {} for check in SUBJECTS}
    for one in params["checks"]:
        matrix[one["check"]][one["host"]] = one["verdict"]
    matrix = {check: row for check, row in matrix.items() if row}
    every = [verdict for row in matrix.values() for verdict in row.values()]
    counts = {verdict: every.count(verdict) for verdict in VERDICTS}
    report = {"bringup_health": 1, "at": params["at"], "run": params["run"], "counts": counts, "matrix": matrix, "checks": params["checks"]}
    if not module.check_mode:
        os.makedirs(os.path.dirname(params["path"]), exist_ok=True)
        write_whole(params["path"], json.dumps(report, indent=1) + "\n")
    machines = len({one["host"] for one in params["checks"]})
    msg = f"{len(every)} checks of {machines} machines: {counts['ok']} ok, {counts['warn']} warnings, {counts['failed']} failed, {counts['skipped']} skipped; kept in {params['path']}"
    module.exit_json(changed=False, counts=counts, matrix=matrix, order=list(SUBJECTS), stdout="\n".join(line(check, row) for check, row in matrix.items()), msg=msg)


def line(check: str, row: dict[str, str]) -> str:
    """Hosts by name but for those that are ok."""
    told = [f"{verdict} {', '.join(host for host, seen in row.items() if seen == verdict)}" for verdict in VERDICTS[:3] if verdict in row.values()]
    good = list(row.values()).count("ok")
    return f"{check}: {'; '.join([*told, *([f'{good} ok'] if good else [])])}"


if __name__ == "__main__":
    main()
