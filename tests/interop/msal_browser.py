"""The browser that MSAL for Python opens: signs in at the simulator as it is told, and posts the reply to MSAL's own port.

Usage: msal_browser.py URL, with PRACTICE_BROWSER='{"addresses": FILE, "login": ..., "button": ..., "seen": FILE}' in the environment
"""

import json
import os
import pathlib
import sys
import urllib.parse

import requests
from common import LABEL, Addresses, choose


def main():
    auth_uri, told = sys.argv[1], json.loads(os.environ["PRACTICE_BROWSER"])
    asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(auth_uri).query))
    if not auth_uri.startswith(f"{LABEL}/"):
        sys.exit(f"the browser was sent to {auth_uri}")
    reply = choose(Addresses(told["addresses"]), auth_uri, told["login"], told["button"])
    # Before the reply, for MSAL goes on as soon as it has that.
    pathlib.Path(told["seen"]).write_text(json.dumps({"asked": asked, "reply": reply}), encoding="utf-8")
    session = requests.Session()
    session.trust_env = False
    session.post(asked["redirect_uri"], data=reply, timeout=10).raise_for_status()


if __name__ == "__main__":
    main()
