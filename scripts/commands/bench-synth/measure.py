"""Runs a command and prints {"seconds": wall time, "megabytes": peak memory of its largest process} as JSON."""
import json
import resource
import subprocess
import sys
import time

started = time.monotonic()
status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
seconds = time.monotonic() - started
# Kilobytes on Linux, bytes on macOS: https://man7.org/linux/man-pages/man2/getrusage.2.html
unit = 1024 * 1024 if sys.platform == "darwin" else 1024
print(json.dumps({"seconds": seconds, "megabytes": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / unit}))
sys.exit(status)
