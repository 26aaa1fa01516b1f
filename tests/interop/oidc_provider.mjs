// Our client against a certified OpenID provider that is strict where Entra is lenient: PKCE required, refresh tokens rotate and a used one kills its family, replies carry
// `iss`, revocation, device codes.
//
// usage: node oidc_provider.mjs BELFRY NODE_MODULES
import { spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { check, close } from './checks.mjs'

const [belfry, modules] = process.argv.slice(2)
const { default: Provider, interactionPolicy } = await import(pathToFileURL(join(modules, 'oidc-provider/lib/index.js')))

const tid = '7a1e0000-0000-4000-8000-00000c0f7050'
const oid = '6f0c1d52-0000-4000-8000-00000000ada0'
const clientId = 'b31f0000-0000-4000-8000-0000bef00002'

const server = createServer()
await new Promise((ready) => server.listen(0, '127.0.0.1', ready))
const base = `http://127.0.0.1:${server.address().port}`
const policy = interactionPolicy.base()
policy.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }))
const provider = new Provider(`${base}/common/v2.0`, {
  clients: [{ client_id: clientId, application_type: 'native', token_endpoint_auth_method: 'none', redirect_uris: ['http://localhost'], grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'], response_types: ['code'] }],
  pkce: { required: () => true },
  scopes: ['openid', 'profile', 'offline_access', 'User.Read', 'Calendars.ReadWrite'],
  claims: { openid: ['sub', 'tid', 'oid', 'ver', 'preferred_username', 'name'] },
  conformIdTokenClaims: false,
  issueRefreshToken: async () => true,
  rotateRefreshToken: true,
  findAccount: async (_, sub) => ({ accountId: sub, claims: async () => ({ sub, tid, oid, ver: '2.0', preferred_username: 'ada@contoso.example', name: 'Ada' }) }),
  interactions: { policy, url: (_, interaction) => `/interaction/${interaction.uid}` },
  features: { devInteractions: { enabled: false }, revocation: { enabled: true }, deviceFlow: { enabled: true } },
  cookies: { keys: ['tests'] },
  ttl: { AccessToken: 60, Grant: 3600, IdToken: 60, Interaction: 600, RefreshToken: 3600, Session: 3600 },
})
let refreshes = 0
let tokenRequests = 0
const refreshTokens = []
provider.on('grant.success', (ctx) => {
  if (ctx.oidc.params.grant_type === 'refresh_token') refreshes++
  if (ctx.body.refresh_token) refreshTokens.push(ctx.body.refresh_token)
})
provider.on('server_error', (_, error) => console.log('provider:', error.message))
const provide = provider.callback()

/** Whatever is asked is agreed to at once: this is about the protocol, not about pages. */
async function interact(request, response) {
  const details = await provider.interactionDetails(request, response)
  const result = { login: { accountId: 'ada' }, select_account: {} }
  if (details.prompt.name === 'consent') {
    const grant = new provider.Grant({ accountId: 'ada', clientId })
    grant.addOIDCScope(details.params.scope)
    result.consent = { grantId: await grant.save() }
  }
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true })
}

server.on('request', (request, response) => {
  if (request.url.startsWith('/v1.0/me/calendars')) {
    const allowed = request.headers.authorization?.startsWith('Bearer ')
    response.writeHead(allowed ? 200 : 401, { 'content-type': 'application/json' }).end('{"value":[]}')
  } else if (request.url.startsWith('/interaction/')) {
    interact(request, response).catch((error) => response.writeHead(500).end(error.message))
  } else {
    // Every tenant's path is the same provider.
    request.originalUrl = request.url
    request.url = request.url.replace(/^\/[^/]+\/v2\.0/, '') || '/'
    request.originalUrl = `/common/v2.0${request.url}`
    if (request.url === '/token') tokenRequests++
    provide(request, response)
  }
})

const home = mkdtempSync(join(tmpdir(), 'belfry-'))
writeFileSync(join(home, 'config.toml'), `client_id = "${clientId}"\n[cloud]\nname = "custom"\nauthority = "${base}"\ngraph = "${base}"\n`)

function run(words, onLine = () => {}, onError = () => {}) {
  return new Promise((ended) => {
    const child = spawn(belfry, ['--home', home, ...words], { env: { ...process.env, DISPLAY: '' } })
    let out = ''
    let err = ''
    child.stdout.on('data', (data) => {
      out += data
      if (out.includes('\n')) onLine(out.split('\n')[0], out)
    })
    child.stderr.on('data', (data) => {
      err += data
      err.split('\n').forEach((line) => onError(line))
    })
    child.on('close', (code) => ended({ code, out, err }))
  })
}

const cookies = (jar) => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')

