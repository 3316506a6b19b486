"""Authorities and certificates of the stand-in's cluster, made by openssl: the same files in the same places as the real ones."""

import base64
import hashlib
import os
import ssl
import subprocess

DATA = "/var/lib/rancher/rke2"
TLS = f"{DATA}/server/tls"
CA_FILES = tuple(f"{name}-ca.{kind}" for name in ("server", "client") for kind in ("crt", "key"))


def openssl(*words, text=""):
    return subprocess.run(["openssl", *words], input=text, capture_output=True, text=True, check=True).stdout


def make_authorities():
    os.makedirs(TLS, mode=0o700, exist_ok=True)
    for name in ("server", "client"):
        place = f"{TLS}/{name}-ca"
        if os.path.exists(f"{place}.crt"):
            continue
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "3650",
                "-keyout", f"{place}.key", "-out", f"{place}.crt", "-subj", f"/CN=rke2-{name}-ca-stand-in")
        os.chmod(f"{place}.key", 0o600)


def take_authorities(files):
    """What a joining server got from the one that began the cluster."""
    os.makedirs(TLS, mode=0o700, exist_ok=True)
    for name in CA_FILES:
        with open(f"{TLS}/{name}", "w", encoding="ascii", opener=lambda path, flags: os.open(path, flags, 0o600)) as target:
            target.write(files[name])


def authorities():
    return {name: read(f"{TLS}/{name}") for name in CA_FILES}


def read(path):
    with open(path, encoding="ascii") as source:
        return source.read()


def issue(name, authority, subject, extensions):
    """Key and certificate TLS/NAME.key and .crt, made anew when what they are for has changed."""
    place, note = f"{TLS}/{name}", f"{subject}\n{extensions}"
    if os.path.exists(f"{place}.for") and read(f"{place}.for") == note:
        return place
    openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", f"{place}.key", "-out", f"{place}.csr", "-subj", subject)
    with open(f"{place}.ext", "w", encoding="ascii") as target:
        target.write(extensions)
    openssl("x509", "-req", "-in", f"{place}.csr", "-CA", f"{TLS}/{authority}-ca.crt", "-CAkey", f"{TLS}/{authority}-ca.key",
            "-days", "365", "-extfile", f"{place}.ext", "-out", f"{place}.crt")
    with open(f"{place}.for", "w", encoding="ascii") as target:
        target.write(note)
    return place


def serving(names, addresses):
    listed = [f"DNS:{name}" for name in names] + [f"IP:{address}" for address in addresses]
    return issue("serving-kube-apiserver", "server", "/CN=kube-apiserver", f"subjectAltName={','.join(sorted(set(listed)))}\nextendedKeyUsage=serverAuth\n")


def admin():
    return issue("client-admin", "client", "/O=system:masters/CN=system:admin", "extendedKeyUsage=clientAuth\n")


def ca_hash():
    """What a whole token begins with, after K10."""
    return hashlib.sha256(read(f"{TLS}/server-ca.crt").encode()).hexdigest()


def server_context(place, clients):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{place}.crt", f"{place}.key")
    if clients:
        context.load_verify_locations(f"{TLS}/client-ca.crt")
        context.verify_mode = ssl.CERT_OPTIONAL
    return context


def encoded(path):
    return base64.b64encode(read(path).encode()).decode()


def write_kubeconfig(path, mode):
    """The kubeconfig of the administrator, for use on this server itself."""
    place = admin()
    text = f"""apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: {encoded(f"{TLS}/server-ca.crt")}
    server: https://127.0.0.1:6443
  name: default
contexts:
- context:
    cluster: default
    user: default
  name: default
current-context: default
kind: Config
preferences: {{}}
users:
- name: default
  user:
    client-certificate-data: {encoded(f"{place}.crt")}
    client-key-data: {encoded(f"{place}.key")}
"""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="ascii", opener=lambda name, flags: os.open(name, flags, mode)) as target:
        target.write(text)
    os.chmod(path, mode)
