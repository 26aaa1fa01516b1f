"""Microsoft's MSAL for Python signs in to the simulator.

Usage: msal_python.py ADDRESSES_JSON
"""

import copy
import sys
import warnings

import jwt
import msal
import requests
from common import CONSUMERS, PERSONAL, SCOPES, WORK, Addresses, Checks, application, begin, choose, claims_of, sign_in


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
    if work:
        app, result, account = work
        check_silent(checks, app, result, account)
        check_old_refresh_token(checks, addresses, app, account)
        check_revoked(checks, addresses, app, account)


def main():
    addresses, checks = Addresses(sys.argv[1]), Checks()
    checks.run(lambda: run(checks, addresses))


if __name__ == "__main__":
    main()
