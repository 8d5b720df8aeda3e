"""Run an OpenID Connect provider on loopback, and dashboards that sign in through it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Page

from tests.browser.conftest import Server, free_port

PEOPLE = {
    "governor@example.gov": "governor",
    "officer@example.gov": "officer",
    "analyst@example.gov": "analyst",
    "northwest@example.org": "director:Northwest",
    "eastern@example.org": "director:Eastern",
}
STRANGER = "stranger@example.com"  # known to the provider, unknown to the dashboard
UNCHECKED = "unchecked"  # claims the officer's address, which the provider never verified
SECRET = "a-secret-for-tests-only-0123456789abcdef"


@dataclass
class Guarded:
    """A dashboard with sign-in; its replicas share the secret, the store and the audit log."""

    store: Path
    folder: Path
    provider: str
    settings: dict[str, str] = field(default_factory=dict)
    access: str = ""

    def serve(self, name: str = "first", *, origin: str = "", port: int | None = None) -> Server:
        """Start a replica. origin: the address readers use, if it is not the address the replica listens on."""
        port = port or free_port()
        secrets = self.folder / f"secrets-{name}.toml"
        secrets.write_text(
            f'[auth]\nredirect_uri = "{origin or f"http://127.0.0.1:{port}"}/oauth2callback"\ncookie_secret = "{SECRET}"\n'
            f'client_id = "dashboard"\nclient_secret = "not-a-secret"\n'
            f'server_metadata_url = "{self.provider}/.well-known/openid-configuration"\n'
        )
        settings = {
            "DASHBOARD_SECRETS": str(secrets),
            "DASHBOARD_ACCESS": str(self.folder / "access.toml"),
            "DASHBOARD_LOG": str(self.folder / "log"),
            **self.settings,
        }
        return Server(self.store, self.folder / f"{name}.txt", port=port, **settings)

    def give(self, people: dict[str, str]) -> None:
        """Write access.toml. people: role, or role:region, by e-mail address."""
        lines = []
        for email, role in people.items():
            name, _, region = role.partition(":")
            lines += ["[[account]]", f'account = "{email}"', f'role = "{name}"']
            lines += [f'region = "{region}"'] if region else []
        (self.folder / "access.toml").write_text("\n".join(lines) + "\n")


@contextmanager
def guarded(store: Path, folder: Path, **settings: str) -> Iterator[Guarded]:
    """Run a provider that knows every account of this module; yield the dashboard's setup for it."""
    users = [User(sub=email, claims={"email": email, "email_verified": True}) for email in (*PEOPLE, STRANGER)]
    users.append(User(sub=UNCHECKED, claims={"email": "officer@example.gov", "email_verified": False}))
    with run_server_in_thread(user_claims=users) as provider:
        dashboard = Guarded(store, folder, f"http://localhost:{provider.server_port}", settings)
        dashboard.give(PEOPLE)
        yield dashboard


def sign_in(page: Page, account: str) -> None:
    """Go from the sign-in page through the provider and back."""
    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("button", name=account, exact=True).click()
