"""Serve the dashboard with its sign-in: `python serve.py [--port 8501] [--address 127.0.0.1]`. `make run` does this.

If the settings are unsafe, it prints a sentence for each problem and exits with code 1.
"""

from __future__ import annotations

import argparse
import os
import sys

from streamlit.web import bootstrap

from data import audit_log, terminal


def main() -> int:
    """Check the settings, then serve until stopped."""
    parser = argparse.ArgumentParser(prog="python serve.py", description="Serve the dashboard.")
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--address", default="127.0.0.1", help="the address to listen on (default: this machine only)")
    parser.add_argument(
        "--no-ahead", action="store_true", help=argparse.SUPPRESS
    )  # of 0.2: there is nothing to turn off
    options = parser.parse_args()
    audit_log.written_by(f"server-{options.port}")

    settings: dict[str, object] = {"server.port": options.port, "server.address": options.address}
    if os.environ.get("DASHBOARD_PREFIX"):
        settings["server.baseUrlPath"] = os.environ["DASHBOARD_PREFIX"].strip("/")
    if os.environ.get("DASHBOARD_SECRETS"):
        settings["secrets.files"] = [os.environ["DASHBOARD_SECRETS"]]
    bootstrap.load_config_options(settings)  # before anything reads a Streamlit setting

    # these modules read Streamlit's settings while they are imported
    from server import app, integrity, startup_checks, uvicorn_server  # noqa: PLC0415

    faults = [
        *startup_checks.faults(options.address),
        *filter(None, [uvicorn_server.fault(options.address, options.port)]),
    ]
    if faults:
        print("Not started.", *faults, sep="\n", file=sys.stderr)
        return 1
    startup_checks.warm_up()
    dashboard = app.build(hosts=startup_checks.hosts(options.address))
    # again: only now does Streamlit know the folder of the pages and of .streamlit/config.toml
    bootstrap.load_config_options(settings)
    integrity.start()
    host = "localhost" if options.address in ("127.0.0.1", "::1", "localhost") else options.address or "this machine"
    terminal.put(f"The dashboard is at http://{host}:{options.port} (stop it with Ctrl+C)")
    try:
        uvicorn_server.serve(dashboard, address=options.address, port=options.port)
    finally:
        integrity.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
