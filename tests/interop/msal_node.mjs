// Microsoft's MSAL for Node signs in to the simulator: browser, cache, refresh, device code, and what it makes of refusals.
//
// usage: msal_node.mjs ADDRESSES_JSON NODE_MODULES
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { check, close } from './checks.mjs'

const [file, modules] = process.argv.slice(2)
const { identity, graph, control, client_id: clientId } = JSON.parse(readFileSync(file, 'utf8').split('\n')[0])
const msal = createRequire(`${modules}/`)('@azure/msal-node')

// MSAL insists on https, the simulator speaks plain http on loopback. MSAL is told this name, the transport maps it.
const label = 'https://emu.test'
const scopes = ['User.Read', 'Calendars.ReadWrite']
const work = { login: 'ada@contoso.example', tid: '7a1e0000-0000-4000-8000-00000c0f7050' }
const personal = { login: 'ben@outlook.example', tid: '9188040d-6c67-4c5b-b112-36a304b66dad' }
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const stepUp = '{"access_token":{"capolids":{"essential":true,"values":["c1"]}}}'

const equal = (name, found, expected) => check(name, JSON.stringify(found) === JSON.stringify(expected), { found, expected })

/** What MSAL asks instead of a network. Keeps what was posted; `before` and `after` every post a check may step in. */
class Transport {
  posted = []
  before = () => {}
  after = () => {}

  async exchange(method, url, options) {
    if (method === 'POST') {
      await this.before(url)
      this.posted.push({ url, form: new URLSearchParams(options.body) })
    }
    const answer = await fetch(url.replace(label, identity), { method, headers: options?.headers, body: options?.body })
    const body = JSON.parse((await answer.text()).replaceAll(identity, label))
    if (method === 'POST') this.after({ body })
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body }
  }

  sendGetRequestAsync = (url, options) => this.exchange('GET', url, options)
  sendPostRequestAsync = (url, options) => this.exchange('POST', url, options)
  tokenRequests = () => this.posted.filter(({ url }) => url.includes('/oauth2/v2.0/token'))
}

function application({ client = clientId, tenant = 'common', clientCapabilities } = {}) {
  const transport = new Transport()
  const app = new msal.PublicClientApplication({
    auth: { clientId: client, authority: `${label}/${tenant}`, knownAuthorities: ['emu.test'], clientCapabilities },
    system: { networkClient: transport, loggerOptions: { loggerCallback: () => {}, logLevel: 0 } },
  })
  return { app, transport }
}

const plain = (text) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')

/** The first form of a page: where it goes and its hidden fields. */
function formOf(page) {
  const [form] = /<form .*?<\/form>/s.exec(page) ?? []
  if (!form) throw new Error(`a page without a form: ${/AADSTS\d+/.exec(page)?.[0] ?? page.slice(0, 200)}`)
  const fields = [...form.matchAll(/<input type=hidden name="([^"]*)" value="([^"]*)">/g)].map(([, name, value]) => [plain(name), plain(value)])
  return { action: plain(/action="([^"]*)"/.exec(form)[1]), fields }
}

/** Acts as the person and the browser: presses a button of the page, and carries the reply to the app. */
async function browse(address, button, seen) {
  const url = new URL(address.replace(label, identity))
  seen.asked = url.searchParams
  const { action, fields } = formOf(await (await fetch(url)).text())
  const answer = await fetch(new URL(action, url), { method: 'POST', body: new URLSearchParams([...fields, button]), redirect: 'manual' })
  const reply = formOf(await answer.text())
  seen.action = reply.action
  seen.reply = Object.fromEntries(reply.fields)
  seen.status = (await fetch(reply.action, { method: 'POST', body: new URLSearchParams(reply.fields) })).status
}

async function interactive(app, button, options = {}) {
  const seen = {}
  try {
    seen.result = await app.acquireTokenInteractive({ scopes, openBrowser: (address) => browse(address, button, seen), ...options })
  } catch (error) {
    seen.error = error
  }
  return seen
}

