// Our client against npm oauth2-mock-server, whose hooks change any answer: every refusal of verdicts.json, ID tokens that are not to be trusted, and answers that are none.
// What the person is told has to fit, and no token may show anywhere.
//
// usage: oauth2_mock.mjs BELFRY NODE_MODULES
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { check, close } from './checks.mjs'

const [belfry, modules] = process.argv.slice(2)
const { OAuth2Issuer, OAuth2Service } = await import(pathToFileURL(join(modules, 'oauth2-mock-server/dist/index.mjs')))
const rows = JSON.parse(readFileSync(new URL('./verdicts.json', import.meta.url), 'utf8'))

const tid = '7a1e0000-0000-4000-8000-00000c0f7050'
const oid = '6f0c1d52-0000-4000-8000-00000000ada0'
const login = 'ada@contoso.example'
const clientId = 'b31f0000-0000-4000-8000-0000bef00003'
/** A check with several sides: names those that do not fit. */
const checkAll = (name, sides, shown) => {
  const wrong = Object.keys(sides).filter((side) => !sides[side])
  check(name, wrong.length === 0, { wrong, ...shown })
}

// The server: the mock under every tenant's path, and calendars for whoever has the last token.
const server = createServer()
await new Promise((ready) => server.listen(0, '127.0.0.1', ready))
const base = `http://127.0.0.1:${server.address().port}`
const issuer = new OAuth2Issuer()
issuer.url = `${base}/common/v2.0`
await issuer.keys.generate('RS256')
const service = new OAuth2Service(issuer)

/** Everything that must not be found anywhere; of each the end, so that a part gives it away too. */
const secrets = new Set()
const keep = (secret) => secrets.add(secret.slice(-24))
const long = (mark) => `${mark}.${randomBytes(900).toString('base64url')}`
const refreshToken = long('1')
let accessToken
let asked = []

service.on('beforeTokenSigning', ({ payload }) => {
  if (payload.aud === clientId) Object.assign(payload, { tid, oid, preferred_username: login, name: 'Ada', ver: '2.0' })
})
service.on('beforeAuthorizeRedirect', ({ url }) => keep(url.searchParams.get('code')))
// Only a sign-in gives a refresh token: what is never rotated is good for every copy of the home.
service.on('beforeResponse', ({ body }, { body: request }) => {
  asked.push(request)
  accessToken = body.access_token
  Object.assign(body, { scope: 'User.Read Calendars.ReadWrite', refresh_token: refreshToken })
  if (request.grant_type === 'refresh_token') delete body.refresh_token
  for (const secret of [body.access_token, body.id_token, refreshToken, request.code_verifier]) if (secret) keep(secret)
  // As the keychain holds it.
  keep(Buffer.from(refreshToken).toString('base64'))
})
const refuseNext = (body, status = 400) =>
  service.once('beforeResponse', (response) => {
    response.statusCode = status
    response.body = body
  })

/** Takes the place of the mock for the next request to a path that ends so; then it is used up. */
let instead
server.on('request', (request, response) => {
  if (request.url.startsWith('/v1.0/me/calendars')) {
    const allowed = request.headers.authorization === `Bearer ${accessToken}`
    response.writeHead(allowed ? 200 : 401, { 'content-type': 'application/json' }).end('{"value":[]}')
  } else if (instead && request.url.endsWith(instead.path)) {
    const { answer } = instead
    instead = undefined
    answer(response, request)
  } else {
    request.url = request.url.replace(/^\/[^/]+\/v2\.0/, '') || '/'
    service.requestHandler(request, response)
  }
})
const answerNext = (path, answer) => (instead = { path, answer })

const folder = mkdtempSync(join(tmpdir(), 'belfry-mock-'))
let homes = 0
const newHome = () => {
  const home = join(folder, `${homes++}`)
  mkdirSync(home)
  writeFileSync(join(home, 'config.toml'), `client_id = "${clientId}"\n[cloud]\nname = "custom"\nauthority = "${base}"\ngraph = "${base}"\n`)
  return home
}
const copyOf = (home) => {
  const copy = join(folder, `${homes++}`)
  cpSync(home, copy, { recursive: true })
  return copy
}

