// A person reads the reference, signs in there and tries operations, with no network but the server's.
import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { launch } from './chromium.js'
import { start } from './server.js'

const pictures = fileURLToPath(new URL('../../.build/pictures/', import.meta.url))
const email = 'ann.lee@example.com'
const password = 'correct horse battery staple'
let plaza, browser

before(async () => {
  await mkdir(pictures, { recursive: true })
  plaza = await start('none', 'docs.log')
  browser = await launch()
})

after(async () => {
  await browser?.close()
  await plaza?.stop()
})

/** Opens /docs where nothing else can be reached. `faults` gathers what went elsewhere, and what the browser complains of. */
async function open(options) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  const faults = []
  await context.route((url) => url.origin !== plaza.url, (route) => {
    faults.push(route.request().url())
    return route.abort()
  })
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && faults.push(message.text()))
  page.on('pageerror', (error) => faults.push(String(error)))
  await page.goto(`${plaza.url}/docs`)
  await operation(page, 'users', 'getMe').waitFor()
  return { page, faults }
}

function operation(page, tag, id) {
  return page.locator(`#operations-${tag}-${id}`)
}

/** Unfolds an operation, and returns it. */
async function unfold(page, tag, id) {
  const found = operation(page, tag, id)
  await found.locator('.opblock-summary-control').click()
  await found.locator('.responses-wrapper').waitFor()
  return found
}

/** Executes an operation that is unfolded, and returns the status, which the page shows. */
async function execute(shown) {
  const answer = shown.page().waitForResponse(() => true)
  await shown.getByRole('button', { name: 'Execute' }).click()
  const status = String((await answer).status())
  await shown.locator('.live-responses-table .response-col_status').filter({ hasText: status }).first().waitFor()
  return status
}

async function look(page, name) {
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 900 })
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} scrolls at ${width}`)
    await page.screenshot({ path: `${pictures}${name}-${width}.png` })
  }
}

test('every operation unfolds and has its samples, without a network', async () => {
  const { page, faults } = await open()
  const contract = await (await fetch(`${plaza.url}/openapi.json`)).json()
  const samples = await (await fetch(`${plaza.url}/docs/samples.json`)).json()
  await look(page, 'docs')
  // All at once, as each click would draw the page anew.
  await page.evaluate(() => document.querySelectorAll('.opblock:not(.is-open) .opblock-summary-control')
    .forEach((summary) => summary.click()))
  for (const { operationId: id, tags: [tag] } of Object.values(contract.paths).flatMap((path) => Object.values(path))) {
    const shown = operation(page, tag, id)
    await shown.locator('.responses-wrapper').waitFor()
    const person = ['pages', 'docs'].includes(tag)
    assert.deepEqual(await shown.getByLabel('Language').getByRole('tab').allInnerTexts(), person ? [] : ['TypeScript', 'Go', 'curl'], id)
    if (person) continue
    for (const [language, text] of Object.entries(samples[id])) {
      await shown.locator(`#${id}-${language}`).evaluate((tab) => tab.click())
      const printed = await shown.locator('.samples pre').textContent()
      assert.equal(printed, text.replaceAll('http://127.0.0.1:8080', plaza.url))
    }
  }
  await look(page, 'docs-unfolded')
  assert.deepEqual(faults, [])
})

test('samples are chosen by the keyboard, copied, and chosen once for all', async () => {
  const { page, faults } = await open({ permissions: ['clipboard-read', 'clipboard-write'] })
  const shown = await unfold(page, 'users', 'getMe')
  const tab = (name) => shown.getByRole('tab', { name })
  await tab('TypeScript').focus()
  await page.keyboard.press('ArrowRight')
  assert.equal(await tab('Go').getAttribute('aria-selected'), 'true')
  assert.ok(await tab('Go').evaluate((element) => element === document.activeElement))
  await page.keyboard.press('End')
  assert.ok(await tab('curl').evaluate((element) => element === document.activeElement))
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await shown.getByRole('status').filter({ hasText: 'Copied' }).waitFor()
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), new RegExp(`^curl .* ${plaza.url}/me `))
  await page.keyboard.press('Tab')
  assert.ok(await shown.getByRole('tabpanel', { name: 'curl' }).evaluate((panel) => panel === document.activeElement))
  await page.reload()
  const other = await unfold(page, 'posts', 'listPosts')
  assert.equal(await other.getByLabel('Language').getByRole('tab', { selected: true }).innerText(), 'curl')
  assert.deepEqual(faults, [])
})

