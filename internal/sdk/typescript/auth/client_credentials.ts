import type { AuthFactory } from '../types.js'
import { accessOf, holder } from './hold.js'
import { connectTo } from './server.js'

export interface ClientCredentials {
  clientId: string
  clientSecret: string
  /** Separated by spaces; all that the client has where there is none */
  scope?: string | undefined
  /** The authorization server, where it is not the one at `baseUrl` */
  issuer?: string | undefined
}

/** Signs a service in (RFC 6749, section 4.4). Not for browsers: whoever has the secret is the service. */
export const clientCredentials = ({ clientId, clientSecret, scope, issuer }: ClientCredentials): AuthFactory => ({
  connect(to) {
    const server = connectTo(to, issuer)
    const form = { grant_type: 'client_credentials', ...scope && { scope } }
    // RFC 6749, section 2.3.1
    const Authorization = 'Basic ' + btoa([clientId, clientSecret].map(encodeURIComponent).join(':'))
    const { hold, token } = holder(async () => {
      const access = accessOf(await server.post('exchangeToken', form, { Authorization }))
      hold(access)
      return access.value
    })
    return { token }
  },
})