function run(home, words, { onError = () => {}, log = 'info' } = {}) {
  return new Promise((ended) => {
    const child = spawn(belfry, ['--home', home, '--json', ...words], { env: { ...process.env, DISPLAY: '', BELFRY_LOG: log } })
    let out = ''
    let err = ''
    child.stdout.on('data', (data) => (out += data))
    child.stderr.on('data', (data) => {
      err += data
      onError(err)
    })
    child.on('close', (exit) => {
      let document = null
      try {
        document = JSON.parse(out)
      } catch {}
      ended({ exit, code: document?.problems?.[0]?.code ?? null, document, out, err })
    })
  })
}

const add = ['account', 'add', '--calendars']

/** Signs in; the browser follows the redirects of the mock, which shows no page. */
async function signIn(home, words = add, log = 'info') {
  let browsed
  const browse = async (url) => {
    const back = (await fetch(url, { redirect: 'manual' })).headers.get('location')
    return { asked: new URL(url).searchParams, back, status: (await fetch(back)).status }
  }
  const onError = (err) => {
    const [, url] = /^open (\S+)\n/m.exec(err) ?? []
    if (url) browsed ??= browse(url)
  }
  const result = await run(home, [...words, '--print-url', '--timeout', '30'], { onError, log })
  return { ...result, browsed: await browsed }
}

const listing = ['calendar', 'list']
const bytesOf = (home) => Buffer.concat(readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => readFileSync(join(entry.parentPath, entry.name))))

/** Where a secret shows that should not. */
function leaks({ out, err }, home, more = []) {
  const places = { stdout: Buffer.from(out), stderr: Buffer.from(err), home: bytesOf(home) }
  return Object.keys(places).filter((place) => [...secrets, ...more].some((secret) => places[place].includes(secret)))
}

async function checkSignIn(home) {
  const { browsed, ...result } = await signIn(home)
  check('signs in with code, PKCE, state and nonce', result.exit === 0, result)
  check('the reply in the query is taken, although form_post was asked for', browsed?.asked.get('response_mode') === 'form_post' && /[?]code=/.test(browsed.back) && browsed.status === 200, browsed)
  check('the account is tenant and object id, and ready', result.document?.id === `custom/${tid}/${oid}` && result.document?.state === 'ready', result.out)
  check('the code is redeemed with its verifier', asked.length === 1 && asked[0].grant_type === 'authorization_code' && asked[0].code_verifier, asked.length)
  asked = []
  const listed = await run(home, listing)
  check('a refresh opens the calendars', listed.exit === 0 && asked.length === 1 && asked[0].refresh_token === refreshToken, { ...listed, asked: asked.length })
  check('no token shows after that', leaks(listed, home).length === 0 && secrets.size >= 4, leaks(listed, home))
}

/** A log that says everything says no secret. */
async function checkTrace() {
  const home = newHome()
  const results = [await signIn(home, add, 'trace'), await run(home, listing, { log: 'trace' })]
  refuseNext({ error: 'invalid_grant', error_codes: [50173], suberror: 'bad_token' })
  results.push(await run(home, listing, { log: 'trace' }))
  const log = bytesOf(join(home, 'logs'))
  const found = results.flatMap((result) => leaks(result, home))
  check('no token shows in a log that traces', found.length === 0 && ['TRACE', 'signed in', 'Microsoft refused error='].every((text) => log.includes(text)), found)
}