test('a person denies, signs in by the button, stays signed in, tries operations and signs out', async () => {
  const token = (await plaza.command('token')).trim()
  const made = await fetch(`${plaza.url}/users`, {
    method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ name: 'ann lee', email, age: 34, password }),
  })
  assert.equal(made.status, 201)

  const { page, faults } = await open()
  await page.evaluate(() => { location.hash = '#/users/getMe' })
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByLabel('E-mail address').fill(email)
  await page.getByRole('button', { name: /code/i }).click()
  await page.locator('#code:focus').waitFor() // the mail may be there before the page
  await page.keyboard.type(await plaza.mailedCode(email))
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Plaza reference asks for access' }).waitFor()
  await page.screenshot({ path: `${pictures}docs-consent.png`, fullPage: true })
  await page.getByRole('button', { name: 'Deny' }).click()
  await page.getByRole('alert').filter({ hasText: 'The person did not allow it' }).waitFor()
  await page.clock.install()
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('button', { name: 'Allow' }).click()

  await page.getByText('Signed in as Ann Lee (member).').waitFor()
  assert.equal(page.url(), `${plaza.url}/docs#/users/getMe`, 'the code is gone, and the place is found again')
  const me = operation(page, 'users', 'getMe')
  assert.equal(await execute(me), '200')
  assert.match(await me.locator('.live-responses-table').innerText(), /"email": "ann\.lee@example\.com"/)
  await me.scrollIntoViewIfNeeded()
  await look(page, 'docs-tried')
  assert.equal(await execute(await unfold(page, 'posts', 'listPosts')), '200')

  // A minute before its end the token is replaced.
  const replaced = page.waitForResponse(`${plaza.url}/oauth/token`)
  await page.clock.fastForward('09:00')
  assert.equal((await replaced).status(), 200)
  await page.getByText('Signed in as Ann Lee (member).').waitFor()
  assert.equal(await execute(me), '200')

  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.getByText('You are not signed in.').waitFor()
  assert.equal(new URL(page.url()).pathname, '/docs')
  assert.deepEqual(faults, [])
})

test('an answer that nobody asked for is refused', async () => {
  const { page } = await open()
  await page.goto(`${plaza.url}/docs?error=access_denied&error_description=No&state=of-somebody-else`)
  await page.getByRole('alert').filter({ hasText: 'The sign-in was begun elsewhere.' }).waitFor()
  assert.equal(page.url(), `${plaza.url}/docs`)
  assert.ok(await page.getByRole('button', { name: 'Sign in', exact: true }).isVisible())
})

test('a token that was pasted is used, once the server takes it', async () => {
  const { page, faults } = await open({ colorScheme: 'dark' })
  const field = page.getByLabel('Access token')
  await field.fill('not-a-token')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').filter({ hasText: 'token' }).waitFor()
  await look(page, 'docs-refused')
  assert.match(faults.pop(), /401/)
  await field.fill((await plaza.command('token')).trim())
  await page.getByRole('button', { name: 'Use it' }).click()
  await page.getByText('Signed in as Plaza Admin (admin).').waitFor()
  const shown = await unfold(page, 'users', 'listUsers')
  await shown.locator('.samples').scrollIntoViewIfNeeded()
  await look(page, 'docs-dark')
  assert.equal(await execute(shown), '200', 'what is filled in beforehand is no contradiction')
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  assert.ok(await page.getByRole('button', { name: 'Sign in', exact: true }).isVisible())
  assert.equal(await execute(shown), '401')
  assert.match(faults.pop(), /401/)
  assert.deepEqual(faults, [])
})