const choose = ({ login }) => ['account', login]
const refusal = (promise) => promise.then((result) => ({ name: `no error but ${JSON.stringify(result)}` }), (error) => error)
const told = (path, body) => fetch(`${control}${path}`, { method: 'POST', body: JSON.stringify(body) }).then((answer) => answer.status)
const refuseNext = (body) => told('/faults', { method: 'POST', path: '/oauth2/v2.0/token', action: { kind: 'answer', status: 400, body: JSON.stringify(body) } })

async function checkSignIn(kind, person) {
  const { app, transport } = application()
  const { asked, action, reply, status, result, error } = await interactive(app, choose(person), { prompt: 'select_account' })
  check(`${kind}: the browser and PKCE give tokens`, result?.accessToken, error)
  if (!result) return null
  equal(`${kind}: the reply was asked for as form_post`, asked.get('response_mode'), 'form_post')
  equal(`${kind}: the challenge is S256`, asked.get('code_challenge_method'), 'S256')
  check(`${kind}: the reply goes to MSAL's own port, which takes it`, action === asked.get('redirect_uri') && status === 200, { action, status })
  equal(`${kind}: the reply carries the state`, reply.state, asked.get('state'))
  check(`${kind}: the reply names the home account`, reply.client_info, reply)
  const claims = result.idTokenClaims
  equal(`${kind}: tid`, claims.tid, person.tid)
  check(`${kind}: oid`, guid.test(claims.oid), claims)
  equal(`${kind}: preferred_username`, claims.preferred_username, person.login)
  equal(`${kind}: aud`, claims.aud, clientId)
  equal(`${kind}: iss names the tenant`, claims.iss, `${identity}/${person.tid}/v2.0`)
  equal(`${kind}: home account is oid.tid`, result.account.homeAccountId, `${claims.oid}.${claims.tid}`)
  equal(`${kind}: the account has its login and tenant`, [result.account.username, result.account.tenantId], [person.login, person.tid])
  check(`${kind}: the scopes are granted`, scopes.every((scope) => result.scopes.includes(scope)), result.scopes)
  const mailbox = await fetch(`${graph}/v1.0/me/calendars`, { headers: { authorization: `Bearer ${result.accessToken}` } })
  equal(`${kind}: the token opens the calendars`, mailbox.status, 200)
  return { app, transport, account: result.account, token: result.accessToken }
}

async function checkSilent({ app, transport, account, token }) {
  const before = transport.tokenRequests().length
  const cached = await app.acquireTokenSilent({ scopes, account })
  check('silent: the cache answers', cached.fromCache && cached.accessToken === token, cached.fromCache)
  equal('silent: nobody was asked', transport.tokenRequests().length, before)
  const fresh = await app.acquireTokenSilent({ scopes, account, forceRefresh: true })
  check('silent: forceRefresh gives another access token', !fresh.fromCache && fresh.accessToken !== token, fresh.fromCache)
  const again = await app.acquireTokenSilent({ scopes, account, forceRefresh: true })
  check('silent: the rotated refresh token works', ![token, fresh.accessToken].includes(again.accessToken))
  const used = transport.tokenRequests().filter(({ form }) => form.get('grant_type') === 'refresh_token').map(({ form }) => form.get('refresh_token'))
  check('silent: the refresh token rotates', used.length === 2 && used[0] !== used[1], used.length)
}

const typed = (body) => fetch(`${identity}/devicelogin`, { method: 'POST', body: new URLSearchParams(body) })

