#!/usr/bin/python3
"""Puts what every machine saw into one matrix and says which faults there are, and where."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_net_cells import cells_of
from ansible.module_utils.bringup_net_verdict import faults_of

DOCUMENTATION = r"""
module: bringup_net_verdict
short_description: Judge the matrix of the network tests
description: Pure reckoning. Never fails for what it finds; bringup_net_fault tells it.
options:
  results:
    description: "What the tests of each machine returned: {host, rows, macs, dns, ntp}; dns and ntp as Ansible registers a loop over servers."
    type: list
    elements: dict
    required: true
  machines: {description: "Machines of the site in order: {name, target, present, absent}; a fault of one that is not present is told by another.", type: list,
    elements: dict, required: true}
  managed: {description: Services that the deployment VM gives., type: list, elements: str, default: []}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_net_verdict: {results: [], machines: [{name: node-1, target: true, present: true}]}
"""
RETURN = r"""
matrix: {description: "Every row: from, to, test, network, seen, wanted, status (ok, failed, not-tested).", type: list, elements: dict, returned: success}
cells: {description: "The matrix as the run keeps it, by the machine that tells it; see bringup_net_cells.", type: dict, returned: success}
faults: {description: "By machine: {code, msg}, the one that explains most first.", type: dict, returned: success}
summary: {description: "Per test: ok, failed, not-tested.", type: dict, returned: success}
"""
SILENT = "does not answer"


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "results": {"type": "list", "elements": "dict", "required": True},
            "machines": {"type": "list", "elements": "dict", "required": True},
            "managed": {"type": "list", "elements": "str", "default": []},
        },
        supports_check_mode=True,
    )
    params, rows, macs = module.params, [], {}
    for result in params["results"]:
        macs[result["host"]] = result.get("macs") or {}
        rows += result.get("rows") or []
        for test in ("dns", "ntp"):
            rows += [service_row(result["host"], test, one) for one in result.get(test) or []]
    rows += [not_asked(machine) for machine in params["machines"] if machine["name"] not in macs]
    present = [machine["name"] for machine in params["machines"] if machine["present"]]
    by_host: dict[str, list[dict]] = {}
    for fault in faults_of(rows, params["machines"], macs, params["managed"]):
        host = fault["host"] if fault["host"] in present else present[0]
        by_host.setdefault(host, []).append({"code": fault["code"], "msg": fault["msg"]})
    summary: dict[str, dict[str, int]] = {}
    for row in rows:
        counts = summary.setdefault(row["test"], {"ok": 0, "failed": 0, "not-tested": 0})
        counts[row["status"]] += 1
    cells = cells_of(rows, present)
    module.exit_json(changed=False, matrix=rows, cells=cells, faults=by_host, summary=summary, msg=tell(summary, by_host))


def service_row(host: str, test: str, result: dict) -> dict:
    wrong, seen = bool(result.get("code")), str(result.get("msg", "")).rstrip(".")
    wanted = "the names of the site" if test == "dns" else "a synchronised time"
    reason = "offset" if result.get("code") == "NTP_OFFSET" else "silent" if wrong and SILENT in seen else ""
    return {"from": host, "to": str(result.get("item", "")), "test": test, "network": "", "seen": seen, "wanted": wanted,
            "status": "failed" if wrong else "ok", "reason": reason}


def not_asked(machine: dict) -> dict:
    seen = "has no operating system yet" if machine.get("absent") else "was not asked"
    return {"from": machine["name"], "to": "", "test": "asked", "network": "", "seen": seen, "wanted": "tests from there", "status": "not-tested"}


def tell(summary: dict[str, dict[str, int]], by_host: dict[str, list[dict]]) -> str:
    count, tests = sum(map(len, by_host.values())), sum(sum(counts.values()) for counts in summary.values())
    untried = sum(counts["not-tested"] for counts in summary.values())
    left = f", {untried} could not be carried out" if untried else ""
    return f"{tests} tests{left}; " + (f"{count} {'fault' if count == 1 else 'faults'}" if count else "no fault")


if __name__ == "__main__":
    main()
