"""Find Chrome or Chromium for the tests, or install it, and print its path: `python -m tests.browser.find`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
HELP = (
    "The browser tests need Chrome or Chromium, and neither could be installed. Install one (on Debian or Ubuntu: "
    "apt-get install chromium), or set DASHBOARD_BROWSER=/path/to/chrome."
)


def installed() -> str | None:
    """Return the path of an installed browser, or None."""
    configured = os.environ.get("DASHBOARD_BROWSER")
    if configured:
        return configured if Path(configured).exists() else None
    path = next((path for name in NAMES if (path := shutil.which(name))), None)
    return path or (str(MAC) if MAC.exists() else _playwright_browser())


def _playwright_browser() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> None:
    """Try Playwright's download, then the system's package if that needs no password."""
    _run([sys.executable, "-m", "playwright", "install", "chromium"], seconds=300)
    if not installed() and shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        _run(["apt-get", "update", "-qq"], seconds=300)
        _run(["apt-get", "install", "-y", "-qq", "chromium"], seconds=600)


def _run(command: list[str], *, seconds: int) -> None:
    """Run a command and ignore its failure: `main` checks what was installed."""
    try:
        subprocess.run(command, stdout=sys.stderr, stderr=subprocess.STDOUT, timeout=seconds, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return


def main() -> int:
    """Print the browser's path and return 0, or print how to install one and return 1."""
    if not installed():
        print("No Chrome or Chromium found: installing one for the browser tests.", file=sys.stderr)
        install()
    path = installed()
    print(path or HELP, file=sys.stdout if path else sys.stderr)
    return 0 if path else 1


if __name__ == "__main__":
    sys.exit(main())
