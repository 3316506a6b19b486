"""
The connection `local`, in place of Ansible's own of that name: Python modules run in a fork of the worker, so there is no new
interpreter to start and nothing to unpack. docs/decisions/093 says why, and by how much.
"""

from __future__ import annotations

import ast
import atexit
import importlib.util
import os
import re
import runpy
import selectors
import signal
import sys
import traceback

import ansible.plugins.connection
from ansible import constants

DOCUMENTATION = """
name: local
short_description: Run modules on this machine without a new interpreter each
description:
  - Like Ansible's own connection C(local), but a Python module runs in a fork of the worker that has Ansible loaded already. A small module takes a quarter of
    the processor's time that way, which is what an emulated deployment VM is short of.
  - Whatever is not a pipelined module for the interpreter that Ansible itself runs by is left to it, and so is everything
    where Ansible wraps its modules in another way than this plugin knows.
author: Bringup
version_added: "1.0.0"
extends_documentation_fragment: [connection_pipelining]
"""

# How ansible-core 2.14 and its neighbours name the module and its arguments in the program they send.
ARGUMENTS = re.compile(rb"^ +ANSIBALLZ_PARAMS = (.+)$", re.MULTILINE)
MODULE = re.compile(rb"mod_name='([\w.]+)', init_globals=dict\(")
FORKABLE = f"/bin/sh -c '{sys.executable} && sleep 0'"
CHUNK_BYTES = 65536
NOT_HANDLED = '{"msg": "New-style module did not handle its own exit", "failed": true}'


def core_plugin():
    """Return Ansible's own plugin; this one is imported in its place, so it is found by its file."""
    path = os.path.join(os.path.dirname(ansible.plugins.connection.__file__), "local.py")
    spec = importlib.util.spec_from_file_location("ansible_core_local", path)
    plugin = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(plugin)
    return plugin


class Connection(core_plugin().Connection):
    """Ansible's local connection, with a shorter way for modules."""

    def exec_command(self, cmd, in_data=None, sudoable=True):
        """Run a command, or the module that it would feed to a new interpreter; return its exit code and what it printed."""
        module = None
        if in_data is not None and self.become is None and cmd == FORKABLE:
            module = read_module(in_data.encode() if isinstance(in_data, str) else in_data)
        if module is None:
            return super().exec_command(cmd, in_data=in_data, sudoable=sudoable)
        return run_in_fork(*module, self.cwd)


def read_module(program):
    """Return the full name of a module and its arguments as JSON; None where the program is of another making."""
    name, arguments = MODULE.search(program), ARGUMENTS.search(program)
    if name is None or arguments is None:
        return None
    return name[1].decode(), ast.literal_eval(arguments[1].decode()).encode()


def run_in_fork(name, arguments, folder=None):
    """Run a module in a child process; return its exit code, standard output and standard error."""
    output, error = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            stand_alone(output[1], error[1], folder)
            code = run_module(name, arguments)
        finally:
            os._exit(code)
    os.close(output[1])
    os.close(error[1])
    try:
        told = read_both(output[0], error[0])
    except BaseException:
        # Where a task's time is up its module must not go on alone.
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        os.close(output[0])
        os.close(error[0])
        _, status = os.waitpid(child, 0)
    return (os.waitstatus_to_exitcode(status), *told)


def read_both(*pipes):
    """Read pipes to their ends."""
    told = {pipe: [] for pipe in pipes}
    with selectors.DefaultSelector() as selector:
        for pipe in pipes:
            selector.register(pipe, selectors.EVENT_READ)
        while selector.get_map():
            for key, _ in selector.select():
                chunk = os.read(key.fd, CHUNK_BYTES)
                if chunk:
                    told[key.fd].append(chunk)
                else:
                    selector.unregister(key.fd)
    return [b"".join(told[pipe]) for pipe in pipes]


def stand_alone(output, error, folder):
    """Leave behind what the child has of its parent: files, signal handlers, what is to be done at the end."""
    atexit._clear()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    null = os.open(os.devnull, os.O_RDONLY)
    for number, pipe in enumerate((null, output, error)):
        os.dup2(pipe, number)
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2:
            close(int(name))
    sys.stdin = open(0, encoding="utf-8", closefd=False)
    sys.stdout = open(1, "w", encoding="utf-8", errors="surrogateescape", closefd=False)
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
    sys.argv = [""]
    if folder:
        os.chdir(folder)


def close(descriptor):
    """Close a file; the one by which the list was read is closed by now."""
    try:
        os.close(descriptor)
    except OSError:
        pass


def run_module(name, arguments):
    """Run a module as the program that it is; return its exit code."""
    import ansible.module_utils
    import ansible.modules
    from ansible.module_utils import basic
    from ansible.module_utils.common import warnings

    # What the controller wished to say is not for the module to repeat.
    warnings._global_warnings.clear()
    warnings._global_deprecations.clear()
    ansible.modules.__path__[:0] = constants.DEFAULT_MODULE_PATH
    ansible.module_utils.__path__[:0] = constants.DEFAULT_MODULE_UTILS_PATH
    basic._ANSIBLE_ARGS = arguments
    try:
        runpy.run_module(name, {"_module_fqn": name, "_modlib_path": ""}, "__main__", alter_sys=True)
        print(NOT_HANDLED)
        code = 1
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    return code
