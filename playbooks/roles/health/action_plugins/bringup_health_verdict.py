"""Tells what one check came to on one machine: ok, a warning, skipped with its reason, or failed."""

from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    """Works on the checks that were made, so it needs no module and no connection."""

    TRANSFERS_FILES = False
    _VALID_ARGS = frozenset(("check", "checks"))

    def run(self, tmp=None, task_vars=None):
        """What the check came to, with a message that begins with the verdict where that is a warning."""
        result = super().run(tmp, task_vars)
        args = self._task.args
        found = [one for one in args["checks"] if one["check"] == args["check"]]
        if not found:
            return {**result, "skipped": True, "msg": "This check is none of this machine."}
        seen = found[0]
        result.update({"changed": False, **seen})
        verdict = seen["verdict"]
        if verdict == "skipped":
            result["skipped"] = True
        elif verdict == "warn":
            result["msg"] = f"warning: {seen['msg']}"
        elif verdict == "failed":
            result["failed"] = True
        return result
