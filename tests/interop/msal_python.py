"""Microsoft's MSAL for Python signs in to the simulator.

Usage: msal_python.py ADDRESSES_JSON
"""

import copy
import json
import logging
import os
import pathlib
import shlex
import sys
import tempfile
import warnings

import jwt
import msal
import requests
from common import CONSUMERS, LABEL, PERSONAL, SCOPES, WORK, Addresses, Checks, application, begin, choose, claims_of, sign_in

HERE = pathlib.Path(__file__).resolve().parent
# MSAL hides these from apps: there is nothing to do about them but to sign in again.
HIDDEN = {"bad_token", "token_expired", "protection_policy_required", "client_mismatch", "device_authentication_failed"}


def refused(checks, name, result, error, number, suberror=None):
    """Whether MSAL got this refusal, with Microsoft's number."""
    found = (result.get("error"), result.get("error_codes"))
    checks.equal(name, found, (error, [number]))
    checks.that(
        f"{name}: the description starts with the number",
        result.get("error_description", "").startswith(f"AADSTS{number}: "),
        result.get("error_description"),
    )
    if suberror:
        checks.equal(f"{name}: suberror", result.get("suberror"), suberror)


def check_sign_in(checks, addresses, login, kind, is_personal):
    app, result = sign_in(addresses, login)
    if not checks.that(f"{kind}: code and PKCE give tokens", "access_token" in result, result):
        return None
    # MSAL keeps the refresh token to itself; it lies in the cache.
    kept = list(app.token_cache.search(msal.TokenCache.CredentialType.REFRESH_TOKEN))
    checks.equal(f"{kind}: one refresh token is cached", len(kept), 1)
    claims = result.get("id_token_claims", {})
    checks.equal(f"{kind}: preferred_username", claims.get("preferred_username"), login)
    checks.that(f"{kind}: oid", claims.get("oid"), claims)
    checks.that(f"{kind}: tid", claims.get("tid") and (claims["tid"] == CONSUMERS) == is_personal, claims)
    checks.that(f"{kind}: iss names the tenant", claims.get("iss", "").endswith(f"/{claims.get('tid')}/v2.0"), claims.get("iss"))
    granted = {scope.lower() for scope in result.get("scope", "").split()}
    checks.that(f"{kind}: the scopes are granted", {scope.lower() for scope in SCOPES} <= granted, result.get("scope"))
    checks.that(f"{kind}: offline_access is not listed", "offline_access" not in granted, result.get("scope"))
    account = app.get_accounts()[0]
    checks.equal(f"{kind}: home account is oid.tid", account["home_account_id"], f"{claims.get('oid')}.{claims.get('tid')}")
    check_signature(checks, addresses, result["id_token"], kind)
    return app, result, account


def check_signature(checks, addresses, id_token, kind):
    document = requests.get(f"{addresses.identity}/common/v2.0/.well-known/openid-configuration", timeout=10).json()
    key = jwt.PyJWKClient(document["jwks_uri"]).get_signing_key_from_jwt(id_token)
    issuer = document["issuer"].replace("{tenantid}", claims_of(id_token)["tid"])
    try:
        jwt.decode(id_token, key.key, algorithms=["RS256"], audience=addresses.client_id, issuer=issuer)
        checks.that(f"{kind}: the id_token is signed by a published key", True)
    except jwt.PyJWTError as error:
        checks.that(f"{kind}: the id_token is signed by a published key", False, error)


def check_silent(checks, app, result, account):
    cached = app.acquire_token_silent(SCOPES, account=account)
    checks.equal("silent: the cache answers", cached and cached["access_token"], result["access_token"])
    before = refresh_token(app)
    fresh = app.acquire_token_silent_with_error(SCOPES, account=account, force_refresh=True) or {}
    checks.that("silent: force_refresh gives another access token", fresh.get("access_token") not in (None, result["access_token"]), fresh)
    checks.that("silent: the refresh token rotates", refresh_token(app) not in (None, before), "the same or none")


def refresh_token(app):
    kept = list(app.token_cache.search(msal.TokenCache.CredentialType.REFRESH_TOKEN))
    return kept[0]["secret"] if kept else None


def check_old_refresh_token(checks, addresses, app, account):
    """Entra does not revoke the refresh token that was used; strict servers do."""
    old = refresh_token(app)
    app.acquire_token_silent(SCOPES, account=account, force_refresh=True)
    again = application(addresses).acquire_token_by_refresh_token(old, SCOPES)
    checks.that("silent: the refresh token that was used still works", "access_token" in again, again)


def check_wrong_verifier(checks, addresses):
    app = application(addresses)
    flow = begin(app)
    reply = choose(addresses, flow["auth_uri"], WORK)
    wrong = {**copy.deepcopy(flow), "code_verifier": "A" * 43}
    refused(checks, "a wrong code_verifier", app.acquire_token_by_auth_code_flow(wrong, reply), "invalid_grant", 501481)


