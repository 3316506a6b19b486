#!/usr/bin/python3
"""Reads the time from NTP servers (SNTP, RFC 4330), with nothing but Python's standard library."""

from __future__ import annotations

import socket
import struct
import time

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: bringup_ntp_probe
short_description: Check that NTP servers tell a synchronised time
description: Checks leap indicator, stratum and the offset of this machine's clock. Needs no NTP client.
options:
  servers: {description: Servers to ask., type: list, elements: str, required: true}
  max_offset: {description: Seconds this machine's clock may differ., type: float, default: 5}
  port: {description: UDP port., type: int, default: 123}
  attempts: {description: "How often to ask, two seconds apart: a server that has just started is not synchronised yet.", type: int, default: 10}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_ntp_probe: {servers: [198.18.20.10]}
"""
RETURN = r"""
servers: {description: "Each server: stratum, leap, offset in seconds.", type: list, elements: dict, returned: success}
"""
# Seconds from 1900 (NTP) to 1970 (Unix).
NTP_EPOCH = 2208988800


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "servers": {"type": "list", "elements": "str", "required": True},
            "max_offset": {"type": "float", "default": 5},
            "port": {"type": "int", "default": 123},
            "attempts": {"type": "int", "default": 10},
        },
        supports_check_mode=True,
    )
    params, told, wrong = module.params, [], []
    for server in params["servers"]:
        for attempt in range(params["attempts"]):
            answer = ask(server, params["port"])
            code, fault = judge(server, answer, params["max_offset"])
            if fault is None or attempt == params["attempts"] - 1:
                break
            time.sleep(2)
        if fault:
            wrong.append((code, fault))
        else:
            told.append({"server": server, **answer})
    if wrong:
        # Off from one of several servers, it may be that server that is wrong.
        is_own = len(wrong) == len(params["servers"]) and all(code == "NTP_OFFSET" for code, _ in wrong)
        module.fail_json(code="NTP_OFFSET" if is_own else "NTP_ANSWER", msg="; ".join(text for _, text in wrong))
    text = ", ".join(f"{one['server']} stratum {one['stratum']}, offset {one['offset']:+.3f} s" for one in told)
    module.exit_json(changed=False, servers=told, msg=f"synchronised: {text}")


def ask(server: str, port: int) -> dict | None:
    """Leap indicator, stratum and how far the server is ahead in seconds; None without an answer."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
        channel.settimeout(3)
        try:
            channel.connect((server, port))
            sent = time.time()
            channel.send(struct.pack("!B39xII", 0x23, *to_ntp(sent)))
            packet = channel.recv(512)
            received = time.time()
        except OSError:
            return None
    if len(packet) < 48 or packet[0] & 7 != 4:
        return None
    arrived, left = from_ntp(packet[32:40]), from_ntp(packet[40:48])
    return {"leap": packet[0] >> 6, "stratum": packet[1], "offset": ((arrived - sent) + (left - received)) / 2}


def judge(server: str, answer: dict | None, max_offset: float) -> tuple[str, str | None]:
    if answer is None:
        return "NTP_ANSWER", f"{server} does not answer NTP on UDP port 123, wanted a time server there"
    if answer["leap"] == 3 or not 1 <= answer["stratum"] <= 15:
        return "NTP_ANSWER", f"{server} says it is not synchronised (leap {answer['leap']}, stratum {answer['stratum']}), wanted leap 0 to 2 and stratum 1 to 15"
    if abs(answer["offset"]) > max_offset:
        return "NTP_OFFSET", f"this machine's clock is {-answer['offset']:+.1f} s off {server}, wanted within {max_offset:g} s"
    return "", None


def to_ntp(moment: float) -> tuple[int, int]:
    return int(moment) + NTP_EPOCH, int(moment % 1 * (1 << 32))


def from_ntp(field: bytes) -> float:
    seconds, fraction = struct.unpack("!II", field)
    return seconds - NTP_EPOCH + fraction / (1 << 32)


if __name__ == "__main__":
    main()
