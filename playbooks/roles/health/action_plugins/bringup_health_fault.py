"""Fails with what is wrong with one machine, the check that explains most first."""

from ansible.plugins.action import ActionBase


def cell(check: dict) -> dict:
    """One check as the run keeps it in its matrix."""
    verdict = check["verdict"]
    told = {"from": check["host"], "probe": check["check"], "status": "not-tried" if verdict == "skipped" else verdict, "seen": check["seen"]}
    return {**told, "wanted": check["wanted"]} if verdict in ("warn", "failed") else told


class ActionModule(ActionBase):
    """Works on the checks that were made, so it needs no module and no connection."""

    TRANSFERS_FILES = False
    _VALID_ARGS = frozenset(("checks", "order"))

    def run(self, tmp=None, task_vars=None):
        """Code and message of the first failed check; the others, and the warnings, as further lines of evidence."""
        result = super().run(tmp, task_vars)
        order = self._task.args["order"]
        found = sorted(self._task.args["checks"], key=lambda one: order.index(one["check"]))
        failed = [one for one in found if one["verdict"] == "failed"]
        warned = [f"warning: {one['msg']}" for one in found if one["verdict"] == "warn"]
        result["changed"] = False
        # Here, as ansible-runner tells nothing of what a skipped task returned.
        result["bringup_cells"] = [cell(one) for one in found]
        if not failed:
            counts = [(verdict, sum(one["verdict"] == verdict for one in found)) for verdict in ("ok", "skipped")]
            result["msg"] = ", ".join(f"{count} {verdict}" for verdict, count in [counts[0], ("warnings", len(warned)), counts[1]])
            result["stdout"] = "\n".join(warned)
            return result
        first = failed[0]
        result.update({name: first[name] for name in ("check", "host", "code", "seen", "wanted", "verdict", "msg")})
        result["failed"] = True
        # Each becomes a failure of its own.
        result["faults"] = [{"code": one["code"], "msg": one["msg"]} for one in failed]
        result["stderr"] = "\n".join([*(one["msg"] for one in failed[1:]), *warned])
        return result