async function checkDeviceCode(person) {
  const kind = 'device code'
  const { app, transport } = application()
  let shown
  const acquired = app.acquireTokenByDeviceCode({ scopes, deviceCodeCallback: (code) => (shown = code) })
  // The person types while MSAL already asks: its first question is answered with "pending".
  let typing
  transport.after = ({ body }) => {
    if (body.error === 'authorization_pending') typing ??= typed({ user_code: shown.userCode, account: person.login })
  }
  const result = await acquired
  check(`${kind}: MSAL waits while the code is not typed`, typing, transport.tokenRequests().length)
  equal(`${kind}: the page takes the code`, (await typing)?.status, 200)
  equal(`${kind}: the page is named`, shown.verificationUri, `${label}/devicelogin`)
  check(`${kind}: the message names page and code`, shown.message.includes(shown.userCode) && shown.message.includes('/devicelogin'), shown.message)
  equal(`${kind}: the account`, [result.account.username, result.account.tenantId], [person.login, person.tid])
  equal(`${kind}: home account is oid.tid`, result.account.homeAccountId, `${result.idTokenClaims.oid}.${person.tid}`)
  const fresh = await app.acquireTokenSilent({ scopes, account: result.account, forceRefresh: true })
  check(`${kind}: it can be renewed`, fresh.accessToken !== result.accessToken)
}

async function checkDeclinedCode() {
  const { app, transport } = application()
  let typing
  transport.before = () => typing
  const deviceCodeCallback = ({ userCode }) => (typing = typed({ user_code: userCode, cancel: '1' }))
  const error = await refusal(app.acquireTokenByDeviceCode({ scopes, deviceCodeCallback }))
  equal('a declined code: MSAL ends', [error.name, error.errorCode], ['AuthError', 'post_request_failed'])
  check('a declined code: it is authorization_declined', error.message.includes('authorization_declined'), error)
  const wrong = await typed({ user_code: 'NOSUCHONE', account: work.login })
  check('a mistyped code: the page says so', wrong.status === 400 && (await wrong.text()).includes('AADSTS70019'), wrong.status)
}

async function checkCancel() {
  const { error, reply, status } = await interactive(application().app, ['cancel', '1'])
  equal('cancel: MSAL says access_denied', [error?.name, error?.errorCode], ['ServerError', 'access_denied'])
  check('cancel: with the number', error?.errorMessage.startsWith('AADSTS65004: '), error)
  check('cancel: the reply came by form post, with its subcode', status === 200 && reply.error_subcode === 'cancel', reply)
}

async function checkWrongClient() {
  const client = '00000000-0000-4000-8000-000000000000'
  const { error, reply } = await interactive(application({ client }).app, choose(work))
  check('a wrong client: the page says so', error?.message.includes('AADSTS700016'), error)
  check('a wrong client: nothing goes to the redirect address', !reply, reply)
  const refused = await refusal(application({ client }).app.acquireTokenByRefreshToken({ scopes, refreshToken: '1.unknown' }))
  equal('a wrong client: the token endpoint too', [refused.name, refused.errorCode, refused.errorNo], ['ServerError', 'unauthorized_client', 700016])
}

async function checkCodes() {
  const { app } = application()
  const redirectUri = 'http://localhost:53682'
  const { verifier, challenge } = await new msal.CryptoProvider().generatePkceCodes()
  const address = await app.getAuthCodeUrl({ scopes, redirectUri, responseMode: 'form_post', codeChallenge: challenge, codeChallengeMethod: 'S256' })
  const seen = {}
  // Nobody listens there: the reply is read, not delivered.
  await browse(address, choose(work), seen).catch(() => {})
  const redeem = (codeVerifier) => application().app.acquireTokenByCode({ scopes, redirectUri, code: seen.reply.code, codeVerifier })
  const wrong = await refusal(redeem('A'.repeat(43)))
  equal('a wrong code_verifier', [wrong.name, wrong.errorCode, wrong.errorNo], ['ServerError', 'invalid_grant', 501481])
  check('the right one', (await redeem(verifier)).accessToken)
  const replayed = await refusal(redeem(verifier))
  equal('a replayed code', [replayed.name, replayed.errorCode, replayed.errorNo], ['ServerError', 'invalid_grant', 54005])
}

