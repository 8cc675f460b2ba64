// A reviewer reads the page of plazadev check: of a changed copy of this project, and of a report with all there is.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { launch } from './chromium.js'
import { look } from './look.js'

const run = promisify(execFile)
const here = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url))
let browser, project

before(async () => {
  project = await mkdtemp(join(tmpdir(), 'plaza-check-'))
  browser = await launch()
})

after(async () => {
  await browser?.close()
  await rm(project, { recursive: true })
})

/** Opens a page from a file. `faults` gathers what it asks for elsewhere, and what the browser complains of. */
async function open(file) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const page = await context.newPage()
  const faults = []
  page.on('request', (request) => request.url().startsWith('file:') || faults.push(request.url()))
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && faults.push(message.text()))
  page.on('pageerror', (error) => faults.push(String(error)))
  await page.goto(pathToFileURL(file).href)
  return { page, faults }
}

/** What holds for every page of plazadev check. */
async function isWhole(page, faults, name) {
  assert.equal(await page.locator('h1').count(), 1)
  const levels = await page.locator('h1, h2, h3, h4').evaluateAll((all) => all.map((one) => Number(one.tagName[1])))
  for (const [i, level] of levels.entries()) {
    assert.ok(i === 0 || level <= levels[i - 1] + 1, `h${level} after h${levels[i - 1]}`)
  }
  const ids = await page.locator('[id]').evaluateAll((all) => all.map((one) => one.id))
  assert.equal(new Set(ids).size, ids.length, 'an id is there twice')
  for (const link of await page.locator('nav a').all()) {
    assert.equal(await page.locator(await link.getAttribute('href')).count(), 1)
  }
  assert.equal(await page.locator('script, link, img, iframe').count(), 0)
  await look(page, name, { dark: true })
  assert.deepEqual(faults, [])
}

test('the page of a changed project tells what a reviewer has to know', async () => {
  for (const name of ['openapi.yaml', 'sqlc.yaml', 'schema', 'queries', 'gen', 'go.mod']) {
    await cp(here(name), join(project, name), { recursive: true })
  }
  const who = ['-c', 'user.name=T', '-c', 'user.email=t@example.com']
  const git = (...words) => run('git', [...who, ...words], { cwd: project })
  await git('init', '--quiet', '--initial-branch=main')
  await git('add', '.')
  await git('commit', '--quiet', '--message=Release')
  await git('tag', 'v0.1.0')
  const contract = join(project, 'openapi.yaml')
  let text = await readFile(contract, 'utf8')
  const edits = [
    ['maxLength: 254', 'maxLength: 20'], ['requests: 100, per: 60s', 'requests: 5, per: 60s'],
    ['  /users/{user_id}/restore:', '  /users/{user_id}/revive:'],
  ]
  for (const [from, to] of edits) {
    assert.ok(text.includes(from), from)
    text = text.replace(from, to)
  }
  await writeFile(contract, text)

  const file = join(project, 'check.html')
  const words = ['check', '--quick', '--root', project, '-o', file]
  const { code = 0, stderr } = await run(here('.build/bin/plazadev'), words).catch((error) => error)
  assert.ok([0, 1, 2].includes(code), stderr)
  const { page, faults } = await open(file)
  await isWhole(page, faults, 'check')
  const sections = await page.locator('h2').evaluateAll((all) => all.map((one) => one.id))
  assert.deepEqual(sections.filter((id) => id !== 'unable'), ['breaks', 'changes', 'policy', 'sql', 'sdk', 'else', 'layers'])
  await page.context().close()
})

test('a report with all there is reads well at every width and by keyboard', async () => {
  const rich = join(project, 'rich.html')
  await cp(here('internal/check/testdata/report/html'), rich)
  const { page, faults } = await open(rich)
  await isWhole(page, faults, 'check-rich')
  assert.equal(await page.locator('h1').textContent(), '2 errors, 3 warnings, 3 notes; 1 layer could not run')
  assert.ok(await page.getByText('<script>alert(1)</script>').isVisible(), 'what a contract says is text')
  const breaks = page.getByRole('region', { name: 'openapi.yaml:3:3' })
  assert.equal(await breaks.locator('mark').textContent(), '  /users:')
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'What breaks clients')
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme })
    assert.deepEqual(await page.evaluate(pale), [])
  }
  await page.context().close()
})

/** Texts whose contrast with what is behind them is below 4.5, as WCAG's level AA wants it. Runs in the page. */
function pale() {
  const light = (color) => {
    const [red, green, blue] = color.match(/[\d.]+/g).slice(0, 3).map((c) => c / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const color = getComputedStyle(one).backgroundColor
      if (color !== 'rgba(0, 0, 0, 0)') return color
    }
    return 'rgb(255, 255, 255)'
  }
  return [...document.querySelectorAll('main *')].filter((one) => one.textContent.trim()).map((one) => {
    const [a, b] = [light(getComputedStyle(one).color), light(behind(one))]
    return [one.textContent.trim(), (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)]
  }).filter(([, contrast]) => contrast < 4.5)
}
