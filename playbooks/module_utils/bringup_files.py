"""Files that are there whole or as they were before, whatever happens meanwhile."""

from __future__ import annotations

import os
import tempfile


def write_whole(path: str, content: str | bytes, mode: int = 0o644) -> None:
    """Put a file in the place of what is there, with its mode from its first moment on; the folder has to be there."""
    handle, name = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".bringup-")
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(content.encode() if isinstance(content, str) else content)
        os.chmod(name, mode)
        os.replace(name, path)
    except OSError:
        os.unlink(name)
        raise
