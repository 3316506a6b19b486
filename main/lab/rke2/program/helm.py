"""RKE2's helm-controller as far as the stand-in has it: a HelmChart gets its job and its namespace. No template is rendered, nothing of a chart runs."""

import base64
import gzip
import hashlib
import io
import json
import re
import tarfile
import zlib

from state import Refused

SYSTEM = "/apis/helm.cattle.io/v1/namespaces/kube-system/helmcharts/"
JOBS = "/apis/batch/v1/namespaces/kube-system/jobs"
LABEL, HASH = "helmcharts.helm.cattle.io/chart", "helmcharts.helm.cattle.io/configHash"
STAND_IN, ERROR = "bringup.example/stand-in", "bringup.example/error"
IMAGE = "docker.io/rancher/klipper-helm:stand-in"
# The fields that the real CustomResourceDefinition has (k3s-io/helm-controller, HelmChartSpec); another one is refused there too.
FIELDS = {
    "targetNamespace", "createNamespace", "chart", "version", "repo", "repoCA", "repoCAConfigMap", "set", "values", "valuesContent", "valuesSecrets",
    "helmVersion", "bootstrap", "takeOwnership", "chartContent", "jobImage", "backOffLimit", "timeout", "failurePolicy", "authSecret",
    "authPassCredentials", "insecureSkipTLSVerify", "plainHTTP", "dockerRegistrySecret", "podSecurityContext", "securityContext", "driver",
}
# A chart fails to install here where its values say so: the stand-in cannot find out by itself.
TOLD_TO_FAIL = re.compile(r'^\s*"?stand_in_fails"?:\s*"?([^"\n]+)"?,?\s*$', re.MULTILINE)


def check(wanted):
    spec = wanted.get("spec", {})
    for key in spec:
        if key not in FIELDS:
            raise Refused(500, "InternalError", f"failed to create typed patch object: .spec.{key}: field not declared in schema")
    if spec.get("failurePolicy", "abort") not in ("abort", "reinstall"):
        raise Refused(422, "Invalid", f'HelmChart.helm.cattle.io "{wanted["metadata"]["name"]}" is invalid: spec.failurePolicy: Unsupported value')


def control(state):
    """Makes the jobs that HelmCharts want, each anew where it is not of the chart and the values of now."""
    with state.lock:
        for held in state.below(SYSTEM):
            settle(state, held["wanted"])


def settle(state, chart):
    name, spec = chart["metadata"]["name"], chart["spec"]
    before = (state.get(f"{JOBS}/helm-install-{name}") or {}).get("wanted")
    if before and before["spec"]["template"]["metadata"]["annotations"][HASH] == hash_of(spec):
        return
    state.remove(f"{JOBS}/helm-install-{name}")
    job = job_of(chart, installed=bool(before) and not error_of(before))
    state.apply(f"{JOBS}/helm-install-{name}", job)
    space = spec.get("targetNamespace", "kube-system")
    if spec.get("createNamespace") and state.get(f"/api/v1/namespaces/{space}") is None:
        state.apply(f"/api/v1/namespaces/{space}", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": space}})
    record(state, name, space, "failed" if error_of(job) else "deployed")


def record(state, name, space, status):
    """Helm's record of the release, without what a real one holds."""
    base = f"/api/v1/namespaces/{space}/secrets/sh.helm.release.v1.{name}.v"
    version = len(state.below(base)) + 1
    meta = {"name": f"sh.helm.release.v1.{name}.v{version}", "namespace": space, "annotations": {STAND_IN: "no release is in it"},
            "labels": {"owner": "helm", "name": name, "status": status, "version": str(version)}}
    state.apply(f"{base}{version}", {"apiVersion": "v1", "kind": "Secret", "metadata": meta, "type": "helm.sh/release.v1"})


def hash_of(spec):
    return hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()


def job_of(chart, installed):
    name, spec = chart["metadata"]["name"], chart["spec"]
    labels = {LABEL: name, "job-name": f"helm-install-{name}"}
    error = trouble(spec)
    marks = {STAND_IN: "no template is rendered", **({ERROR: f"Error: {'UPGRADE' if installed else 'INSTALLATION'} FAILED: {error}"} if error else {})}
    container = {"name": "helm", "image": IMAGE, "args": ["install", "--namespace", spec.get("targetNamespace", "kube-system")]}
    template = {"metadata": {"labels": labels, "annotations": {HASH: hash_of(spec)}}, "spec": {"containers": [container], "restartPolicy": "OnFailure"}}
    meta = {"name": f"helm-install-{name}", "namespace": "kube-system", "labels": {LABEL: name}, "annotations": marks}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": meta, "spec": {"backoffLimit": 1000, "selector": {"matchLabels": {"job-name": meta["name"]}}, "template": template}}


def trouble(spec):
    """Why the installation fails; empty where it does not."""
    told = TOLD_TO_FAIL.search(spec.get("valuesContent", ""))
    if told:
        return told[1].strip()
    try:
        plain = gzip.decompress(base64.b64decode(spec.get("chartContent", ""), validate=True))
        with tarfile.open(fileobj=io.BytesIO(plain), mode="r:") as archive:
            names = archive.getnames()
    except (ValueError, OSError, EOFError, zlib.error, tarfile.TarError):
        return "gzip: invalid header"
    return "" if any(name.count("/") == 1 and name.endswith("/Chart.yaml") for name in names) else "Chart.yaml file is missing"


def error_of(job):
    return job["metadata"].get("annotations", {}).get(ERROR, "")


def status(chart):
    name = f"helm-install-{chart['metadata']['name']}"
    made = {"type": "JobCreated", "status": "True", "reason": "Job created", "message": f"Applying HelmChart using Job kube-system/{name}"}
    return {"jobName": name, "conditions": [made, {"type": "Failed", "status": "False"}]}


def failing(seconds):
    """The container of a job that fails: begun again every second, where the kubelet takes its time."""
    count = max(0, int(seconds))
    state = {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off restarting failed container=helm"}} if count else {"running": {}}
    return {"name": "helm", "image": IMAGE, "ready": False, "restartCount": count, "state": state}


def log_of(job):
    name = job["metadata"]["labels"].get(LABEL)
    if name is None:
        return "rke2 stand-in: no container runs here\n"
    said = f"rke2 stand-in: the chart {name} is kept and not rendered, nothing of it runs\n"
    return said + (f"{error_of(job)}\n" if error_of(job) else "STATUS: deployed\n")
