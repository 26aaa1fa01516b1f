// Our client against a certified OpenID provider that is strict where Entra is lenient: PKCE required, refresh tokens rotate and a used one kills its family, replies carry `iss`.
//
// usage: node oidc_provider.mjs BELFRY NODE_MODULES
import { spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [belfry, modules] = process.argv.slice(2)
const { default: Provider, interactionPolicy } = await import(pathToFileURL(join(modules, 'oidc-provider/lib/index.js')))

const tid = '7a1e0000-0000-4000-8000-00000c0f7050'
const oid = '6f0c1d52-0000-4000-8000-00000000ada0'
const clientId = 'b31f0000-0000-4000-8000-0000bef00002'
let passed = 0
let failed = 0
const check = (name, fits, shown = '') => {
  fits ? passed++ : failed++
  console.log(fits ? `ok ${name}` : `FAIL ${name}: ${JSON.stringify(shown)}`)
}

const server = createServer()
await new Promise((ready) => server.listen(0, '127.0.0.1', ready))
const base = `http://127.0.0.1:${server.address().port}`
const policy = interactionPolicy.base()
policy.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }))
const provider = new Provider(`${base}/common/v2.0`, {
  clients: [{ client_id: clientId, application_type: 'native', token_endpoint_auth_method: 'none', redirect_uris: ['http://localhost'], grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] }],
  pkce: { required: () => true },
  scopes: ['openid', 'profile', 'offline_access', 'User.Read', 'Calendars.ReadWrite'],
  claims: { openid: ['sub', 'tid', 'oid', 'ver', 'preferred_username', 'name'] },
  conformIdTokenClaims: false,
  issueRefreshToken: async () => true,
  rotateRefreshToken: true,
  findAccount: async (_, sub) => ({ accountId: sub, claims: async () => ({ sub, tid, oid, ver: '2.0', preferred_username: 'ada@contoso.example', name: 'Ada' }) }),
  interactions: { policy, url: (_, interaction) => `/interaction/${interaction.uid}` },
  features: { devInteractions: { enabled: false }, revocation: { enabled: true } },
  cookies: { keys: ['tests'] },
  ttl: { AccessToken: 60, Grant: 3600, IdToken: 60, Interaction: 600, RefreshToken: 3600, Session: 3600 },
})
let refreshes = 0
provider.on('grant.success', (ctx) => { if (ctx.oidc.params.grant_type === 'refresh_token') refreshes++ })
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
    provide(request, response)
  }
})

const home = mkdtempSync(join(tmpdir(), 'belfry-'))
writeFileSync(join(home, 'config.toml'), `client_id = "${clientId}"\n[cloud]\nname = "custom"\nauthority = "${base}"\ngraph = "${base}"\n`)

function run(words, onLine = () => {}) {
  return new Promise((ended) => {
    const child = spawn(belfry, ['--home', home, ...words], { env: { ...process.env, DISPLAY: '' } })
    let out = ''
    let err = ''
    child.stdout.on('data', (data) => {
      out += data
      if (out.includes('\n')) onLine(out.split('\n')[0])
    })
    child.stderr.on('data', (data) => (err += data))
    child.on('close', (code) => ended({ code, out, err }))
  })
}

/** A browser: keeps cookies, follows redirects, submits the form that the provider answers with. */
async function browse(start) {
  const jar = new Map()
  let url = start
  for (let step = 0; step < 20; step++) {
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') } })
    for (const cookie of answer.headers.getSetCookie()) {
      const [name, value] = cookie.split(';')[0].split('=')
      value ? jar.set(name, value) : jar.delete(name)
    }
    const next = answer.headers.get('location')
    if (next) {
      url = new URL(next, url).href
      continue
    }
    const page = await answer.text()
    const action = /action="([^"]+)"/.exec(page)?.[1]
    if (!action) return page.slice(0, 300)
    const fields = [...page.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value])
    const reply = await fetch(action, { method: 'POST', body: new URLSearchParams(fields) })
    return `${fields.map(([name]) => name)} -> ${reply.status}`
  }
  return 'too many redirects'
}

let browsed
const added = await run(['account', 'add', '--calendars', '--print-url', '--timeout', '30'], (line) => { browsed ??= browse(line) })
const reply = await browsed
check('signs in with code, PKCE, state and nonce', added.code === 0, { ...added, reply })
check('the reply came by form post and carried iss', /iss/.test(reply) && / 200$/.test(reply), reply)
const accounts = JSON.parse((await run(['--json', 'account', 'list'])).out || '[]')
check('the account is tenant and object id', accounts[0]?.id === `custom/${tid}/${oid}`, accounts)
for (const round of [1, 2, 3]) {
  const listed = await run(['--json', 'calendar', 'list'])
  check(`refresh ${round} uses the rotated token`, listed.code === 0 && refreshes === round, { ...listed, refreshes })
}
const bare = new URL((await fetch(`${base}/common/v2.0/.well-known/openid-configuration`).then((answer) => answer.json())).authorization_endpoint)
bare.search = new URLSearchParams({ client_id: clientId, response_type: 'code', scope: 'openid', redirect_uri: 'http://localhost:1', prompt: 'login' })
const refused = await fetch(bare, { redirect: 'manual' })
check('the provider refuses a request without PKCE', /invalid_request/.test(refused.headers.get('location') ?? ''), refused.headers.get('location'))
console.log(`${passed} passed, ${failed} failed, 0 skipped`)
server.close()
process.exit(failed ? 1 : 0)
