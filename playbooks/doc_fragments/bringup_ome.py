"""Options of every module that logs in to OpenManage Enterprise; module_utils/bringup_ome.py has their specification."""


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  hostname: {description: Address of OpenManage Enterprise., type: str, required: true}
  port: {description: TCP port of its API., type: int, default: 443}
  username: {description: An account there., type: str, required: true}
  password: {description: The account's password., type: str, required: true}
  ca_path: {description: File with the certificates to trust., type: path, required: true}
  timeout: {description: Seconds for one answer., type: int, default: 30}
"""
    # Of modules that follow a job.
    AWAITING = r"""
options:
  away_seconds: {description: How long an appliance that went away is waited for., type: int, default: 900}
"""
