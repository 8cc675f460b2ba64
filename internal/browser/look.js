// Pictures of pages, and what every page has to be.
import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const pictures = fileURLToPath(new URL('../../.build/pictures/', import.meta.url))
await mkdir(pictures, { recursive: true })

/** Fails unless the page is whole: no sideways scrolling, every field with a label; takes pictures of it meanwhile. */
export async function look(page, name, { dark = false } = {}) {
  for (const field of await page.locator('input:not([type=hidden]), textarea').all()) {
    assert.ok(await field.evaluate((input) => input.labels.length === 1), `a field of ${name} has no label`)
  }
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 800 })
    const fits = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)
    assert.ok(fits, `${name} scrolls at ${width}`)
    await photograph(page, `${name}-${width}`)
  }
  if (!dark) return
  await page.emulateMedia({ colorScheme: 'dark' })
  await photograph(page, `${name}-dark`)
  await page.emulateMedia({ colorScheme: 'light' })
}

function photograph(page, name) {
  return page.screenshot({ path: `${pictures}${name}.png`, fullPage: true, animations: 'disabled' })
}