/** What is wrong with a sign-in, and what becomes of it: nothing is kept. */
async function checkDistrust() {
  const now = Math.floor(Date.now() / 1000)
  const cases = [
    ['another nonce', { nonce: 'another' }, 'sign_in_refused', 3],
    ['another audience', { aud: 'another' }, 'sign_in_refused', 3],
    ['another issuer', { iss: `${base}/another/v2.0` }, 'sign_in_refused', 3],
    ['no tenant', { tid: undefined }, 'sign_in_refused', 3],
    ['a tenant that is no id', { tid: '../../x' }, 'sign_in_refused', 3],
    ['no person', { oid: undefined }, 'sign_in_refused', 3],
    ['another version', { ver: '1.0' }, 'sign_in_refused', 3],
    ['an end ten minutes ago', { exp: now - 600 }, 'sign_in_refused', 3],
    ['an end an hour ago', { exp: now - 3600 }, 'clock_wrong', 1],
    ['a beginning in an hour', { nbf: now + 3600 }, 'clock_wrong', 1],
  ]
  for (const [name, claims, code, exit] of cases) {
    const forge = ({ payload }) => payload.aud === clientId && Object.assign(payload, claims)
    service.on('beforeTokenSigning', forge)
    await checkNotKept(`an ID token with ${name}`, code, exit)
    service.off('beforeTokenSigning', forge)
  }
  const encode = (text) => Buffer.from(text).toString('base64url')
  const rewrite = (parts) => ({ body }) => (body.id_token = parts(body.id_token.split('.')).join('.'))
  const changes = [
    ['no ID token', ({ body }) => delete body.id_token],
    ['an ID token of an unknown key', rewrite(([, payload, signature]) => [encode('{"alg":"RS256","kid":"another"}'), payload, signature])],
    ['an unsigned ID token', rewrite(([, payload]) => [encode('{"alg":"none"}'), payload, ''])],
    ['an altered ID token', rewrite(([header, payload, signature]) => [header, encode(`${Buffer.from(payload, 'base64url')}`.replace('"Ada"', '"Eve"')), signature])],
    ['no refresh token', ({ body }) => delete body.refresh_token],
  ]
  for (const [name, change] of changes) {
    service.once('beforeResponse', change)
    await checkNotKept(`a sign-in with ${name}`, 'sign_in_refused', 3)
  }
}

async function checkNotKept(name, code, exit) {
  const home = newHome()
  const result = await signIn(home)
  const { document: accounts } = await run(home, ['account', 'list'])
  const sides = { code: result.code === code, exit: result.exit === exit, 'nothing kept': accounts?.length === 0, secrecy: leaks(result, home).length === 0 }
  checkAll(`${name} is ${code}`, sides, { code: result.code, exit: result.exit, err: result.err, accounts })
}

const verdicts = {
  sign_in: ['sign_in_needed', 3],
  step_up: ['sign_in_needed', 3],
  consent: ['calendar_access_needed', 3],
  admin: ['admin_approval_needed', 3],
  policy: ['blocked_by_policy', 3],
  account: ['sign_in_refused', 3],
  restart: ['sign_in_refused', 3],
  registration: ['registration_wrong', 1],
  cancelled: ['sign_in_cancelled', 3],
  passing: ['throttled', 5],
}
/** Classes after which nothing is asked until the person did something; after the others the next command asks again. */
const resting = { sign_in: 'sign_in_needed', step_up: 'sign_in_needed', admin: 'admin_approval_needed', account: 'sign_in_needed', restart: 'sign_in_needed' }

async function checkVerdict(signedIn, row, isFirst) {
  const home = copyOf(signedIn)
  const [code, exit] = verdicts[row.class]
  const words = (row.body.error_description ?? '').replace(/^AADSTS\d+: /, '')
  asked = []
  refuseNext(row.body)
  const result = await run(home, listing)
  const found = leaks(result, home, words ? [words] : [])
  const sides = {
    code: result.code === code && result.document?.problems.length === 1,
    exit: result.exit === exit,
    'one refresh, with the token': asked.length === 1 && asked[0].refresh_token === refreshToken,
    'a line in the log': bytesOf(home).includes('Microsoft refused error='),
    secrecy: found.length === 0,
  }
  const { out, err } = result
  checkAll(`${row.name}: ${row.class} is ${code}`, sides, { expected: [code, exit], found: [result.code, result.exit], asked: asked.length, leaks: found, out, err })
  if (!isFirst) return
  asked = []
  const next = await run(home, listing)
  const rests = resting[row.class]
  const fits = rests ? next.code === rests && next.exit === 3 && asked.length === 0 : next.exit === 0 && asked.length === 1
  check(`the command after ${row.class} ${rests ? 'waits for the person' : 'asks again'}`, fits, { ...next, asked: asked.length })
}

