"""Find a Chrome or Chromium for the tests, else install one; print its path. `python -m tests.browser.find`"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
HOW = (
    "The browser tests need Chrome or Chromium and none could be installed: install one (on Debian or Ubuntu, "
    "apt-get install chromium) or name it with DASHBOARD_BROWSER=/path/to/chrome."
)


def installed() -> str | None:
    """The path of a browser that is there, or None."""
    named = os.environ.get("DASHBOARD_BROWSER")
    if named:
        return named if Path(named).exists() else None
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return found or (str(MAC) if MAC.exists() else _playwrights_own())


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> None:
    """Try to install one: Playwright's own download, then the system's package where that needs no password."""
    _quietly([sys.executable, "-m", "playwright", "install", "chromium"], seconds=300)
    if not installed() and shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        _quietly(["apt-get", "update", "-qq"], seconds=300)
        _quietly(["apt-get", "install", "-y", "-qq", "chromium"], seconds=600)


def _quietly(command: list[str], *, seconds: int) -> None:
    try:
        subprocess.run(command, stdout=sys.stderr, stderr=subprocess.STDOUT, timeout=seconds, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return


def main() -> int:
    """Print the browser's path; 1 and one sentence where none can be had."""
    if not installed():
        print("No Chrome or Chromium found: installing one for the browser tests.", file=sys.stderr)
        install()
    path = installed()
    print(path or HOW, file=sys.stdout if path else sys.stderr)
    return 0 if path else 1


if __name__ == "__main__":
    sys.exit(main())
