#!/usr/bin/python3
"""Logs one message as this machine, or sends it as a BMC would."""

from __future__ import annotations

import socket
import syslog
import time

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: bringup_log_send
short_description: Log a message to find again
description: Through the system's own log; with O(udp) as one plain UDP packet of RFC 3164, which is all that many a BMC can do.
options:
  text: {description: The message., type: str, required: true}
  udp: {description: Server to send to instead., type: str, default: ""}
  port: {description: Its UDP port., type: int, default: 514}
  source: {description: Own address to send from., type: str, default: ""}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_log_send: {text: bringup-proof-r1-1}
"""
RETURN = r"""
way: {description: How it was sent., type: str, returned: always}
"""


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "text": {"type": "str", "required": True},
            "udp": {"type": "str", "default": ""},
            "port": {"type": "int", "default": 514},
            "source": {"type": "str", "default": ""},
        },
        supports_check_mode=True,
    )
    params = module.params
    if not params["udp"]:
        syslog.openlog("bringup", 0, syslog.LOG_USER)
        syslog.syslog(syslog.LOG_NOTICE, params["text"])
        module.exit_json(changed=False, way="the system's log")
    # Local time without a zone, as RFC 3164 has it; 133 is local0.notice.
    moment = time.localtime()
    packet = f"<133>{time.strftime('%b', moment)} {moment.tm_mday:2} {time.strftime('%H:%M:%S', moment)} bmc bringup: {params['text']}"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
        if params["source"]:
            channel.bind((params["source"], 0))
        channel.sendto(packet.encode(), (params["udp"], params["port"]))
    module.exit_json(changed=False, way=f"UDP to {params['udp']} port {params['port']}")


if __name__ == "__main__":
    main()
