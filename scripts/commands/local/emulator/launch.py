"""Starts MiniStack for a local environment: `python launch.py <data folder>`, configured by MiniStack's own variables.

Adds to it the patches of the files *_patch.py, each of which says what it changes, and saving on request. MiniStack itself saves
its state only when it ends in an orderly way; on SIGUSR1 this process saves it at once and then writes `<data folder>/saved`, which
names what could not be saved (saving.py).
"""

from __future__ import annotations

import pathlib
import signal
import sys


def main(data: pathlib.Path) -> None:
    import answer_time_patch
    import answers_patch
    import cache_patch
    import cloudfront_patch
    import database_patch
    import event_keys_patch
    import execute_api_patch
    import load_balancer_patch
    import log_stream_patch
    import network_patch
    import policy_patch
    import readiness_patch
    import replay_patch
    import saving
    import security_group_patch
    import service_role_patch
    import state_machine_patch
    import stream_mapping_patch
    import stream_tags_patch
    from ministack import app

    for patch in (
        policy_patch,
        answers_patch,
        answer_time_patch,
        readiness_patch,
        replay_patch,
        load_balancer_patch,
        log_stream_patch,
        network_patch,
        security_group_patch,
        service_role_patch,
        state_machine_patch,
        stream_mapping_patch,
        stream_tags_patch,
        database_patch,
        event_keys_patch,
        execute_api_patch,
        cache_patch,
        cloudfront_patch,
    ):
        patch.apply()
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
