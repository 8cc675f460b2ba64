import { challengeOf, random } from './pkce.js'
import { refusal, type Metadata } from './server.js'
import type { SignInConfig, SignInOptions } from './types.js'

/** What the answer to an authorization request has to match, and what comes after it. */
interface Transaction {
  state: string
  nonce: string
  verifier: string
  returnTo: string
}

/** The answer of an authorization endpoint, and what this tab has kept for it: nothing, where it has not asked. */
export interface Answer {
  answer: { state?: string; code?: string; error?: string; error_description?: string; iss?: string }
  kept: Transaction
}

/** Where a transaction is kept: not where the session is, which may be in the same storage. */
const key = (name: string) => name + ' asked'

/** Leaves for an endpoint, with those parameters that there are. */
export const leave = (endpoint: string, parameters: Record<string, string | undefined>) => {
  const url = new URL(endpoint)
  for (const [name, value] of Object.entries(parameters)) if (value) url.searchParams.set(name, value)
  location.assign(url)
}

/** Leaves for the authorization endpoint. What its answer has to match is kept in this tab alone. */
export const ask = async (name: string, endpoint: string, config: SignInConfig, options: SignInOptions) => {
  const { returnTo = location.href.slice(location.origin.length), prompt, loginHint } = options
  const state = random()
  const nonce = random()
  const verifier = random()
  const code_challenge = await challengeOf(verifier)
  sessionStorage.setItem(key(name), JSON.stringify({ state, nonce, verifier, returnTo } satisfies Transaction))
  leave(endpoint, {
    ...config.parameters, response_type: 'code', client_id: config.clientId, redirect_uri: config.redirectUri,
    scope: config.scope, state, nonce, code_challenge, code_challenge_method: 'S256', prompt, login_hint: loginHint,
  })
}

/** Takes the answer out of an address, which can be used once; undefined where there is none. */
export const takeAnswer = (name: string, address: string, redirectUri: string): Answer | undefined => {
  const answer: Answer['answer'] = Object.fromEntries(new URL(address, location.href).searchParams)
  if (!answer.state || !(answer.code || answer.error)) return
  const kept = JSON.parse(sessionStorage.getItem(key(name)) ?? '{}')
  sessionStorage.removeItem(key(name))
  if (address === location.href) history.replaceState(history.state, '', redirectUri)
  return { answer, kept }
}

/** Throws unless an answer is this server's (RFC 9207), to what this tab has asked, and a code, which it returns. */
export const codeOf = async ({ answer, kept }: Answer, metadata: () => Promise<Metadata>) => {
  if (answer.state !== kept.state) throw refusal('invalid_state', 'This tab did not ask for that answer')
  const { issuer, authorization_response_iss_parameter_supported: named } = await metadata()
  if (answer.iss ? answer.iss !== issuer : named) throw refusal('invalid_issuer', 'Another server answered')
  if (!answer.code) throw refusal(answer.error!, answer.error_description)
  return answer.code
}
