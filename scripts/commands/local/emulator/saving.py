"""Saves MiniStack's data on request, and tells what could not be saved.

MiniStack's own `save_all` writes an error to the log and goes on, so its caller takes what is missing for saved.
"""

from __future__ import annotations

import json
import pathlib
from typing import Any, Callable

import known_source
from ministack import app
from ministack.core import persistence

# Repeated here, or called; MiniStack 1.5.33.
_KNOWN_SOURCES = {
    "app._build_persistence_save_dict": "9a6393cc953d2f67",
    "core.persistence.save_all": "ea253a04fd05447b",
    "core.persistence.save_state": "58a9551109738f64",
    "core.persistence._state_format_version": "049e2cc0f75d3af8",
    "core.persistence._json_default": "495d9abe01cbca19",
}

# A function that a worker thread runs may change a service's data while it is being written.
_ATTEMPTS = 3


def check() -> None:
    """Refuse any other MiniStack than the pinned one: UnknownEmulatorError of known_source.py."""
    known_source.require("saving.py", _KNOWN_SOURCES)


def save_to(report: pathlib.Path) -> None:
    """Save every service, then write *report*: one line for each that could not be saved, empty when all were.

    The report is there whole or not at all. Call it on the server's event loop.
    """
    failures = save(app._build_persistence_save_dict(), pathlib.Path(persistence.STATE_DIR))
    partial = report.with_name(f"{report.name}.partial")
    partial.write_text("".join(f"{line}\n" for line in failures))
    partial.replace(report)


def save(services: dict[str, Callable[[], Any]], folder: pathlib.Path) -> list[str]:
    """Save each service's state, in the form that MiniStack reads when it starts.

    *services*: name to what gives the state. Returns `<service>: <error>` for each that could not be saved; its file is then as it
    was before.
    """
    failures = []
    for service, state_of in services.items():
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                _save_one(service, state_of, folder)
                break
            except Exception as error:
                if attempt == _ATTEMPTS:
                    failures.append(f"{service}: {type(error).__name__}: {' '.join(str(error).split())}")
    return failures


def _save_one(service: str, state_of: Callable[[], Any], folder: pathlib.Path) -> None:
    state = state_of()
    if state is None:
        return  # Its module was not loaded: what an earlier run has saved stays.
    wrapped = {"__ministack_format__": persistence._state_format_version(service), "payload": state}
    text = json.dumps(wrapped, default=persistence._json_default)
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f"{service}.json.tmp"
    partial.write_text(text)
    partial.replace(folder / f"{service}.json")