def check_replay(checks, addresses):
    app = application(addresses)
    flow = begin(app)
    reply = choose(addresses, flow["auth_uri"], WORK)
    first = app.acquire_token_by_auth_code_flow(copy.deepcopy(flow), dict(reply))
    checks.that("a code is good once", "access_token" in first, first)
    second = application(addresses).acquire_token_by_auth_code_flow(copy.deepcopy(flow), dict(reply))
    refused(checks, "a replayed code", second, "invalid_grant", 54005)


def check_other_ways(checks, addresses):
    with warnings.catch_warnings():
        # MSAL would rather have form_post; other clients still use query.
        warnings.simplefilter("ignore")
        _, query = sign_in(addresses, WORK, response_mode="query")
    checks.that("response_mode=query works too", "access_token" in query, query)
    _, work = sign_in(addresses, WORK, tenant="organizations")
    checks.that("the organizations path serves a work account", "access_token" in work, work)
    app = application(addresses)
    flow = begin(app)
    reply = choose(addresses, flow["auth_uri"], "1", button="cancel")
    declined = app.acquire_token_by_auth_code_flow(flow, reply)
    checks.equal("cancel is access_denied", declined.get("error"), "access_denied")
    unknown = application(addresses, client_id="00000000-0000-4000-8000-000000000000")
    refused(checks, "an unknown client", unknown.acquire_token_by_refresh_token("1.unknown", SCOPES), "unauthorized_client", 700016)
    unknown_token = application(addresses).acquire_token_by_refresh_token("1.unknown", SCOPES)
    checks.equal("an unknown refresh token is invalid_grant", unknown_token.get("error"), "invalid_grant")


def in_browser(addresses, login, button="account"):
    """MSAL opens a browser by itself and listens for the reply. Returns the application, its result, and what the browser saw."""
    app = application(addresses)
    with tempfile.TemporaryDirectory() as folder:
        seen = pathlib.Path(folder) / "seen.json"
        told = {"addresses": sys.argv[1], "login": login, "button": button, "seen": str(seen)}
        os.environ["PRACTICE_BROWSER"] = json.dumps(told)
        # The & matters: without it Python waits for the browser, which waits for MSAL.
        os.environ["BROWSER"] = f"{shlex.quote(sys.executable)} {shlex.quote(str(HERE / 'msal_browser.py'))} %s &"
        result = app.acquire_token_interactive(SCOPES, prompt="select_account", timeout=30)
        return app, result, json.loads(seen.read_text(encoding="utf-8"))


def check_interactive(checks, addresses, login, kind):
    kind = f"{kind} in a browser"
    app, result, seen = in_browser(addresses, login)
    if not checks.that(f"{kind}: MSAL has tokens", "access_token" in result, result):
        return
    asked, reply, claims = seen["asked"], seen["reply"], result["id_token_claims"]
    checks.equal(f"{kind}: the reply was asked for as form_post", asked.get("response_mode"), "form_post")
    checks.equal(f"{kind}: the challenge is S256", asked.get("code_challenge_method"), "S256")
    checks.equal(f"{kind}: the reply is what Entra posts", set(reply), {"code", "client_info", "session_state", "state"})
    checks.equal(f"{kind}: preferred_username", claims.get("preferred_username"), login)
    account = app.get_accounts()[0]
    checks.equal(f"{kind}: home account is oid.tid", account["home_account_id"], f"{claims.get('oid')}.{claims.get('tid')}")
    fresh = app.acquire_token_silent_with_error(SCOPES, account=account, force_refresh=True) or {}
    checks.that(f"{kind}: it can be renewed", fresh.get("access_token") not in (None, result["access_token"]), fresh)


def check_cancelled(checks, addresses):
    app, result, _ = in_browser(addresses, "1", button="cancel")
    checks.equal("cancel in a browser: MSAL says access_denied", result.get("error"), "access_denied")
    checks.that("cancel in a browser: with the number", result.get("error_description", "").startswith("AADSTS65004: "), result)
    checks.equal("cancel in a browser: nobody is signed in", app.get_accounts(), [])


def type_code(addresses, code, **choice):
    """The person types a code on the page for devices."""
    return requests.post(f"{addresses.identity}/devicelogin", data={"user_code": code, **choice}, timeout=10)


def begin_device(addresses, tenant="common"):
    app = application(addresses, tenant)
    return app, app.initiate_device_flow(SCOPES)


def ask_once(app, flow):
    # This person types faster than the five seconds that the simulator asks for.
    flow["interval"] = 1
    return app.acquire_token_by_device_flow(flow, exit_condition=lambda _: True)


