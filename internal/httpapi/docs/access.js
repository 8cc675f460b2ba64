// The form at the top of the page: who is signed in, by the server's login page or by a token that was pasted.
import { comeBack, leave, refresh, signOut } from './pkce.js'

const early = 60 // seconds before its end that a token is replaced

/**
 * Makes the form work. It has to be called before the address is read by somebody else; ready is to be called once
 * Swagger UI has the contract.
 */
export function access(form) {
  const { client } = form.dataset
  const [status, alert] = form.querySelectorAll('p')
  const { in: enter, token: field, use: useButton, out: leaveButton } = form.elements
  const finish = client && comeBack(client)
  let ui, timer, signedIn = false

  /** Shows who is signed in, or what went wrong. */
  function show(text, fault) {
    status.textContent = text ?? 'You are not signed in.'
    alert.textContent = fault ?? ''
    alert.hidden = !fault
    // Only a secure context has what PKCE is made with.
    enter.hidden = signedIn || !client || !isSecureContext
    leaveButton.hidden = !signedIn
    for (const part of [field, useButton, field.labels[0]]) part.hidden = signedIn
  }

  /** Calls with a token from now on, once the server has taken it. */
  async function use(token) {
    const response = await fetch('/me', { headers: { Authorization: `Bearer ${token}` } })
    const answer = await response.json()
    if (response.status === 401) throw new Error(answer.detail)
    const schema = ui.specSelectors.specJson().getIn(['components', 'securitySchemes', 'oauth'])
    ui.authActions.authorizeOauth2({ auth: { name: 'oauth', schema: schema.toJS() }, token: { access_token: token } })
    signedIn = true
    show(response.ok ? `Signed in as ${answer.name} (${answer.role}).` : 'Signed in.') // a service is nobody
  }

  /** Uses what the server has given, and replaces it before it ends. */
  async function keep(tokens) {
    await use(tokens.access_token)
    leaveButton.dataset.session = 'true'
    timer = setTimeout(() => attempt(async () => keep(await refresh(client, tokens.refresh_token))),
      (tokens.expires_in - early) * 1000)
  }

  function forget() {
    clearTimeout(timer)
    delete leaveButton.dataset.session
    if (signedIn) ui.authActions.logout(['oauth'])
    signedIn = false
  }

  async function attempt(step) {
    try {
      await step()
    } catch (error) {
      forget()
      show(undefined, error.message)
    }
  }

  enter.addEventListener('click', () => {
    const flow = ['components', 'securitySchemes', 'oauth', 'flows', 'authorizationCode', 'scopes']
    leave(client, ui.specSelectors.specJson().getIn(flow).keySeq().toJS())
  })
  leaveButton.addEventListener('click', () => {
    const session = leaveButton.dataset.session
    forget()
    show()
    if (session) signOut(client)
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const token = field.value.trim()
    field.value = ''
    attempt(() => use(token))
  })

  return {
    ready(loaded) {
      ui = loaded
      show()
      if (finish) attempt(async () => keep(await finish()))
    },
  }
}
