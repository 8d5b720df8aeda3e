"""Serve the dashboard, behind its gate: `python serve.py [--port 8501] [--address 127.0.0.1]`. `make run` does this.

Exit code 1, and a sentence for each reason, where it must not start.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys

from data import audit_log, terminal


def main() -> int:
    """Look before starting, then serve until stopped."""
    parser = argparse.ArgumentParser(prog="python serve.py", description="Serve the dashboard.")
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--address", default="127.0.0.1", help="the address to listen on (default: this machine only)")
    parser.add_argument(
        "--no-ahead", dest="is_ahead", action="store_false", help="do not work out ahead what readers ask first"
    )
    asked = parser.parse_args()
    audit_log.written_by(f"server-{asked.port}")

    from streamlit.web import bootstrap

    settings: dict[str, object] = {"server.port": asked.port, "server.address": asked.address}
    if os.environ.get("DASHBOARD_PREFIX"):
        settings["server.baseUrlPath"] = os.environ["DASHBOARD_PREFIX"].strip("/")
    if os.environ.get("DASHBOARD_SECRETS"):
        settings["secrets.files"] = [os.environ["DASHBOARD_SECRETS"]]
    bootstrap.load_config_options(settings)  # before anything asks Streamlit for a setting

    from server import app, integrity, prewarm, startup_checks, uvicorn_server

    faults = [*startup_checks.faults(asked.address), *filter(None, [uvicorn_server.fault(asked.address, asked.port)])]
    if faults:
        print("Not started.", *faults, sep="\n", file=sys.stderr)
        return 1
    startup_checks.warm()
    site = app.build(hosts=startup_checks.hosts(asked.address))
    bootstrap.load_config_options(
        settings
    )  # again: only now Streamlit knows where the pages, and the settings beside them, are
    integrity.start()
    if asked.is_ahead:
        prewarm.start()
        signal.signal(signal.SIGTERM, _end)  # uvicorn ends what it serves, then hands the signal on
    shown = "localhost" if asked.address in ("127.0.0.1", "::1", "localhost") else asked.address or "this machine"
    terminal.put(f"The dashboard is at http://{shown}:{asked.port} (stop it with Ctrl+C)")
    try:
        uvicorn_server.serve(site, address=asked.address, port=asked.port)
    finally:
        prewarm.stop()
        integrity.stop()
    return 0


def _end(number: int, _: object) -> None:
    """Take the rehearsal along, and end as the signal says."""
    from server import prewarm

    prewarm.stop()
    signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)


if __name__ == "__main__":
    sys.exit(main())
