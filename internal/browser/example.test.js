// The SDK's example is used in Chromium as people use it: it fails, waits and goes on as it should.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { look } from './look.js'
import { emailOf, lastNames, townBoard } from './town_board.js'

let town
before(async () => {
  town = await townBoard({ 'Ada Admin': 'admin', 'Rita Rush': 'admin', 'Ben Member': 'member' })
})
after(() => town?.stop())

const field = (page, label) => page.getByLabel(label, { exact: true })
const save = (page) => page.getByRole('button', { name: 'Save', exact: true })
const people = (page) => page.getByRole('list').getByRole('link')
const idOf = (page) => Number(page.url().split('/').at(-1))
const heading = (page, name) => page.getByRole('heading', { name, exact: true })

/** Waits until a status says so. */
const said = (page, text) => page.getByRole('status').filter({ hasText: text }).waitFor()

/** What is wrong with a field, as a screen reader tells it. */
const faultOf = (page, label) => field(page, label).evaluate((input) => {
  return document.getElementById(input.getAttribute('aria-describedby')).innerText
})

/** Opens somebody from the list, found by search, and waits for the form. */
async function openPerson(page, name) {
  await page.getByLabel('Search by name').fill(name)
  await page.getByRole('link', { name }).click()
  await heading(page, name).waitFor()
}

