"""What the foreign clients share: addresses, sign-in through MSAL, and the list of checks."""

import base64
import html.parser
import json
import pathlib
import sys
import traceback
import urllib.parse

import msal
import requests

SCOPES = ["User.Read", "Calendars.ReadWrite"]
WORK = "ada@contoso.example"
PERSONAL = "ben@outlook.example"
CONSUMERS = "9188040d-6c67-4c5b-b112-36a304b66dad"
# Nobody listens there: the page that carries the code is read, not submitted.
REDIRECT_URI = "http://localhost:53682"
# MSAL insists on https, the simulator speaks plain http on loopback. MSAL is told this name, the transport maps it.
LABEL = "https://emu.test"


class Addresses:
    """Where the simulator listens: its first line of output, as text or in a file."""

    def __init__(self, source):
        text = source if source.lstrip().startswith("{") else pathlib.Path(source).read_text(encoding="utf-8")
        known = json.loads(text.strip().splitlines()[0])
        self.identity = known["identity"].rstrip("/")
        self.graph = known["graph"].rstrip("/") + "/v1.0"
        self.control = known["control"].rstrip("/")
        self.client_id = known["client_id"]


class Checks:
    """Prints a line for each check and counts them."""

    def __init__(self):
        self.passed = 0
        self.failed = 0
        self.skipped = 0

    def that(self, name, holds, why=""):
        if holds:
            self.passed += 1
            print(f"ok {name}")
        else:
            self.failed += 1
            print(f"FAIL {name}: {' '.join(str(why).split())[:600]}")
        return bool(holds)

    def equal(self, name, found, expected):
        return self.that(name, found == expected, f"expected {expected!r}, found {found!r}")

    def skip(self, reason):
        self.skipped += 1
        print(f"skipped: {reason}")

    def run(self, work):
        """Does the work and ends the program; what breaks it off is a failed check too."""
        try:
            work()
        except Exception as error:
            traceback.print_exc()
            self.that("the run goes to its end", False, repr(error))
        self.finish()

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped")
        sys.exit(1 if self.failed else 0)


class PlainHttp:
    """An http client for MSAL that reaches the simulator under an https name."""

    def __init__(self, identity):
        self.identity = identity
        self.session = requests.Session()
        self.session.trust_env = False

    def get(self, url, **options):
        return self._label(self.session.get(self._real(url), **options))

    def post(self, url, **options):
        return self._label(self.session.post(self._real(url), **options))

    def close(self):
        self.session.close()

    def _real(self, url):
        return url.replace(LABEL, self.identity)

    def _label(self, response):
        response._content = response.content.replace(self.identity.encode(), LABEL.encode())
        return response


def application(addresses, tenant="common", client_id=None, kind=msal.PublicClientApplication, **options):
    """A new MSAL application. MSAL remembers refusals, so every case that is to be refused takes its own."""
    return kind(
        client_id or addresses.client_id,
        authority=f"{LABEL}/{tenant}",
        instance_discovery=False,
        http_client=PlainHttp(addresses.identity),
        **options,
    )


class _Form(html.parser.HTMLParser):
    """The first form of a page: where it goes and its hidden fields."""

    def __init__(self, page):
        super().__init__()
        self.action = None
        self.fields = {}
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "form" and self.action is None:
            self.action = found.get("action")
        if tag == "input" and found.get("type") == "hidden":
            self.fields[found["name"]] = found.get("value", "")


def choose(addresses, auth_uri, login, button="account"):
    """Acts as the person in the browser. Returns the fields that the page would post to the app."""
    asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(auth_uri).query))
    session = requests.Session()
    session.trust_env = False
    shown = session.get(auth_uri.replace(LABEL, addresses.identity), timeout=10)
    shown.raise_for_status()
    form = _Form(shown.text)
    address = urllib.parse.urljoin(shown.url, form.action)
    answer = session.post(address, data={**form.fields, button: login}, timeout=10, allow_redirects=False)
    answer.raise_for_status()
    if answer.is_redirect:
        return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(answer.headers["Location"]).query))
    reply = _Form(answer.text)
    if reply.action is None or urllib.parse.urlsplit(reply.action)[:2] != urllib.parse.urlsplit(asked["redirect_uri"])[:2]:
        raise RuntimeError(f"the reply goes to {reply.action!r}")
    return reply.fields


def begin(app, response_mode="form_post", **options):
    return app.initiate_auth_code_flow(SCOPES, redirect_uri=REDIRECT_URI, response_mode=response_mode, **options)


def sign_in(addresses, login, tenant="common", response_mode="form_post"):
    """Signs in. Returns the application, which holds the tokens, and MSAL's result."""
    app = application(addresses, tenant)
    flow = begin(app, response_mode)
    return app, app.acquire_token_by_auth_code_flow(flow, choose(addresses, flow["auth_uri"], login))


def claims_of(token):
    """The claims of a JWT, unchecked."""
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
