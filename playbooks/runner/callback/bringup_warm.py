"""Loads once what every worker would load for itself: a worker is a fork, which lasts for one task on one host."""

import contextlib
import importlib

from ansible.plugins import loader
from ansible.plugins.callback import CallbackBase
from ansible.template import Templar

DOCUMENTATION = """
    name: bringup_warm
    type: aggregate
    short_description: load plugins before the first worker is forked
    description:
      - Ansible finds filters and tests, and imports them all, with the first template that names one. That is mostly in a worker, so that each task on each host
        pays for it again; likewise for its connection and for what modules import that run in a fork of the worker.
      - Whatever is not found is left to be loaded where it is needed.
"""

TEMPLATE = "{{ '' | default('x', true) is search('x') }}"
PLUGINS = (
    (loader.connection_loader, ("ssh", "local")),
    (loader.become_loader, ("sudo",)),
    (loader.shell_loader, ("sh",)),
    (loader.action_loader, ("ansible.legacy.normal",)),
    (loader.lookup_loader, ("ansible.builtin.file", "ansible.builtin.template")),
)
MODULES = ("ansible.module_utils.basic", "ansible.module_utils.urls", "concurrent.futures", "tempfile", "xml.etree.ElementTree")


class CallbackModule(CallbackBase):
    """Loads them when a playbook begins, in the process of which all workers are forks."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "bringup_warm"

    def v2_playbook_on_start(self, playbook):
        """Before the first play."""
        with contextlib.suppress(Exception):
            Templar(loader=None).template(TEMPLATE)
            for plugins, names in PLUGINS:
                for name in names:
                    plugins.get(name, class_only=True)
        for module in MODULES:
            with contextlib.suppress(ImportError):
                importlib.import_module(module)
