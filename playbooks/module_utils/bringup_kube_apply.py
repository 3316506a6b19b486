"""Server-side apply of one object, and whether it changed anything."""

from __future__ import annotations

from ansible.module_utils.bringup_kube_api import KubeApi, KubeError
from ansible.module_utils.bringup_manifest_files import title


def apply(api: KubeApi, wanted: dict, dry: bool) -> dict:
    """Title and path of the object and what became of it (created, changed or unchanged; with `dry` what would), and whether controllers act on it."""
    name = title(wanted)
    try:
        path = api.path_of(wanted)
        before = api.find(path)
        query = f"?fieldManager=bringup&force=true{'&dryRun=All' if dry else ''}"
        after = api.ask("PATCH", path + query, wanted, "application/apply-patch+yaml")
    except KubeError as error:
        code = "MANIFEST_REFUSED" if error.code == "KUBE_REFUSED" else error.code
        raise KubeError(code, f"{name} cannot be applied. {error}", error.status) from error
    if before is None:
        return {"title": name, "path": path, "done": "created", "renewed": True}
    # Who holds which field may change alone.
    renewed = before["metadata"].get("generation") != after["metadata"].get("generation")
    return {"title": name, "path": path, "done": "unchanged" if same(before, after) else "changed", "renewed": renewed}


def same(before: dict, after: dict) -> bool:
    # A dry run gives no new resourceVersion, so there the generation tells.
    keys = ("resourceVersion", "generation")
    return all(before["metadata"].get(key) == after["metadata"].get(key) for key in keys)