def check_device_code(checks, addresses):
    app, flow = begin_device(addresses)
    if not checks.that("device code: there is one", flow.get("user_code"), flow):
        return
    checks.equal("device code: page, patience and pace", [flow[name] for name in ("verification_uri", "expires_in", "interval")], [f"{LABEL}/devicelogin", 900, 5])
    checks.that("device code: the message names page and code", flow["user_code"] in flow["message"] and "/devicelogin" in flow["message"], flow)
    refused(checks, "device code: not typed yet", ask_once(app, flow), "authorization_pending", 70016)
    checks.equal("device code: the page takes it, in any case", type_code(addresses, flow["user_code"].lower(), account=WORK).status_code, 200)
    result = app.acquire_token_by_device_flow(flow)
    if not checks.that("device code: MSAL has tokens", "access_token" in result, result):
        return
    claims = result["id_token_claims"]
    checks.equal("device code: preferred_username", claims.get("preferred_username"), WORK)
    account = app.get_accounts()[0]
    checks.equal("device code: home account is oid.tid", account["home_account_id"], f"{claims.get('oid')}.{claims.get('tid')}")
    fresh = app.acquire_token_silent_with_error(SCOPES, account=account, force_refresh=True) or {}
    checks.that("device code: it can be renewed", fresh.get("access_token") not in (None, result["access_token"]), fresh)
    refused(checks, "device code: used twice", ask_once(application(addresses), flow), "bad_verification_code", 70018)


def check_refused_codes(checks, addresses):
    app, flow = begin_device(addresses)
    type_code(addresses, flow["user_code"], cancel="1")
    refused(checks, "device code: declined", ask_once(app, flow), "authorization_declined", 65004)
    mistyped = type_code(addresses, "NOSUCHONE", account=WORK)
    checks.that("device code: mistyped", mistyped.status_code == 400 and "AADSTS70019" in mistyped.text, mistyped.text)
    app, flow = begin_device(addresses, tenant="organizations")
    foreign = type_code(addresses, flow["user_code"], account=PERSONAL)
    checks.that("device code: of another kind of account", foreign.status_code == 400 and "AADSTS50020" in foreign.text, foreign.text)
    refused(checks, "device code: which leaves it waiting", ask_once(app, flow), "authorization_pending", 70016)
    unknown = application(addresses, client_id="00000000-0000-4000-8000-000000000000").initiate_device_flow(SCOPES)
    refused(checks, "device code: for an unknown client", unknown, "unauthorized_client", 700016)


def check_refused_redemptions(checks, addresses):
    app = application(addresses)
    flow = begin(app)
    reply = choose(addresses, flow["auth_uri"], WORK)

    def redeem(with_app, **changes):
        return with_app.acquire_token_by_auth_code_flow({**copy.deepcopy(flow), **changes}, dict(reply))

    refused(checks, "another redirect address", redeem(app, redirect_uri="http://localhost:1"), "invalid_grant", 70000)
    refused(checks, "another tenant path", redeem(application(addresses, "organizations")), "invalid_grant", 700005)
    confidential = application(addresses, kind=msal.ConfidentialClientApplication, client_credential="x")
    refused(checks, "a client secret", redeem(confidential), "invalid_client", 700025)
    checks.that("none of them used the code up", "access_token" in redeem(application(addresses)))
    invented = application(addresses).acquire_token_by_auth_code_flow(copy.deepcopy(flow), {**reply, "code": "1.invented"})
    refused(checks, "an invented code", invented, "invalid_grant", 70000)
    password = application(addresses).acquire_token_by_username_password(WORK, "x", SCOPES)
    refused(checks, "a password", password, "unsupported_grant_type", 70003)


def renew(addresses, signed_in):
    """A refresh by an application that remembers no refusal, with the tokens of one that is signed in."""
    app = application(addresses, token_cache=signed_in.token_cache)
    return app.acquire_token_silent_with_error(SCOPES, account=signed_in.get_accounts()[0], force_refresh=True)


def fault(addresses, action):
    """What the next token request meets."""
    told = {"method": "POST", "path": "/oauth2/v2.0/token", "action": action}
    requests.post(f"{addresses.control}/faults", json=told, timeout=10).raise_for_status()


def answer(status, body, *headers):
    return {"kind": "answer", "status": status, "headers": list(headers), "body": body}


def check_classification(checks, addresses):
    """One refusal of each kind that our table knows, as MSAL hands it to an app."""
    signed_in, _ = sign_in(addresses, WORK)
    rows = json.loads((HERE / "verdicts.json").read_text(encoding="utf-8"))
    kinds = {(row["body"]["error"], row["body"].get("suberror"), "claims" in row["body"]): row for row in reversed(rows)}
    for (error, suberror, _), row in sorted(kinds.items(), key=str):
        fault(addresses, answer(400, json.dumps(row["body"])))
        result = renew(addresses, signed_in) or {}
        found = [result.get(name) for name in ("error", "suberror", "classification", "error_codes", "claims")]
        hidden = "" if suberror in HIDDEN else suberror
        checks.equal(f"MSAL reads {row['name']}", found, [error, suberror, hidden, row["body"].get("error_codes"), row["body"].get("claims")])
    checks.that("after all of them the sign-in still works", "access_token" in (renew(addresses, signed_in) or {}))


