// Every refusal of verdicts.json as MSAL for Node sees it, beside our class. What differs has to have a reason.
//
// usage: msal_verdicts.mjs PATH_TO_node_modules
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(`${process.argv[2]}/`)
const msal = require('@azure/msal-node')
const rows = JSON.parse(readFileSync(new URL('./verdicts.json', import.meta.url), 'utf8'))
const host = 'https://login.microsoftonline.com'

// MSAL asks this instead of a network: the endpoints, and then always the same refusal.
function network(body) {
  const discovery = {
    issuer: `${host}/{tenantid}/v2.0`,
    authorization_endpoint: `${host}/common/oauth2/v2.0/authorize`,
    token_endpoint: `${host}/common/oauth2/v2.0/token`,
    jwks_uri: `${host}/common/discovery/v2.0/keys`,
    end_session_endpoint: `${host}/common/oauth2/v2.0/logout`,
  }
  const answer = (status, content) => Promise.resolve({ status, headers: {}, body: content })
  return { sendGetRequestAsync: () => answer(200, discovery), sendPostRequestAsync: () => answer(400, body) }
}

async function verdict(body) {
  const app = new msal.PublicClientApplication({
    auth: { clientId: '11111111-2222-3333-4444-555555555555', authority: `${host}/common` },
    system: { networkClient: network(body), loggerOptions: { loggerCallback: () => {}, logLevel: 0 } },
  })
  try {
    await app.acquireTokenByRefreshToken({ refreshToken: 'r', scopes: ['User.Read'] })
    return 'a token'
  } catch (error) {
    return error.name === 'InteractionRequiredAuthError' ? 'interaction' : `error (${error.name})`
  }
}

const asks = new Set(['sign_in', 'step_up', 'consent'])
const reasons = {
  'sign_in/error': 'MSAL asks for interaction only where error or suberror say so; a refresh token that is dead without a suberror is as dead',
  'step_up/error': 'claims or the number say that more proof is wanted, whatever the suberror',
  'consent/error': 'consent is missing whether or not the suberror says it',
  'policy/interaction': 'the page could only explain: the person is told why, and may still sign in again by hand',
  'admin/interaction': 'the person cannot consent; the way leads to an administrator, with a message ready',
  'account/interaction': 'the account does not exist there; signing in to it again cannot help',
}

let passed = 0
let failed = 0
const tally = new Map()
for (const row of rows) {
  const theirs = await verdict(row.body)
  const kind = theirs.startsWith('error') ? 'error' : theirs
  const equal = asks.has(row.class) === (kind === 'interaction')
  const why = equal ? 'equal' : reasons[`${row.class}/${kind}`]
  const line = `${row.name.padEnd(52)} ours ${row.class.padEnd(13)} MSAL ${theirs.padEnd(22)} ${why ?? 'NOT EXPLAINED'}`
  if (why) passed += 1
  else failed += 1
  if (process.env.VERBOSE || !why) console.log(line)
  const key = equal ? `${row.class}: as MSAL` : `${row.class}: MSAL says ${kind}, because ${why}`
  tally.set(key, (tally.get(key) ?? 0) + 1)
}
for (const [key, count] of [...tally].sort()) console.log(`${String(count).padStart(4)}  ${key}`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