/** A client that understands claims challenges, as ours does, and one that is asked for more proof. */
async function checkClaims() {
  const { app, transport } = application({ clientCapabilities: ['cp1'] })
  const { asked, result, error } = await interactive(app, choose(work))
  check('claims: a client with capabilities signs in', result?.accessToken, error)
  if (!result) return
  equal('claims: the address tells the capability', JSON.parse(asked.get('claims')).access_token.xms_cc, { values: ['cp1'] })
  const { account } = result
  const challenged = await app.acquireTokenSilent({ scopes, account, claims: stepUp })
  check('claims: a challenge goes past the cache', !challenged.fromCache && challenged.accessToken !== result.accessToken, challenged.fromCache)
  equal('claims: and is passed on', JSON.parse(transport.posted.at(-1).form.get('claims')).access_token.capolids.values, ['c1'])

  await refuseNext({ error: 'invalid_grant', suberror: 'basic_action', error_codes: [50076], error_description: 'AADSTS50076: More proof.', claims: stepUp })
  const wanted = await refusal(app.acquireTokenSilent({ scopes, account, forceRefresh: true }))
  equal('claims: a step-up asks for interaction', [wanted.name, wanted.errorNo, wanted.subError, wanted.claims], ['InteractionRequiredAuthError', 50076, 'basic_action', stepUp])
  const stepped = await interactive(app, choose(work), { claims: wanted.claims, loginHint: work.login })
  check('claims: the next sign-in carries them', stepped.result && stepped.asked.get('claims').includes('"capolids"'), stepped.error)
}

async function checkRevoked({ app, account }) {
  equal('control: revoke', await told('/revoke', { login: work.login }), 200)
  const dead = await refusal(app.acquireTokenSilent({ scopes, account, forceRefresh: true }))
  equal('a revoked session: MSAL asks for interaction', [dead.name, dead.errorCode], ['InteractionRequiredAuthError', 'invalid_grant'])
  equal('a revoked session: the number', dead.errorNo, 50173)
  equal('a revoked session: the suberror', dead.subError, 'bad_token')
  check('a revoked session: ids and time for support', guid.test(dead.correlationId) && guid.test(dead.traceId) && dead.timestamp, dead)
  const gone = await refusal(app.acquireTokenSilent({ scopes, account, forceRefresh: true }))
  equal('a revoked session: MSAL dropped the refresh token', [gone.name, gone.errorCode], ['InteractionRequiredAuthError', 'no_tokens_found'])
  const { result, error } = await interactive(app, choose(work))
  check('after a revoked session a new sign-in works', result?.accessToken, error)
}

/** Consent that is taken back: the same account, another answer. */
async function checkNeedsAdmin({ app, account }) {
  equal('control: needs-admin', await told('/needs-admin', { login: personal.login }), 200)
  const missing = await refusal(app.acquireTokenSilent({ scopes, account, forceRefresh: true }))
  equal('consent taken back', [missing.name, missing.errorNo, missing.subError], ['InteractionRequiredAuthError', 65001, 'consent_required'])
  const { error } = await interactive(app, choose(personal))
  equal('only an administrator may consent', [error?.name, error?.errorCode], ['ServerError', 'access_denied'])
}

/** What breaks one part off is a failed check, and the others still run. */
async function part(name, work, ...needs) {
  try {
    return await work(...needs)
  } catch (error) {
    check(`${name}: goes to its end`, false, error)
    return null
  }
}

const ada = await part('work', () => checkSignIn('work', work))
const ben = await part('personal', () => checkSignIn('personal', personal))
await part('silent', checkSilent, ada)
await part('device code', checkDeviceCode, work)
await part('a declined code', checkDeclinedCode)
await part('cancel', checkCancel)
await part('a wrong client', checkWrongClient)
await part('codes', checkCodes)
await part('claims', checkClaims)
await part('a revoked session', checkRevoked, ada)
await part('consent', checkNeedsAdmin, ben)
close()
