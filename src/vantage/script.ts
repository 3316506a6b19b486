/**
 * The collector for vantage points behind SSH: a Python program (3.6 or later, its standard library only, no root) that
 * comes over standard input and leaves nothing behind. Its last line calls it with the actions as JSON; it answers with a
 * line of JSON for each, `{index, raw}`, as soon as it is known, and `{ready}` at first.
 */
export const COLLECTOR = String.raw`
import base64, errno, json, os, re, select, shutil, socket, ssl, subprocess, sys, threading, time

lock = threading.Lock()


def say(**words):
    with lock:
        sys.stdout.write(json.dumps(words) + "\n")
        sys.stdout.flush()


def name_of(error):
    if isinstance(error, socket.gaierror):
        for name in ("EAI_NONAME", "EAI_NODATA", "EAI_AGAIN", "EAI_FAIL"):
            if getattr(socket, name, None) == error.errno:
                return name
        return "EAI_FAIL"
    if isinstance(error, socket.timeout):
        return "ETIMEDOUT"
    number = getattr(error, "errno", None)
    if isinstance(error, ssl.SSLError) or number is None:
        return (getattr(error, "reason", None) or str(error))[:200]
    return errno.errorcode.get(number, str(error))


def resolve(host):
    # A resolver whose servers are silent takes its time, and cannot be told otherwise.
    found = []

    def look():
        try:
            found.append(socket.getaddrinfo(host, None, socket.AF_INET, socket.SOCK_STREAM)[0][4][0])
        except OSError as error:
            found.append(error)

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    looking.join(4)
    if not found:
        raise socket.gaierror(socket.EAI_AGAIN, "no answer in time")
    if isinstance(found[0], OSError):
        raise found[0]
    return found[0]


def left(until):
    return max(0.05, until - time.monotonic())


def stream(do):
    seen = {"step": "name"}
    link = None
    try:
        address = resolve(do["host"])
        seen["step"] = "connect"
        begun = time.monotonic()
        until = begun + do["seconds"]
        link = socket.create_connection((address, do["port"]), left(until))
        seen["ms"] = int((time.monotonic() - begun) * 1000)
        if do["tls"]:
            seen["step"] = "tls"
            trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            trust.check_hostname = False
            trust.verify_mode = ssl.CERT_NONE
            link.settimeout(left(until))
            link = trust.wrap_socket(link, server_hostname=do["host"])
            seen["certificate"] = base64.b64encode(link.getpeercert(True) or b"").decode()
        seen["step"] = "answer"
        link.sendall(base64.b64decode(do["send"]))
        got = b""
        while len(got) < do["want"]:
            link.settimeout(left(until))
            part = link.recv(4096)
            if not part:
                break
            got += part
            seen["reply"] = base64.b64encode(got).decode()
        seen["step"] = "done"
    except (OSError, ValueError) as error:
        seen["error"] = name_of(error)
    finally:
        if link is not None:
            link.close()
    return seen


def datagram(do):
    seen = {"step": "name"}
    link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        address = resolve(do["host"])
        seen["step"] = "connect"
        link.settimeout(do["seconds"])
        link.connect((address, do["port"]))
        begun = time.monotonic()
        link.send(base64.b64decode(do["send"]))
        try:
            seen["reply"] = base64.b64encode(link.recv(4096)).decode()
            seen["ms"] = int((time.monotonic() - begun) * 1000)
            seen["step"] = "done"
        except socket.timeout:
            seen["step"] = "answer"
            seen["error"] = "ETIMEDOUT"
    except OSError as error:
        seen["error"] = name_of(error)
    finally:
        link.close()
    return seen


def gateway_to(host):
    if shutil.which("ip") is None:
        return ""
    done = subprocess.run(["ip", "-4", "route", "get", host], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    found = re.search(rb"\bvia ([0-9.]+)", done.stdout)
    return found.group(1).decode() if found else ""


def echo(address, size, seconds):
    if shutil.which("ping") is None:
        return {"size": size, "code": 127, "output": ""}
    words = ["ping", "-n", "-c", "2", "-i", "0.3", "-W", "2", "-w", str(seconds)]
    if size > 0:
        words += ["-M", "do", "-s", str(size)]
    done = subprocess.run(words + [address], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    return {"size": size, "code": done.returncode, "output": done.stdout[:1500].decode("ascii", "replace")}


def ping(do):
    try:
        address = resolve(do["host"])
    except OSError as error:
        return {"step": "name", "error": name_of(error)}
    gateway = ""
    if do["gateway"]:
        gateway = gateway_to(address)
        if gateway == "":
            return {"step": "done", "gateway": "", "pings": []}
        address = gateway
    pings = [None] * len(do["sizes"])

    def one(at):
        pings[at] = echo(address, do["sizes"][at], do["seconds"])

    together([threading.Thread(target=one, args=(at,)) for at in range(len(pings))])
    return {"step": "done", "gateway": gateway, "pings": pings}


def route(do):
    link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    seen = {"step": "name"}
    try:
        address = resolve(do["host"])
        seen["step"] = "connect"
        link.connect((address, 9))
        seen["source"] = link.getsockname()[0]
        seen["step"] = "done"
    except OSError as error:
        seen["error"] = name_of(error)
    finally:
        link.close()
    return seen


def together(threads):
    for thread in threads:
        thread.daemon = True
        thread.start()
    for thread in threads:
        thread.join()


def main(actions):
    os.environ["LC_ALL"] = "C"
    os.environ["PATH"] = os.environ.get("PATH", "") + ":/usr/sbin:/sbin:/usr/bin:/bin"
    say(ready=True)
    work = {"stream": stream, "datagram": datagram, "ping": ping, "route": route}

    def one(index):
        try:
            say(index=index, raw=work[actions[index]["do"]](actions[index]))
        except Exception as error:
            say(index=index, raw={"step": "connect", "error": str(error)[:200]})

    together([threading.Thread(target=one, args=(index,)) for index in range(len(actions))])
`;
