// Shows the contract that this server serves, with samples, and a form by which one signs in to try it.
import { access } from './access.js'
import { samples } from './samples.js'
import { tryout } from './tryout.js'

const form = document.getElementById('access')
const answer = access(form) // reads the address before Swagger UI does
const texts = await (await fetch('/docs/samples.json')).json()

const ui = window.SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  validatorUrl: null,
  plugins: [samples(texts), tryout, { wrapComponents: { authorizeBtn: nothing, authorizeOperationBtn: nothing } }],
  onComplete: () => answer.ready(ui),
})

/** Stands for Swagger UI's own sign-in, which asks for a client and opens windows. */
function nothing() {
  return () => null
}
