"""A Helm chart in its archive (.tgz): read to the last byte and checked before anything of the site is applied."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import os
import re
import tarfile
import zlib

import yaml
from ansible.module_utils.bringup_kube_api import KubeError

# RKE2's helm-controller keeps the base64 of a chart in a ConfigMap, which holds 1 MiB (kubernetes.io, ConfigMap).
LARGEST = (1 << 20) * 3 // 4
# An archive that unpacks to more is made to fill the memory.
UNPACKED = 64 << 20
# As lenient as Helm is with a version (helm.sh, Charts): parts may be left out.
VERSION = re.compile(r"v?\d+(\.\d+){0,2}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")


def read_chart(path: str, wanted: tuple[str, str] | None = None) -> dict:
    """Its name, version, sha256 and content (base64). `wanted`: the hash that it has to have, and who says so. Raises KubeError."""
    raw = read_bytes(path)
    seen = hashlib.sha256(raw).hexdigest()
    if wanted and wanted[0] != seen:
        raise KubeError("CHART_HASH", f"{path} is not the chart that is meant: its SHA-256 is {seen}, and {wanted[1]} says {wanted[0]}.")
    files = unpack(path, raw)
    about = metadata(path, files)
    lacking = [name for name in dependencies(path, files, about) if name not in contained(path, files)]
    if lacking:
        raise KubeError("CHART_DEPENDENCY", f"{path} lacks the charts {', '.join(lacking)} that its Chart.yaml names: they have to be in its folder charts.")
    return {"name": about["name"], "version": str(about["version"]), "sha256": seen, "content": base64.b64encode(raw).decode()}


def read_bytes(path: str) -> bytes:
    try:
        size = os.path.getsize(path)
        if size > LARGEST:
            raise KubeError("CHART_TOO_LARGE", f"{path} has {size} bytes, and RKE2 takes a chart of {LARGEST} at most.")
        with open(path, "rb") as source:
            return source.read()
    except OSError as error:
        raise KubeError("CHART_MISSING", f"The chart {path} cannot be read: {error.strerror}.") from error


def unpack(path: str, raw: bytes) -> dict[str, bytes]:
    """Its files by their paths below the one folder that a chart's archive holds."""
    try:
        # The whole of it, as a checksum stands at its end.
        plain = gzip.GzipFile(fileobj=io.BytesIO(raw)).read(UNPACKED + 1)
        if len(plain) > UNPACKED:
            raise KubeError("CHART_BROKEN", f"{path} unpacks to more than {UNPACKED >> 20} MiB: it is no chart.")
        with tarfile.open(fileobj=io.BytesIO(plain), mode="r:") as archive:
            found = {one.name: archive.extractfile(one).read() for one in archive if one.isfile()}
    except (OSError, EOFError, zlib.error, tarfile.TarError) as error:
        raise KubeError("CHART_BROKEN", f"{path} is no whole chart archive (.tgz): {error or type(error).__name__}.") from error
    steps = {name: name.removeprefix("./").split("/", 1) for name in found}
    tops = {step[0] for step in steps.values()}
    if len(tops) != 1 or any(len(step) == 1 for step in steps.values()):
        raise KubeError("CHART_BROKEN", f"{path} is no chart archive: one folder with a Chart.yaml is wanted in it, as helm package makes it.")
    return {steps[name][1]: content for name, content in found.items()}


def metadata(path: str, files: dict[str, bytes]) -> dict:
    about = document(f"{path}, Chart.yaml", files.get("Chart.yaml"))
    for key in ("apiVersion", "name", "version"):
        if not isinstance(about.get(key), (str, int, float)) or not str(about[key]):
            raise KubeError("CHART_BROKEN", f"{path}, Chart.yaml says no {key}: it is no chart that Helm 3 takes.")
    if not VERSION.fullmatch(str(about["version"])):
        raise KubeError("CHART_BROKEN", f"{path}, Chart.yaml has the version {about['version']}, which is none: 1.2.3 would be one.")
    if about.get("type", "application") != "application":
        raise KubeError("CHART_BROKEN", f"{path} is a chart of the type {about['type']}, which only other charts use; one of the type application is wanted.")
    return {**about, "name": str(about["name"])}


def dependencies(path: str, files: dict[str, bytes], about: dict) -> list[str]:
    """Names of the charts that it needs; those of the first version of the format stand in a file of their own."""
    held = about
    if "requirements.yaml" in files and "dependencies" not in about:
        held = document(f"{path}, requirements.yaml", files["requirements.yaml"])
    return [str(one["name"]) for one in held.get("dependencies") or [] if isinstance(one, dict) and "name" in one]


def contained(path: str, files: dict[str, bytes]) -> set[str]:
    """Names of the charts in its folder charts, unpacked or as archives."""
    names = set()
    for name, content in files.items():
        steps = name.split("/")
        if steps[0] != "charts":
            continue
        if len(steps) == 3 and steps[2] == "Chart.yaml":
            names.add(str(document(f"{path}, {name}", content).get("name", steps[1])))
        elif len(steps) == 2 and name.endswith(".tgz"):
            names.add(metadata(f"{path}, {name}", unpack(f"{path}, {name}", content))["name"])
    return names


def document(place: str, content: bytes | None) -> dict:
    if content is None:
        raise KubeError("CHART_BROKEN", f"{place} is not there.")
    try:
        found = yaml.safe_load(content.decode("utf-8"))
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise KubeError("CHART_BROKEN", f"{place} cannot be read as YAML: {' '.join(str(error).split())}.") from error
    if not isinstance(found, dict):
        raise KubeError("CHART_BROKEN", f"{place} holds no keys and values.")
    return found