// Two at a time, as the first one waits for a minute.
describe('Town Board', { concurrency: 2 }, () => {
  test('who calls too often sees how long to wait, and then it goes on by itself', { timeout: 120_000 }, async (t) => {
    const page = await town.open(t)
    let authorization
    page.on('request', (request) => { authorization = request.headers().authorization ?? authorization })
    await town.signIn(page, 'Rita Rush')
    await people(page).first().waitFor()
    const calls = await Promise.all(Array.from({ length: 100 }, () => {
      return fetch(`${town.plaza.url}/users?size=1`, { headers: { authorization } })
    }))
    assert.ok(calls.some(({ status }) => status === 429))

    await page.getByLabel('Search by name').fill('zo')
    const timer = page.getByRole('timer')
    await timer.waitFor()
    await look(page, 'example-limit', { dark: true })
    const seconds = parseInt(await timer.innerText())
    assert.ok(seconds > 5 && seconds <= 60, `${seconds} s`)
    await page.waitForFunction((before) => parseInt(document.querySelector('[role=timer]').innerText) < before, seconds)
    await people(page).filter({ hasText: 'Zoë' }).first().waitFor({ timeout: 90_000 })
    assert.equal(await timer.count(), 0)
  })

  test('an admin signs in, and finds and changes people', async (t) => {
    const page = await town.open(t)
    await page.goto(town.origin)
    await heading(page, 'What is going on in town').waitFor()
    await look(page, 'example-door', { dark: true })
    await town.signIn(page, 'Ada Admin')
    await people(page).nth(19).waitFor()
    await look(page, 'example-people', { dark: true })
    assert.equal(await people(page).count(), 20)
    await page.getByRole('button', { name: 'Show more' }).click()
    await people(page).nth(39).waitFor()

    await page.getByLabel('Search by name').fill('zo')
    await said(page, '4 people')
    assert.deepEqual(await page.locator('.people b').allInnerTexts(), lastNames.map((last) => `Zoë ${last}`))
    await openPerson(page, 'Zoë Abe')
    await look(page, 'example-person', { dark: true })

    await field(page, 'Name').fill('zoë ABE')
    await field(page, 'Age').fill('31')
    await save(page).press('Enter')
    await said(page, 'Saved.')
    assert.equal(await field(page, 'Name').inputValue(), 'Zoë Abe')
    assert.equal((await town.call('GET', `/users/${idOf(page)}`)).age, 31)
  })

  test('what is not allowed is told beside its field', async (t) => {
    const page = await town.open(t)
    await town.signIn(page, 'Ada Admin')
    await openPerson(page, 'Ines Abe')
    await field(page, 'Name').fill('Ines 2')
    await field(page, 'Age').fill('12')
    await save(page).click()
    await page.getByText('Something is not right yet.').waitFor()
    assert.equal(await faultOf(page, 'Name'), 'Name cannot contain numbers')
    assert.match(await faultOf(page, 'Age'), /13/)
    assert.equal(await faultOf(page, 'E-mail address'), '')
    const hasFocus = await field(page, 'Name').evaluate((input) => input === document.activeElement)
    assert.ok(hasFocus, 'the first faulty field has the focus')
    await look(page, 'example-invalid', { dark: true })

    await field(page, 'Name').fill('Ines Abe')
    await field(page, 'Age').fill('30')
    await field(page, 'E-mail address').fill(emailOf('Ines Costa'))
    await save(page).click()
    await page.getByText('That is taken.').waitFor()
    assert.equal(await faultOf(page, 'E-mail address'), 'is already taken')
    await page.getByRole('button', { name: 'Discard' }).click()
    assert.equal(await field(page, 'E-mail address').inputValue(), emailOf('Ines Abe'))
  })

  test('two who change the same person choose from both versions', async (t) => {
    const page = await town.open(t)
    await town.signIn(page, 'Ada Admin')
    await openPerson(page, 'Greta Berg')
    const path = `/users/${idOf(page)}`

    await field(page, 'Name').fill('Greta Bergman')
    await field(page, 'Age').fill('32')
    await town.call('PATCH', path, { name: 'Greta Sandberg', email: 'greta@example.com' })
    await save(page).click()
    await heading(page, 'Somebody else was faster').waitFor()
    await look(page, 'example-conflict', { dark: true })
    const chosen = await page.getByRole('radio', { checked: true }).locator('xpath=..').allInnerTexts()
    assert.deepEqual(chosen.map((text) => text.replace(/\s+/, ' ')), // each change, until somebody decides
      ['Yours Greta Bergman', 'Theirs greta@example.com', 'Yours 32'])

    await page.getByRole('radio', { name: 'Greta Sandberg' }).check()
    await town.call('PATCH', path, { age: 33 }) // and faster once more
    await page.getByRole('button', { name: 'Save this choice' }).click()
    await page.getByRole('radio', { name: '33' }).waitFor()
    await page.getByRole('button', { name: 'Save this choice' }).click()
    await said(page, 'Saved.')
    const { name, email, age, version } = await town.call('GET', path)
    assert.deepEqual([name, email, age, version], ['Greta Sandberg', 'greta@example.com', 32, 4])
  })

  test('what is saved without a network waits for it', async (t) => {
    const page = await town.open(t)
    await town.signIn(page, 'Ada Admin')
    await openPerson(page, 'Hiro Diallo')
    await page.context().setOffline(true)
    await page.getByText('You are offline.').waitFor()
    await field(page, 'Age').fill('33')
    await save(page).click()
    await said(page, 'Saved once you are online.')
    await page.getByLabel('Search by name').fill('chloe')
    await said(page, 'Waits for the network.')
    await look(page, 'example-offline', { dark: true })
    assert.equal((await town.call('GET', `/users/${idOf(page)}`)).age, 30)

    await page.context().setOffline(false)
    await said(page, 'Saved.')
    await page.getByText('You are offline.').waitFor({ state: 'detached' })
    await said(page, '4 people')
    assert.equal((await town.call('GET', `/users/${idOf(page)}`)).age, 33)
  })

  test('where there is a network, and no server, one may try again', async (t) => {
    const page = await town.open(t)
    await town.signIn(page, 'Ada Admin')
    await page.context().route(`${town.plaza.url}/posts?*`, (route) => route.abort('connectionrefused'))
    await page.getByRole('link', { name: 'Posts' }).click()
    await page.getByText('Plaza cannot be reached.').waitFor()
    await look(page, 'example-unreachable')
    await page.context().unrouteAll()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('Plaza cannot be reached.').waitFor({ state: 'detached' })
  })

  test('two tabs whose tokens end go on, and leave together', async (t) => {
    const page = await town.open(t)
    await town.signIn(page, 'Ada Admin')
    const tokens = new Set()
    const refreshed = []
    page.context().on('request', (request) => {
      const { authorization } = request.headers()
      if (authorization) tokens.add(authorization.replace('Bearer ', ''))
      if (!request.url().endsWith('/oauth/token')) return
      refreshed.push(new URLSearchParams(request.postData()).get('refresh_token'))
    })
    const other = await page.context().newPage()
    await other.goto(town.origin)
    await people(other).first().waitFor()
    await openPerson(page, 'Elif Costa')
    const before = refreshed.length

    for (const token of tokens) {
      const body = new URLSearchParams({ token, client_id: town.client })
      await fetch(`${town.plaza.url}/oauth/revoke`, { method: 'POST', body })
      await page.evaluate(async ([url, authorization]) => { // ends within a second, on every server
        const ask = () => fetch(url, { headers: { authorization } })
        while ((await ask()).status !== 401) await new Promise(requestAnimationFrame)
      }, [`${town.plaza.url}/me`, `Bearer ${token}`])
    }
    await Promise.all([openPerson(page, 'Farid Abe'), openPerson(other, 'Farid Berg')])
    assert.ok(refreshed.length > before, 'nobody has refreshed')
    await Promise.all([page, other].map((tab) => tab.reload()))
    await Promise.all([heading(page, 'Farid Abe').waitFor(), heading(other, 'Farid Berg').waitFor()])
    assert.equal(new Set(refreshed).size, refreshed.length, 'a refresh token was used twice')

    await page.getByRole('button', { name: 'Sign out' }).click()
    await other.getByRole('button', { name: 'Sign in' }).waitFor()
  })

  test('a member sees themselves and all posts, writes one, and signs out', async (t) => {
    const page = await town.open(t)
    await town.signIn(page, 'Ben Member')
    await heading(page, 'Ben Member').waitFor()
    assert.equal(await page.getByRole('link', { name: 'People' }).count(), 0)
    await look(page, 'example-member')
    await page.goto(`${town.origin}/#/people/1`)
    await page.getByText('There is nothing here.').waitFor()

    await page.getByRole('link', { name: 'Posts' }).click()
    await page.getByRole('button', { name: 'Post' }).click()
    await page.getByText('Something is not right yet.').waitFor()
    assert.notEqual(await faultOf(page, 'Title'), '')
    for (const title of ['Market on Saturday', 'Lost: a grey cat']) {
      await field(page, 'Title').fill(title)
      await field(page, 'Text').fill('The square is closed to cars from six.\n\nPlease leave the fountain free.')
      await page.getByRole('button', { name: 'Post' }).click()
      await page.getByRole('article').first().filter({ hasText: title }).waitFor()
    }
    await look(page, 'example-posts', { dark: true })
    await page.reload()
    await page.getByRole('article').first().filter({ hasText: 'Lost: a grey cat' }).waitFor()

    await page.route(/\/users\/\d+\/posts$/, async (route) => { // Plaza does it, and its answers are lost
      await route.fetch()
      await route.abort('connectionreset')
    })
    await field(page, 'Title').fill('Found: the cat')
    await field(page, 'Text').fill('It was on the roof.')
    await page.getByRole('button', { name: 'Post' }).click()
    await page.getByText('Plaza cannot be reached.').waitFor()
    await page.unrouteAll()
    const sent = []
    page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()))
    await page.getByRole('button', { name: 'Try again' }).click()
    await said(page, 'Posted.')
    assert.equal(sent.length, 1)
    await page.getByRole('article').filter({ hasText: 'Found: the cat' }).waitFor()
    assert.equal(await page.getByRole('article').filter({ hasText: 'Found: the cat' }).count(), 1)

    await page.getByRole('button', { name: 'Sign out' }).click()
    await heading(page, 'Sign out?').waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL(`${town.origin}/`)
    await heading(page, 'What is going on in town').waitFor()
    assert.equal(await page.evaluate(() => localStorage.length), 0)
  })
})
