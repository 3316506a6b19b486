"""rke2, a stand-in: answers as RKE2 does where a playbook or a person looks, and runs no container."""

import sys

import node
from version import VERSION


def main():
    words = sys.argv[1:]
    if words == ["--version"]:
        print(f"rke2 version {VERSION} (stand-in, no Kubernetes inside)")
    elif words in (["server"], ["agent"]):
        node.run(words[0], VERSION)
    else:
        sys.exit(f"rke2 (stand-in): wanted --version, server or agent, got {' '.join(words) or 'nothing'}")


main()
