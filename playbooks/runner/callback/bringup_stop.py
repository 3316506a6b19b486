"""Ends a playbook between two tasks once its stage was asked to stop (stop.json in the folder of the stage)."""

import os

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
    name: bringup_stop
    type: aggregate
    short_description: end the playbook before its next task when the stage was asked to stop
    description:
      - The running task comes to its end; no further one is started.
"""


class CallbackModule(CallbackBase):
    """Raises what Ctrl-C would, at a moment when no task runs: Ansible then cleans up and ends."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "bringup_stop"

    def stop_if_asked(self):
        """Say in the stage's folder that the playbook was ended here, and end it."""
        directory = os.environ.get("BRINGUP_STAGE", "")
        if not directory or not os.path.exists(os.path.join(directory, "stop.json")):
            return
        with open(os.path.join(directory, "stopped"), "w", encoding="utf-8"):
            pass
        raise KeyboardInterrupt

    def v2_playbook_on_task_start(self, task, is_conditional):
        """Before a task is given to the first host."""
        self.stop_if_asked()

    def v2_playbook_on_handler_task_start(self, task):
        """Before a handler is given to the first host."""
        self.stop_if_asked()
