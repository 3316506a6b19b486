"""A connection to a temporary listener: open, silent, refused and rejected are told apart, and who answers is checked."""

from __future__ import annotations

import errno
import socket
import time

GREETING = b"BRINGUP-NET "
BLOCK = bytes(1 << 16)
SSH = 22
# What a firewall that rejects by ICMP, or the machine's own rules, leave of an attempt.
REJECTED = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EACCES, errno.EPERM, errno.EPROTO}


def try_port(protocol: str, source: str, address: str, port: int, token: str, seconds: float = 2) -> dict:
    """
    `{result: open|mute|silent|refused|rejected, by}`; `by` is the name of the listener that answered, None for anybody
    else. Mute: a connection came about, and no word was said in it.
    """
    kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    with socket.socket(socket.AF_INET, kind) as channel:
        channel.settimeout(seconds)
        try:
            channel.bind((source, 0))
            channel.connect((address, port))
        except OSError as error:
            return {"result": reason(error), "by": None}
        return ask_stream(channel, token) if protocol == "tcp" else ask_datagram(channel, token, seconds)


def ask_stream(channel: socket.socket, token: str) -> dict:
    try:
        channel.settimeout(5)
        channel.send(GREETING + token.encode() + b" hello\n")
        answer = channel.recv(512)
    except OSError as error:
        return {"result": "mute" if reason(error) == "silent" else "open", "by": None}
    return {"result": "open" if answer else "mute", "by": name_in(answer, token)}


def ask_datagram(channel: socket.socket, token: str, seconds: float) -> dict:
    """A datagram may be lost without anybody being to blame: three tries."""
    result = "silent"
    channel.settimeout(seconds / 3)
    for _attempt in range(3):
        try:
            channel.send(GREETING + token.encode() + b" hello\n")
            return {"result": "open", "by": name_in(channel.recv(512), token)}
        except OSError as error:
            result = reason(error)
    return {"result": result, "by": None}


def knock(source: str, address: str, port: int, seconds: float = 1) -> bool:
    """Whether a machine answers TCP at all: an open port or a refusal."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as channel:
        channel.settimeout(seconds)
        try:
            channel.bind((source, 0))
            channel.connect((address, port))
        except OSError as error:
            return error.errno == errno.ECONNREFUSED
        return True


def reason(error: OSError) -> str:
    if isinstance(error, (TimeoutError, socket.timeout)) or error.errno == errno.ETIMEDOUT:
        return "silent"
    return "rejected" if error.errno in REJECTED else "refused"


def name_in(answer: bytes, token: str) -> str | None:
    words = answer.split()
    return words[2].decode("ascii", "replace") if len(words) == 3 and words[:2] == [GREETING.strip(), token.encode()] else None


def send_sample(source: str, address: str, port: int, token: str, seconds: float, most: int) -> dict | None:
    """Sends for a bounded time and size; `{bytes, seconds}` as the receiver counted them, None where it did not answer."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as channel:
        try:
            channel.settimeout(3)
            channel.bind((source, 0))
            channel.connect((address, port))
            channel.send(GREETING + token.encode() + b" sink\n")
            if name_in(channel.recv(512), token) is None:
                return None
            channel.settimeout(seconds)
            started, sent = time.monotonic(), 0
            while sent < most and time.monotonic() - started < seconds:
                sent += channel.send(BLOCK)
            channel.shutdown(socket.SHUT_WR)
            channel.settimeout(5)
            count, took = channel.recv(512).split()
            return {"bytes": int(count), "seconds": float(took)}
        except (OSError, ValueError):
            return None
