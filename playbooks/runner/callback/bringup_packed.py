"""Keeps the modules that Ansible has packed beside the project, so that the next stage need not pack them again."""

import contextlib
import os
import re
import shutil

from ansible import constants
from ansible.plugins.callback import CallbackBase
from ansible.release import __version__

DOCUMENTATION = """
    name: bringup_packed
    type: aggregate
    short_description: keep packed modules from one playbook to the next
    description:
      - Ansible reads every file that a module imports, and packs them, once in each playbook that uses it.
      - What it packed holds code alone, never arguments. It is kept in the folder of the project where that is named by its contents, so that what is kept is never older than they are.
"""

# Where Ansible 2.14 looks before it packs, and how it names what it has not packed to the end.
PLACE = "ansiballz_cache"
UNFINISHED = "-part"
# A project is unpacked into a folder that has its SHA-256 for a name.
NAMED_BY_CONTENTS = re.compile("[0-9a-f]{64}")


class CallbackModule(CallbackBase):
    """Lays out what is kept when a playbook begins, and keeps what is new when it ends."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "bringup_packed"

    def __init__(self):
        super().__init__()
        project = os.path.realpath(os.path.join(os.environ.get("BRINGUP_STAGE", ""), "project"))
        named = NAMED_BY_CONTENTS.fullmatch(os.path.basename(project))
        self.kept = os.path.join(project, ".packed", __version__) if named else None
        self.place = os.path.join(constants.DEFAULT_LOCAL_TMP, PLACE)

    def v2_playbook_on_start(self, playbook):
        """Before the first play."""
        if not self.kept:
            return
        with contextlib.suppress(OSError):
            names = os.listdir(self.kept)
            os.makedirs(self.place, exist_ok=True)
            for name in names:
                if not name.startswith("."):
                    os.symlink(os.path.join(self.kept, name), os.path.join(self.place, name))

    def v2_playbook_on_stats(self, stats):
        """After the last play."""
        if not self.kept:
            return
        with contextlib.suppress(OSError):
            os.makedirs(self.kept, exist_ok=True)
            for entry in os.scandir(self.place):
                if entry.is_file(follow_symlinks=False) and not entry.name.endswith(UNFINISHED):
                    keep(entry.path, os.path.join(self.kept, entry.name))


def keep(source, target):
    """Copy a file so that nobody, not even after a power cut, sees a part of it."""
    part = os.path.join(os.path.dirname(target), f".{os.path.basename(target)}.{os.getpid()}")
    try:
        with open(source, "rb") as packed, open(part, "wb") as copy:
            shutil.copyfileobj(packed, copy)
            copy.flush()
            os.fsync(copy.fileno())
        os.replace(part, target)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(part)
        raise
