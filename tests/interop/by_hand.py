"""Graph by hand: no SDK between the check and the wire."""

import urllib.parse

import requests
from common import sign_in


class Client:
    """Graph by hand, with a token."""

    def __init__(self, addresses, login):
        _, result = sign_in(addresses, login)
        self.addresses = addresses
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"Bearer {result['access_token']}"

    def call(self, method, path, body=None, query=None, **headers):
        address = path if path.startswith("http") else f"{self.addresses.graph}/{path}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.session.request(method, address, json=body, params=query, headers=named, timeout=30)

    def control(self, path, body):
        return self.session.post(f"{self.addresses.control}/{path}", json=body, timeout=10)


def quoted(identifier):
    return urllib.parse.quote(identifier, safe="")


def rows(client, path, query=None):
    """All pages."""
    answer, found = client.call("GET", path, query=query), []
    while True:
        answer.raise_for_status()
        page = answer.json()
        found += page["value"]
        if "@odata.nextLink" not in page:
            return found
        answer = client.call("GET", page["@odata.nextLink"])


def refused(checks, name, answer, status, code):
    checks.equal(name, (answer.status_code, answer.json().get("error", {}).get("code")), (status, code))
