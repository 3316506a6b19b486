"""Options of every module that logs in to a BMC over Redfish; module_utils/bringup_redfish.py has their specification."""


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  address: {description: Where the BMC answers., type: str, required: true}
  port: {description: Its HTTPS port., type: int, default: 443}
  certificate: {description: SHA-256 of its certificate; empty means the CAs this machine trusts., type: str, default: ""}
  username: {description: Whom to log in as., type: str, required: true}
  password: {description: The password of that user., type: str, required: true}
"""
