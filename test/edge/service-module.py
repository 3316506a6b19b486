#!/usr/bin/python3
"""Runs one module, of playbooks/library or of a collection, without the seconds that Ansible takes to bring it there: PLAYBOOKS NAME ARGUMENTS."""

import runpy
import sys

from ansible import module_utils
from ansible.module_utils import basic

playbooks, name, arguments = sys.argv[1:]
module_utils.__path__.append(f"{playbooks}/module_utils")
basic._ANSIBLE_ARGS = f'{{"ANSIBLE_MODULE_ARGS": {arguments}}}'.encode()
sys.argv = [name]
if "." in name:
    namespace, collection, module = name.split(".")
    runpy.run_module(f"ansible_collections.{namespace}.{collection}.plugins.modules.{module}", run_name="__main__")
else:
    runpy.run_path(f"{playbooks}/library/{name}.py", run_name="__main__")
