"""A module of the tests: says in which process it runs, and misbehaves as it is told."""

import json
import os
import sys
import time

from ansible.module_utils.basic import AnsibleModule


def main():
    module = AnsibleModule(
        argument_spec={"act": {"type": "str", "default": "tell"}, "word": {"type": "str", "no_log": True}, "file": {"type": "path"}},
        supports_check_mode=True,
    )
    act = module.params["act"]
    if act == "raise":
        raise ValueError("as it was told")
    if act == "flood":
        sys.stderr.write("e" * 300_000)
        module.exit_json(changed=False, text="o" * 300_000)
    if act == "silent":
        return
    if act == "sleep":
        with open(module.params["file"], "w", encoding="ascii") as stream:
            stream.write(str(os.getpid()))
        time.sleep(60)
    if act == "mess":
        os.environ["BRINGUP_MESS"] = "left behind"
        os.chdir("/")
        json.mess = "left behind"
        module.warn("said once")
    module.exit_json(
        changed=module.check_mode,
        forked="ansible.executor.task_executor" in sys.modules,
        mess=[os.environ.get("BRINGUP_MESS"), getattr(json, "mess", None)],
        files=sorted(int(name) for name in os.listdir("/proc/self/fd"))[:-1],
        greeting=os.environ.get("GREETING"),
        folder=os.getcwd(),
    )


if __name__ == "__main__":
    main()
