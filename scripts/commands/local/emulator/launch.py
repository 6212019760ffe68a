"""Starts MiniStack for a local environment: `python launch.py <data folder>`, configured by MiniStack's own variables.

Adds to it: the patches of its policy evaluation (policy_patch.py) and of its answers (answers_patch.py), and saving on
request. MiniStack itself saves its state only when it ends in an orderly way; on SIGUSR1 this process saves it at once and
then touches `<data folder>/saved`.
"""

from __future__ import annotations

import pathlib
import signal
import sys


def main(data: pathlib.Path) -> None:
    import answers_patch
    import policy_patch
    from ministack import app
    from ministack.core import persistence

    policy_patch.apply()
    answers_patch.apply()

    def save(*_: object) -> None:
        # Python runs this in the main thread, between two steps of the server's loop.
        persistence.save_all(app._build_persistence_save_dict())
        (data / "saved").touch()

    signal.signal(signal.SIGUSR1, save)
    sys.argv = ["ministack"]
    app.main()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: launch.py <data folder>")
    main(pathlib.Path(sys.argv[1]))
