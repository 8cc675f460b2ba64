// The same program in Node.js and in Chromium, in a page and in workers, against the built server.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { launch } from '../../browser/chromium.js'
import { start } from '../../browser/server.js'
import { bundle } from './project.js'
import { smoke } from './smoke.js'

const here = fileURLToPath(new URL('.', import.meta.url))
const wanted = [
  'a person is made', 'and read', 'and listed, over pages', 'and changed', 'but not from an old version',
  'and is gone once deleted', 'a call can be ended',
]
let site, server, call

before(async () => {
  site = await serve({
    '/': ['text/html', '<!doctype html><title>Smoke</title>'],
    '/smoke.js': ['text/javascript', await bundled('smoke.js')],
    '/worker.js': ['text/javascript', await bundled('smoke_worker.js')],
  })
  server = await start(site.origin, 'smoke.log')
  call = [server.url, (await server.command('token')).trim()]
})

after(async () => {
  await server?.stop()
  site?.stop()
})

async function bundled(input) {
  const options = { rolldownOptions: { input: here + input, preserveEntrySignatures: 'strict' }, modulePreload: false }
  const [chunk] = await bundle(here, options)
  return chunk.code
}

async function serve(files) {
  const listener = createServer((request, response) => {
    const [type, text] = files[request.url] ?? []
    response.writeHead(text ? 200 : 404, { 'Content-Type': type ?? 'text/plain' }).end(text)
  }).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  return { origin: `http://127.0.0.1:${listener.address().port}`, stop: () => listener.close() }
}

test('Node.js', async () => {
  assert.deepEqual(await smoke(...call), wanted)
})

test('a worker thread of Node.js', async () => {
  const worker = new Worker(new URL('smoke_worker.js', import.meta.url))
  worker.postMessage(call)
  const [checked] = await once(worker, 'message')
  await worker.terminate()
  assert.deepEqual(checked, wanted)
})

test('Chromium', async (t) => {
  const browser = await launch()
  t.after(() => browser.close())
  const page = await browser.newPage()
  await page.goto(site.origin)

  await t.test('a page', async () => {
    const checked = await page.evaluate(async (args) => {
      const { smoke } = await import('/smoke.js')
      return smoke(...args)
    }, call)
    assert.deepEqual(checked, wanted)
  })

  await t.test('a worker', async () => {
    const checked = await page.evaluate((args) => new Promise((resolve) => {
      const worker = new Worker('/worker.js', { type: 'module' })
      worker.onmessage = ({ data }) => resolve(data)
      worker.onerror = (event) => resolve(event.message)
      worker.postMessage(args)
    }), call)
    assert.deepEqual(checked, wanted)
  })
})
