"""
Ansible's own action for modules, and the one that stands in its place here: a peer that a module does not reach is no lost host.

The modules of dellemc.openmanage answer `unreachable` where an appliance or a BMC takes no connection. Ansible reads that as the loss
of the machine on which the module ran. For the deployment VM, which asks in the name of all servers, that ends the stage at once: the
rescue and always of the block are passed over, a medium stays inserted, and what was found at other servers is never told. So what a module
says of its peer is a failure like any other, with `peer_silent`. So is a module that falls over a connection which its peer broke off: Ansible
would say MODULE FAILURE of it and nothing more. A machine that Ansible itself cannot reach is unreachable as ever.
"""

from __future__ import annotations

import importlib.util
import os
import re

import ansible.plugins.action

# The last line of a traceback, where what broke off was the connection.
BROKEN_OFF = re.compile(
    r"(?:http\.client\.(?:RemoteDisconnected|BadStatusLine|IncompleteRead)|(?:builtins\.)?(?:Connection\w*|Timeout|BrokenPipe)Error|socket\.timeout|ssl\.SSL(?:EOF)?Error|urllib\.error\.URLError)\b:? ?(.*)"
)


def core_plugin():
    """Return Ansible's own plugin; this one is imported in its place, so it is found by its file."""
    path = os.path.join(os.path.dirname(ansible.plugins.action.__file__), "normal.py")
    spec = importlib.util.spec_from_file_location("ansible_core_normal", path)
    plugin = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(plugin)
    return plugin


class ActionModule(core_plugin().ActionModule):
    def run(self, tmp=None, task_vars=None):
        return self.as_failure(super().run(tmp, task_vars))

    @staticmethod
    def as_failure(result: dict) -> dict:
        """What a module answered; a loss of its peer as the failure that it is."""
        if not result.get("unreachable"):
            return {**result, **broken_off(result)}
        told = {key: value for key, value in result.items() if key != "unreachable"}
        return {**told, "failed": True, "peer_silent": True}


def broken_off(result: dict) -> dict:
    """What to say in place of a module that fell over its connection; empty for any other result."""
    if not str(result.get("msg")).startswith("MODULE FAILURE"):
        return {}
    printed = str(result.get("module_stderr") or result.get("module_stdout") or "").strip().splitlines()
    found = BROKEN_OFF.match(printed[-1]) if printed else None
    return {"msg": found[1] or found[0], "peer_silent": True} if found else {}
