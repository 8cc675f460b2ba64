// The SDK's example, Town Board, built as its README says and served beside the built server, with people in it.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { launch } from './chromium.js'
import { application, start } from './server.js'

const source = fileURLToPath(new URL('../sdk/example', import.meta.url))
const built = fileURLToPath(new URL('../../.build/example', import.meta.url))
const password = 'correct horse battery staple'
const firstNames = ['Amina', 'Bruno', 'Chloe', 'Dmitri', 'Elif', 'Farid', 'Greta', 'Hiro', 'Ines', 'Jonas', 'Zoë']
export const lastNames = ['Abe', 'Berg', 'Costa', 'Diallo']

/** What somebody's address is made of their name. */
export const emailOf = (name) =>
  `${name.normalize('NFD').replace(/[^a-z ]/gi, '').replace(' ', '.').toLowerCase()}@example.com`

/**
 * Starts all of it. `people` tells who signs in and in which role; beside them are 44 others, who are 30 and whose
 * names are a first name and each of lastNames.
 */
export async function townBoard(people) {
  const app = await application(built)
  const plaza = await start(app.origin, 'example.log')
  const browser = await launch()
  const stop = async () => {
    await browser.close()
    await plaza.stop()
    app.stop()
  }
  try {
    const call = caller(plaza.url, (await plaza.command('token')).trim())
    const client = await register(call, app.origin)
    await populate(call, people)
    await build({ VITE_PLAZA_URL: plaza.url, VITE_CLIENT_ID: client })
    return {
      origin: app.origin, plaza, client, call, stop,
      open: (t) => open(browser, t),
      signIn: (page, name) => signIn(page, app.origin, plaza, name),
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Makes what calls the server as another application does, with an admin's token, and returns the body. */
function caller(url, token) {
  return async (method, path, body) => {
    const response = await fetch(url + path, {
      method, body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', 'Authorization': `Bearer ${token}`, 'If-Match': '*' },
    })
    const text = await response.text()
    assert.ok(response.ok, text)
    return JSON.parse(text)
  }
}

/** Registers the application; its id. */
async function register(call, origin) {
  const { data } = await call('POST', '/clients', {
    name: 'Town Board', kind: 'public',
    redirect_uris: [`${origin}/callback`], post_logout_redirect_uris: [`${origin}/`],
    scopes: ['openid', 'users:read', 'users:write', 'account:write', 'posts:write'],
  })
  return data.client.id
}

async function populate(call, people) {
  const others = firstNames.flatMap((first) => lastNames.map((last) => `${first} ${last}`))
  await call('POST', '/users/batch', { users: others.map((name) => ({ name, email: emailOf(name), age: 30 })) })
  for (const [name, role] of Object.entries(people)) {
    const made = await call('POST', '/users', { name, email: emailOf(name), age: 40, password })
    await call('PATCH', `/users/${made.data.id}`, { role })
  }
}

/** Compiles and builds the application with those settings. */
async function build(settings) {
  const words = ['run', 'build', '--', '--outDir', built, '--emptyOutDir']
  await promisify(execFile)('npm', words, { cwd: source, env: { ...process.env, ...settings } })
    .catch((error) => assert.fail(error.stdout + error.stderr))
}

/** Opens a page in a browser of its own, and fails the test `t`, with which it ends, for errors that nobody caught. */
async function open(browser, t) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  const errors = []
  page.on('pageerror', (error) => errors.push(error))
  t.after(async () => {
    await context.close()
    assert.deepEqual(errors, [])
  })
  return page
}

/** Signs somebody in, through the login page, the code of the first time, and the consent page. */
async function signIn(page, origin, plaza, name) {
  await page.goto(origin)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByLabel('E-mail address').fill(emailOf(name))
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  const code = page.getByRole('heading', { name: 'Enter the code' })
  const allow = page.getByRole('button', { name: 'Allow' })
  await code.or(allow).waitFor()
  if (await code.isVisible()) {
    await page.locator('#code:focus').waitFor() // the mail may be there before the page
    await page.keyboard.type(await plaza.mailedCode(emailOf(name)))
    await page.keyboard.press('Enter')
  }
  await allow.click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
}
