"""Guards the patches: each names the functions it replaces, or depends on, by their source in the pinned MiniStack."""

from __future__ import annotations

import hashlib
import importlib
import inspect


class UnknownEmulatorError(RuntimeError):
    """The installed MiniStack is not the version that a patch was written for."""


def require(patch: str, sources: dict[str, str]) -> None:
    """Compare the installed functions with those that *patch* was written for.

    *sources*: `<module below ministack>.<function>` to the first 16 digits of its source's SHA-256.
    Raises UnknownEmulatorError naming every function that differs or is gone, with the digits of the installed one.
    """
    installed = {name: digest(name) for name in sources}
    changed = [f"{name} ({installed[name]})" for name, known in sources.items() if installed[name] != known]
    if changed:
        raise UnknownEmulatorError(
            f"MiniStack has other functions than {patch} was written for: {', '.join(changed)}; read what changed "
            "there, adapt the patch and its test, then put these digits into its list"
        )


def digest(name: str) -> str:
    """The digits of one installed function; `gone` when there is none."""
    module, _, function = name.rpartition(".")
    found = getattr(importlib.import_module(f"ministack.{module}"), function, None)
    return hashlib.sha256(inspect.getsource(found).encode()).hexdigest()[:16] if found else "gone"
