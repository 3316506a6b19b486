"""Applications of a site: what lies in their folder, and what the site file says of the charts among them."""

from __future__ import annotations

import json
import os
import re

import yaml
from ansible.module_utils.bringup_chart_file import read_chart
from ansible.module_utils.bringup_kube_api import KubeError
from ansible.module_utils.bringup_manifest_files import read_manifests
from ansible.module_utils.bringup_repository_manifest import BadManifest, read_manifest

MANIFESTS, CHART = (".yaml", ".yml", ".json"), ".tgz"
VALUES = "values.yaml"
# What RKE2 reads charts from, and where it puts its own, which are called rke2-something.
SYSTEM, RESERVED = "kube-system", "rke2-"
# Helm's limit of a release's name, by which its job and its service account are called too.
NAME = re.compile(r"(?=.{1,53}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?")


def list_applications(folder: str) -> list[dict]:
    """Name and path of each in the order of their names, and the chart's archive where it is one; nothing is opened."""
    try:
        names = sorted(name for name in os.listdir(folder) if not name.startswith("."))
    except OSError:
        names = []
    found = [one for one in (application(os.path.join(folder, name), name) for name in names) if one]
    if not found:
        raise KubeError("WORKLOADS_NONE", f"There is no application in {folder}: folders of manifests, *.yaml or charts (*.tgz) are wanted there.")
    return found


def application(path: str, name: str) -> dict | None:
    if not os.path.isdir(path):
        kind = "chart" if name.endswith(CHART) else "manifests" if name.endswith(MANIFESTS) else None
        return {"name": name, "path": path, "kind": kind, "archive": path if kind == "chart" else ""} if kind else None
    held = sorted(os.listdir(path))
    charts = [one for one in held if one.endswith(CHART)]
    if not charts:
        return {"name": name, "path": path, "kind": "manifests", "archive": ""}
    others = [one for one in held if one.endswith(MANIFESTS) and one != VALUES] + charts[1:]
    if others:
        raise KubeError("CHART_FOLDER", f"{path} holds {charts[0]} and {', '.join(others)}: with a chart only {VALUES} may lie there; "
                                        f"what else the site needs is an application of its own, before or after it by its name.")
    return {"name": name, "path": path, "kind": "chart", "archive": os.path.join(path, charts[0])}


def with_settings(applications: list[dict], settings: list[dict], folder: str) -> list[dict]:
    """Applications with what parameters.workloads.charts says of each as `settings`."""
    charts = [one["name"] for one in applications if one["kind"] == "chart"]
    said: dict[str, dict] = {}
    for one in settings:
        name = one["application"]
        if name not in charts:
            there = f"charts there are {', '.join(charts)}" if charts else "there is no chart in it"
            raise KubeError("CHART_MISSING", f"parameters.workloads.charts names {name}, which is no chart in {folder}: {there}.")
        if name in said:
            raise KubeError("CHART_SETTINGS", f"parameters.workloads.charts names {name} twice.")
        said[name] = one
    return [{**one, "settings": said.get(one["name"], {})} for one in applications]


def read_application(one: dict, root: str) -> dict:
    """An application with its `objects` to apply, in order; of a chart also chart, version, release and namespace. `root`: the repository."""
    if one["kind"] == "manifests":
        return {**one, "objects": read_manifests(one["path"])}
    settings = one["settings"]
    chart = read_chart(one["archive"], wanted_hash(one["archive"], settings, root))
    release = settings.get("release") or chart["name"]
    namespace = settings.get("namespace") or release
    for what, name in (("release", release), ("namespace", namespace)):
        if not NAME.fullmatch(name) or (what == "release" and name.startswith(RESERVED)):
            raise KubeError("CHART_SETTINGS", f"{name} cannot be the {what} of {one['name']}: lower-case letters, digits and dashes are wanted, at most 53, and "
                                              f"{RESERVED}* is kept for RKE2's own; name another in parameters.workloads.charts.")
    values = values_text(one, settings, root)
    spec = {"chartContent": chart["content"], "targetNamespace": namespace, "createNamespace": True,
            "failurePolicy": settings.get("failure_policy") or "abort", **({"valuesContent": values} if values else {})}
    wanted = {"apiVersion": "helm.cattle.io/v1", "kind": "HelmChart", "metadata": {"name": release, "namespace": SYSTEM}, "spec": spec}
    return {**one, "chart": chart["name"], "version": chart["version"], "release": release, "namespace": namespace, "objects": [wanted]}


def wanted_hash(path: str, settings: dict, root: str) -> tuple[str, str] | None:
    if settings.get("sha256"):
        return settings["sha256"], "the site file"
    if not path.startswith(f"{root}/"):
        return None
    try:
        entries = read_manifest(root) or []
    except BadManifest as error:
        raise KubeError("CHART_HASH", f"The hash of {path} cannot be compared: {error}.") from error
    return next(((entry["sha256"], "the bundle") for entry in entries if entry["path"] == path[len(root) + 1:]), None)


def values_text(one: dict, settings: dict, root: str) -> str:
    """The values of a release: its file's, and those of the site file over them; empty where there are none."""
    named = settings.get("values_file")
    path = os.path.join(root, named) if named else os.path.join(one["path"], VALUES)
    text = ""
    if named or (os.path.isdir(one["path"]) and os.path.exists(path)):
        try:
            with open(path, encoding="utf-8") as source:
                text = source.read()
            held = yaml.safe_load(text)
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise KubeError("CHART_VALUES", f"The values {path} of {one['name']} cannot be read: {' '.join(str(error).split())}.") from error
        if held is not None and not isinstance(held, dict):
            raise KubeError("CHART_VALUES", f"The values {path} of {one['name']} hold no keys and values.")
    if not settings.get("values"):
        return text
    # As JSON, which is YAML too: PyYAML writes strings such as 1e3 in a way that Helm reads as numbers.
    return json.dumps(over(yaml.safe_load(text) or {}, settings["values"]), sort_keys=True, indent=1, default=str)


def over(below: dict, above: dict) -> dict:
    """As Helm lays values over others: keys of keys are joined, anything else is replaced."""
    merged = dict(below)
    for key, value in above.items():
        merged[key] = over(merged[key], value) if isinstance(value, dict) and isinstance(merged.get(key), dict) else value
    return merged


def check_releases(applications: list[dict]) -> None:
    seen: dict[str, str] = {}
    for one in applications:
        if one["kind"] != "chart":
            continue
        if one["release"] in seen:
            raise KubeError("CHART_SETTINGS", f"{seen[one['release']]} and {one['name']} would both be the release {one['release']}: "
                                              f"name another for one of them in parameters.workloads.charts.")
        seen[one["release"]] = one["name"]