/** More proof is wanted: the next sign-in passes the claims on, and only the same person may answer. */
async function checkStepUp(signedIn) {
  const home = copyOf(signedIn)
  const claims = '{"access_token":{"capolids":{"essential":true,"values":["c1"]}}}'
  refuseNext({ error: 'invalid_grant', suberror: 'basic_action', error_codes: [50076], claims })
  check('a step-up needs a sign-in', (await run(home, listing)).code === 'sign_in_needed')
  const forge = ({ payload }) => payload.aud === clientId && Object.assign(payload, { oid: '6f0c1d52-0000-4000-8000-00000000eee0', preferred_username: 'eve@contoso.example' })
  service.on('beforeTokenSigning', forge)
  const other = await signIn(home, ['account', 'reauthorize'])
  service.off('beforeTokenSigning', forge)
  check('another person is turned away', other.code === 'wrong_account' && other.exit === 3 && leaks(other, home).length === 0, other)
  asked = []
  const again = await signIn(home, ['account', 'reauthorize'])
  const wanted = { capolids: { essential: true, values: ['c1'] }, xms_cc: { values: ['cp1'] } }
  const carried = [again.browsed?.asked.get('claims'), asked[0]?.claims].map((text) => JSON.stringify(JSON.parse(text ?? '{}').access_token))
  check('the sign-in carries the claims to the page and with the code', again.exit === 0 && carried.every((text) => text === JSON.stringify(wanted)), carried)
  check('it hints at the account', again.browsed?.asked.get('login_hint') === login && !again.browsed.asked.get('prompt'), again.err)
  const next = await run(home, listing)
  check('the step-up is over', next.exit === 0, next)
}

/** RFC 6749 lets a server refuse a scope that it did not grant: then the scopes are as they were. */
async function checkScopes(signedIn) {
  asked = []
  refuseNext({ error: 'invalid_scope' })
  const result = await run(copyOf(signedIn), listing)
  check('a scope that is refused is left out', result.exit === 0 && asked.length === 2 && asked[0].scope && !asked[1].scope, { ...result, scopes: asked.map(({ scope }) => scope) })
}

/** Entra refuses an organisation that it does not know where its discovery document would be, with a body like a refused token's. */
async function checkUnknownTenant() {
  const refusal = { error: 'invalid_tenant', error_codes: [90002], error_description: "AADSTS90002: Tenant 'nowhere.example' not found." }
  const home = newHome()
  answerNext('/nowhere.example/v2.0/.well-known/openid-configuration', (response) => response.writeHead(400, json).end(JSON.stringify(refusal)))
  const { code, exit, out } = await run(home, [...add, '--tenant', 'nowhere.example', '--print-url', '--timeout', '5'])
  checkAll('an organisation that does not exist is sign_in_refused', { 'it was met': !instead, code: code === 'sign_in_refused', exit: exit === 3 }, { code, exit, out })
  instead = undefined
}

const page = '<!doctype html><html><title>Guest network</title><form action="/login"><input name="room"></form></html>'
const html = { 'content-type': 'text/html' }
const json = { 'content-type': 'application/json' }

