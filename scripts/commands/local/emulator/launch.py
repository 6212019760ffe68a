"""Starts MiniStack for a local environment: `python launch.py <data folder>`, configured by MiniStack's own variables.

Adds to it: the patches of its policy evaluation (policy_patch.py), of its answers (answers_patch.py) and of its readiness
(readiness_patch.py), and saving on request. MiniStack itself saves its state only when it ends in an orderly way; on SIGUSR1 this process saves it at once and
then writes `<data folder>/saved`, which names what could not be saved (saving.py).
"""

from __future__ import annotations

import pathlib
import signal
import sys


def main(data: pathlib.Path) -> None:
    import answers_patch
    import policy_patch
    import readiness_patch
    import saving
    from ministack import app

    policy_patch.apply()
    answers_patch.apply()
    readiness_patch.apply()
    saving.check()

    def on_request(*_: object) -> None:
        # Python runs this between any two steps of the main thread, in the middle of a change too. On the event loop, it comes
        # when every request that is being served has got to a point where it waits for something.
        if app._MAIN_LOOP:  # Else the server does not answer yet: who asks has not waited for it.
            app._MAIN_LOOP.call_soon_threadsafe(saving.save_to, data / "saved")

    signal.signal(signal.SIGUSR1, on_request)
    sys.argv = ["ministack"]
    app.main()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: launch.py <data folder>")
    main(pathlib.Path(sys.argv[1]))
