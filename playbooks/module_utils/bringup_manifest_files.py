"""Manifests of one application: the documents of a file or of all files in a folder, checked before any is sent."""

from __future__ import annotations

import os

import yaml
from ansible.module_utils.bringup_kube_api import KubeError

# What others live in comes first, whatever the files are called.
FIRST = ("Namespace", "CustomResourceDefinition")


def read_manifests(path: str) -> list[dict]:
    """Every object, in the order in which it is to be applied."""
    files = [path]
    if os.path.isdir(path):
        files = sorted(os.path.join(path, name) for name in os.listdir(path) if name.endswith((".yaml", ".yml", ".json")))
    found = [one for file in files for one in read_file(file)]
    if not found:
        raise KubeError("MANIFEST_EMPTY", f"There is no manifest in {path}: *.yaml, *.yml or *.json is wanted.")
    return sorted(found, key=lambda one: FIRST.index(one["kind"]) if one["kind"] in FIRST else len(FIRST))


def read_file(path: str) -> list[dict]:
    try:
        with open(path, encoding="utf-8") as source:
            documents = [one for one in yaml.safe_load_all(source) if one is not None]
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise KubeError("MANIFEST_SYNTAX", f"{path} cannot be read as YAML: {' '.join(str(error).split())}.") from error
    found = []
    for document in documents:
        items = document["items"] if isinstance(document, dict) and document.get("kind") == "List" and isinstance(document.get("items"), list) else [document]
        found += [checked(path, one) for one in items]
    return found


def checked(path: str, one: object) -> dict:
    meta = one.get("metadata") if isinstance(one, dict) else None
    named = [one.get("apiVersion"), one.get("kind"), meta.get("name")] if isinstance(one, dict) and isinstance(meta, dict) else [None]
    if not all(isinstance(value, str) and value for value in named):
        raise KubeError("MANIFEST_SYNTAX", f"{path} holds a document without apiVersion, kind or metadata.name: each object needs all three.")
    return one


def title(one: dict) -> str:
    space = one["metadata"].get("namespace")
    return f"{one['kind']} {space + '/' if space else ''}{one['metadata']['name']}"