/** Answers that are none of Microsoft's, or none at all: each is said, and the sign-in outlives it. */
async function checkBrokenAnswers(signedIn) {
  const home = copyOf(signedIn)
  const half = JSON.stringify({ token_type: 'Bearer', expires_in: 3600, access_token: long('EwB'), refresh_token: long('1'), scope: 'User.Read' })
  for (const name of ['access_token', 'refresh_token']) keep(JSON.parse(half)[name])
  const token = '/token'
  const discovery = '/.well-known/openid-configuration'
  const elsewhere = { issuer: issuer.url, authorization_endpoint: `${base}/authorize`, token_endpoint: 'http://192.0.2.1/token', jwks_uri: `${base}/jwks` }
  const plain = (status, headers, body) => (response) => response.writeHead(status, headers).end(body)
  const cases = [
    ['200 with JSON of something else', token, plain(200, json, '{"hello":"world"}'), 'unexpected_reply'],
    ['200 with no JSON', token, plain(200, json, 'not json'), 'unexpected_reply'],
    ['200 with half of the tokens', token, plain(200, json, half.slice(0, -20)), 'unexpected_reply'],
    ['200 with nothing', token, plain(200, json, ''), 'unexpected_reply'],
    ['a captive portal', token, plain(200, html, page), 'unexpected_reply'],
    ['a captive portal that redirects', token, plain(302, { location: `${base}/portal` }, ''), 'unexpected_reply'],
    ['a proxy that wants a password', token, plain(407, html, page), 'unexpected_reply'],
    ['a page with 400', token, plain(400, html, page), 'unexpected_reply'],
    ['503 with Retry-After', token, plain(503, { ...json, 'retry-after': '2' }, '{"error":"temporarily_unavailable","error_codes":[90033]}'), 'throttled'],
    ['503 with a page', token, plain(503, { ...html, 'retry-after': '2' }, page), 'throttled'],
    ['429 with Retry-After', token, plain(429, { ...json, 'retry-after': '2' }, '{"error":"temporarily_unavailable"}'), 'throttled'],
    ['a hang that is cut', token, (response) => setTimeout(() => response.socket.destroy(), 300), 'offline'],
    ['an answer that is cut', token, (response) => response.writeHead(200, { ...json, 'content-length': half.length }).write(half.slice(0, 200), () => response.socket.destroy()), 'offline'],
    ['a captive portal before discovery', discovery, plain(200, html, page), 'unexpected_reply'],
    ['discovery that is busy', discovery, plain(503, { ...json, 'retry-after': '2' }, '{"error":"temporarily_unavailable"}'), 'throttled'],
    ['discovery that hangs and is cut', discovery, (response) => setTimeout(() => response.socket.destroy(), 300), 'offline'],
    ['a discovery document that sends tokens elsewhere', discovery, plain(200, json, JSON.stringify(elsewhere)), 'unexpected_reply'],
  ]
  for (const [name, path, answer, code] of cases) {
    answerNext(path, answer)
    const result = await run(home, listing)
    const used = !instead
    instead = undefined
    asked = []
    const next = await run(home, listing)
    const found = [...leaks(result, home), ...leaks(next, home)]
    const sides = {
      'it was met': used,
      code: result.code === code,
      exit: result.exit === 5,
      'the next refresh works': next.exit === 0 && asked.length === 1 && asked[0].refresh_token === refreshToken,
      secrecy: found.length === 0,
    }
    checkAll(`${name} is ${code}`, sides, { found: [result.code, result.exit], next: [next.code, next.exit], leaks: found, err: result.err })
  }
}

const home = newHome()
try {
  await checkSignIn(home)
  await checkTrace()
  await checkDistrust()
  const seen = new Set()
  for (const row of rows) {
    await checkVerdict(home, row, !seen.has(row.class))
    seen.add(row.class)
  }
  check('every class of the table was met', seen.size === Object.keys(verdicts).length, [...seen])
  await checkUnknownTenant()
  await checkScopes(home)
  await checkBrokenAnswers(home)
  await checkStepUp(home)
} catch (error) {
  console.error(error)
  check('the run goes to its end', false, String(error))
}
rmSync(folder, { recursive: true, force: true })
close()