def check_broken_answers(checks, addresses):
    """Answers that are none: MSAL says so, and the refresh token outlives them."""
    signed_in, _ = sign_in(addresses, WORK)
    service_error = msal.exceptions.MsalServiceError
    for name, action, expected in [
        ("503", answer(503, "", ["Retry-After", "1"]), service_error),
        ("an HTML page", answer(200, "<html>Log in to this network</html>"), ValueError),
        ("a cut before", {"kind": "cut_before"}, requests.RequestException),
        ("a cut after", {"kind": "cut_after"}, requests.RequestException),
        ("half an answer", {"kind": "truncate"}, ValueError),
    ]:
        fault(addresses, action)
        try:
            found = renew(addresses, signed_in)
        except Exception as error:
            found = error
        checks.that(f"{name} is an error", isinstance(found, expected), repr(found))
        checks.that(f"{name} ends no sign-in", "access_token" in (renew(addresses, signed_in) or {}))
    fault(addresses, answer(429, '{"error":"temporarily_unavailable"}', ["Retry-After", "60"]))
    app, account = application(addresses, token_cache=signed_in.token_cache), signed_in.get_accounts()[0]
    busy = [app.acquire_token_silent_with_error(SCOPES, account=account, force_refresh=True).get("error") for _ in range(2)]
    # The fault is used up: an answer would be a token.
    checks.equal("429: MSAL reads Retry-After and does not ask again", busy, ["temporarily_unavailable"] * 2)


def check_needs_admin(checks, addresses):
    """Consent that is taken back: the same sign-in, less access."""
    signed_in, _ = sign_in(addresses, PERSONAL)
    answer = requests.post(f"{addresses.control}/needs-admin", json={"login": PERSONAL}, timeout=10)
    checks.equal("control: needs-admin", answer.status_code, 200)
    missing = renew(addresses, signed_in) or {}
    refused(checks, "consent taken back", missing, "invalid_grant", 65001, "consent_required")
    checks.equal("consent taken back: MSAL's classification", missing.get("classification"), "consent_required")
    app = application(addresses, token_cache=signed_in.token_cache)
    less = app.acquire_token_silent_with_error(["User.Read"], account=signed_in.get_accounts()[0], force_refresh=True) or {}
    checks.that("consent taken back: the rest still works", "access_token" in less and "Calendars" not in less.get("scope", "Calendars"), less)
    _, again = sign_in(addresses, PERSONAL)
    checks.equal("only an administrator may consent", again.get("error"), "access_denied")


def check_revoked(checks, addresses, app, account):
    answer = requests.post(f"{addresses.control}/revoke", json={"login": WORK}, timeout=10)
    checks.equal("control: revoke", answer.status_code, 200)
    dead = app.acquire_token_silent_with_error(SCOPES, account=account, force_refresh=True) or {}
    refused(checks, "a revoked session", dead, "invalid_grant", 50173, "bad_token")
    # MSAL hides this suberror from apps: an empty classification means "sign in again".
    checks.equal("a revoked session: MSAL's classification", dead.get("classification"), "")
    _, again = sign_in(addresses, WORK)
    checks.that("after a revoked session a new sign-in works", "access_token" in again, again)


def run(checks, addresses):
    work = check_sign_in(checks, addresses, WORK, "work", is_personal=False)
    check_sign_in(checks, addresses, PERSONAL, "personal", is_personal=True)
    check_wrong_verifier(checks, addresses)
    check_replay(checks, addresses)
    check_other_ways(checks, addresses)
    check_refused_redemptions(checks, addresses)
    check_interactive(checks, addresses, WORK, "work")
    check_interactive(checks, addresses, PERSONAL, "personal")
    check_cancelled(checks, addresses)
    check_device_code(checks, addresses)
    check_refused_codes(checks, addresses)
    check_classification(checks, addresses)
    check_broken_answers(checks, addresses)
    if work:
        app, result, account = work
        check_silent(checks, app, result, account)
        check_old_refresh_token(checks, addresses, app, account)
        check_revoked(checks, addresses, app, account)
    check_needs_admin(checks, addresses)


def main():
    # What is no JSON on purpose is not worth MSAL's trace.
    logging.getLogger("msal").setLevel(logging.CRITICAL)
    addresses, checks = Addresses(sys.argv[1]), Checks()
    checks.run(lambda: run(checks, addresses))


if __name__ == "__main__":
    main()
