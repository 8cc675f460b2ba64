import { errorOf, NetworkError } from '../errors.js'
import type { Server } from './types.js'

/** What is used of a server's metadata (RFC 8414, section 2). */
export interface Metadata {
  issuer: string
  authorization_endpoint: string
  token_endpoint: string
  revocation_endpoint?: string
  end_session_endpoint?: string
  authorization_response_iss_parameter_supported?: boolean
}

/** Tokens (RFC 6749, section 5.1). */
export interface Tokens {
  access_token: string
  expires_in?: number
  refresh_token?: string
  id_token?: string
}

/** How long a server may take, in milliseconds: others wait meanwhile, in other tabs too. */
const patience = 15_000

/** Speaks with the authorization server. Its metadata are asked for once. */
export const connectTo = ({ baseUrl, fetch }: Server, issuer = '') => {
  let known: Promise<Metadata> | undefined
  const call = async (operation: string, url: string, init?: RequestInit) => {
    let response, body
    try {
      response = await fetch(url, { ...init, signal: AbortSignal.timeout(patience) })
      const text = await response.text()
      body = text && JSON.parse(text)
    } catch (cause) {
      throw new NetworkError({ operation, detail: 'The authorization server was not reached', cause })
    }
    if (!response.ok) throw errorOf({ operation, status: response.status, body })
    return body
  }
  const find = async (): Promise<Metadata> => {
    const base = (issuer || baseUrl).replace(/\/$/, '') // OpenID Connect Discovery 1.0, section 4
    const found = await call('getOpenIDConfiguration', `${base}/.well-known/openid-configuration`)
    if (issuer && found.issuer !== issuer) throw refusal('invalid_issuer', 'The metadata are of another issuer')
    return found
  }
  const metadata = () => (known ??= find().catch((error) => {
    known = undefined
    throw error
  }))
  return {
    metadata,
    async post(operation: 'exchangeToken' | 'revokeToken', form: Record<string, string>, headers = {}) {
      const { token_endpoint, revocation_endpoint } = await metadata()
      const url = operation === 'exchangeToken' ? token_endpoint : revocation_endpoint
      return url && call(operation, url, { method: 'POST', body: new URLSearchParams(form), headers })
    },
  }
}

/** What connectTo makes. */
export type AuthorizationServer = ReturnType<typeof connectTo>

/** Tells that the answer to an authorization request cannot be taken. */
export const refusal = (error: string, error_description = error) =>
  errorOf({ operation: 'authorize', body: { error, error_description } })
