"""Carries a module out inside Ansible's own process for the host, where the host's work is done on this machine.

A Python of its own for each look at each of a hundred servers takes half a second of processor and 30 MiB of memory; on a small
deployment VM that is what such a stage would spend its time on. The module stays a module: its file is read from library and run
unchanged, with the same arguments and the same answer. On another machine it is sent there as ever.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import sys
import traceback

import ansible.module_utils
from ansible.module_utils import basic
from ansible.plugins.action import ActionBase
from ansible.plugins.loader import action_loader, module_loader, module_utils_loader

Normal = action_loader.get("ansible.legacy.normal", class_only=True)


class ActionModule(ActionBase):
    # The module to run where it is not the one that the task names.
    MODULE = ""

    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        name = self.MODULE or self._task.action
        path = module_loader.find_plugin(name)
        if path is None or not self._is_here():
            return Normal.as_failure(self._execute_module(module_name=name, module_args=self._task.args, task_vars=task_vars, wrap_async=self._task.async_val))
        arguments = dict(self._task.args)
        self._update_module_args(name, arguments, task_vars or {})
        return Normal.as_failure(self._parse_returned_data(call(name, path, arguments)))

    def _is_here(self) -> bool:
        """As the same user, in the same surroundings, and not in the background."""
        environment = any(self._task.environment or [])
        return self._connection.transport == "local" and not (self._play_context.become or environment or self._task.async_val)


def call(name: str, path: str, arguments: dict) -> dict:
    """What the module prints. The process is the host's alone and ends after it, so that nothing has to be put back."""
    for folder in module_utils_loader.print_paths().split(":"):
        if folder not in ansible.module_utils.__path__:
            ansible.module_utils.__path__.append(folder)
    basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()
    spec = importlib.util.spec_from_file_location(f"{name.rpartition('.')[2]}_here", path)
    module = importlib.util.module_from_spec(spec)
    said, wrong = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(wrong):
        try:
            sys.modules[spec.name] = module
            spec.loader.exec_module(module)
            module.main()
        except SystemExit:
            pass
        except Exception:
            traceback.print_exc()
    return {"stdout": said.getvalue(), "stderr": wrong.getvalue()}