/** A browser: keeps cookies, follows redirects, submits the form that the provider answers with; `meddle` may change its fields. */
async function browse(start, meddle = (fields) => fields) {
  const jar = new Map()
  let next = { url: start }
  for (let step = 0; step < 20; step++) {
    const { url, body } = next
    const answer = await fetch(url, { method: body ? 'POST' : 'GET', body, redirect: 'manual', headers: { cookie: cookies(jar) } })
    for (const cookie of answer.headers.getSetCookie()) {
      const [name, value] = cookie.split(';')[0].split('=')
      value ? jar.set(name, value) : jar.delete(name)
    }
    const place = answer.headers.get('location')
    if (place) {
      next = { url: new URL(place, url).href }
      continue
    }
    const page = await answer.text()
    const action = /action="([^"]+)"/.exec(page)?.[1]
    if (!action) return `${body ?? ''} -> ${answer.status} ${page.slice(0, 200)}`
    const fields = meddle([...page.matchAll(/name="([^"]+)"[^>]* value="([^"]*)"/g)].map(([, name, value]) => [name, value]))
    next = { url: new URL(action, url).href, body: new URLSearchParams(fields) }
  }
  return 'too many redirects'
}

let browsed
const added = await run(['account', 'add', '--calendars', '--print-url', '--timeout', '30'], (line) => { browsed ??= browse(line) })
const reply = await browsed
check('signs in with code, PKCE, state and nonce', added.code === 0, { ...added, reply })
check('the reply came by form post and carried iss', /iss=/.test(reply) && / -> 200 /.test(reply), reply)
const accounts = JSON.parse((await run(['--json', 'account', 'list'])).out || '[]')
check('the account is tenant and object id', accounts[0]?.id === `custom/${tid}/${oid}`, accounts)
for (const round of [1, 2, 3]) {
  const listed = await run(['--json', 'calendar', 'list'])
  check(`refresh ${round} uses the rotated token`, listed.code === 0 && refreshes === round, { ...listed, refreshes })
}
// A stranger got hold of a refresh token that was used: the provider ends the whole family, and the person is asked, once.
const post = (path, fields) => fetch(`${base}/common/v2.0/${path}`, { method: 'POST', body: new URLSearchParams({ client_id: clientId, ...fields }) })
const problem = (result) => JSON.parse(result.out || '{}').problems?.[0]?.code
const stolen = await post('token', { grant_type: 'refresh_token', refresh_token: refreshTokens.at(-2) })
check('a token that was used is refused to a stranger', stolen.status === 400, stolen.status)
const ended = await run(['--json', 'calendar', 'list'])
check('and its family is dead: sign in again', ended.code === 3 && problem(ended) === 'sign_in_needed', ended)
const before = tokenRequests
const left = await run(['--json', 'calendar', 'list'])
check('a dead sign-in is not asked again', left.code === 3 && tokenRequests === before, { ...left, asked: tokenRequests - before })

async function again(words, meddle) {
  let browsing
  const result = await run(['--json', 'account', ...words, '--print-url', '--timeout', '30'], () => {}, (line) => {
    if (line.startsWith('open ')) browsing ??= browse(line.slice(5), meddle)
  })
  return { ...result, page: await browsing }
}
const repaired = await again(['reauthorize', 'ada@contoso.example'])
check('one sign-in repairs it', repaired.code === 0 && (await run(['calendar', 'list'])).code === 0, repaired)

// RFC 9207: a reply of another server than the one that was asked is not redeemed.
const redeemed = tokenRequests
const mixed = await again(['reauthorize', 'ada@contoso.example'], (fields) => fields.map(([name, value]) => [name, name === 'iss' ? 'https://evil.example' : value]))
check('a reply of another issuer is refused before its code is redeemed', mixed.code === 3 && problem(mixed) === 'sign_in_refused' && tokenRequests === redeemed, mixed)
const unnamed = await again(['reauthorize', 'ada@contoso.example'], (fields) => fields.filter(([name]) => name !== 'iss'))
check('and so is one that names none where all do', unnamed.code === 3 && tokenRequests === redeemed, unnamed)
check('the sign-in from before is as good as it was', (await run(['calendar', 'list'])).code === 0)

const revoked = await post('token/revocation', { token: refreshTokens.at(-1), token_type_hint: 'refresh_token' })
const stopped = await run(['--json', 'calendar', 'list'])
check('a revoked token stops it', revoked.status === 200 && stopped.code === 3 && problem(stopped) === 'sign_in_needed', stopped)

// RFC 8628, with a page that asks for the code and then whether it is the right one.
let typed
const coded = await run(['account', 'reauthorize', 'ada@contoso.example', '--device-code', '--timeout', '60'], (_, out) => {
  const code = /\b([A-Z]{4}-[A-Z]{4})\b/.exec(out)?.[1]
  if (code) typed ??= browse(`${base}/common/v2.0/device?user_code=${code}`)
})
check('a device code signs in', coded.code === 0 && (await run(['calendar', 'list'])).code === 0, { ...coded, page: await typed })

const bare = new URL((await fetch(`${base}/common/v2.0/.well-known/openid-configuration`).then((answer) => answer.json())).authorization_endpoint)
bare.search = new URLSearchParams({ client_id: clientId, response_type: 'code', scope: 'openid', redirect_uri: 'http://localhost:1', prompt: 'login' })
const refused = await fetch(bare, { redirect: 'manual' })
check('the provider refuses a request without PKCE', /invalid_request/.test(refused.headers.get('location') ?? ''), refused.headers.get('location'))
server.close()
close()
