// The built server, in a data directory of its own, and an application beside it.
import { spawn, execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const program = fileURLToPath(new URL('../../.build/bin/plaza', import.meta.url))
const run = promisify(execFile)

const types = { '.css': 'text/css', '.html': 'text/html', '.js': 'text/javascript' }
const emptyPage = '<!doctype html><title>Town Board</title><h1>Town Board</h1>'

/**
 * Serves an application's built directory at a free port, its index.html at every path that is no file; without one, an
 * empty page at every path. Returns its origin and what ends it.
 */
export async function application(directory) {
  const server = createServer(async ({ url }, response) => {
    const { pathname } = new URL(url, 'http://localhost')
    const name = extname(pathname) ? pathname : '/index.html'
    const content = directory ? await readFile(join(directory, name)).catch(() => undefined) : emptyPage
    response.setHeader('Content-Type', types[extname(name)] ?? 'text/plain')
    response.writeHead(content === undefined ? 404 : 200).end(content)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { origin: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() }
}

/**
 * Starts `plaza serve` in development, and lets an application's origin call it. `log` names its log in .build, `more`
 * holds further variables of its environment. Its data is in `directory`. `command` runs another command of the program
 * on the same data and returns what it prints; `mailedCode` is the code of the newest mail to an address; `stop` waits
 * until the server has ended.
 */
export async function start(origin, log = 'browser.log', more = {}) {
  const port = createServer().listen(0, '127.0.0.1')
  await once(port, 'listening')
  const address = `127.0.0.1:${port.address().port}`
  await new Promise((done) => port.close(done))
  const directory = await mkdtemp(join(tmpdir(), 'plaza-'))
  const environment = {
    PATH: process.env.PATH, HOME: process.env.HOME, PLAZA_DATA_DIR: directory, PLAZA_HTTP_ADDR: address,
    PLAZA_ADMIN_ADDR: 'off', PLAZA_CORS_ORIGINS: origin, ...more,
  }
  const file = await open(new URL(`../../.build/${log}`, import.meta.url), 'w')
  const server = spawn(program, ['serve'], { env: environment, stdio: ['ignore', 'pipe', file.fd] })
  const ended = once(server, 'exit')
  for await (const line of createInterface({ input: server.stdout })) if (line.includes('is ready')) break
  server.stdout.resume()
  const command = async (...words) => (await run(program, words, { env: environment })).stdout
  return {
    url: `http://${address}`,
    directory,
    command,
    mailedCode: async (email) => {
      for (let tries = 0; tries < 100; tries++) { // it goes out after the answer; each try starts a program
        const mails = (await command('mail', '-n', '100')).split(/^To: +/m).filter((mail) => mail.startsWith(email))
        const code = mails.at(-1)?.match(/^ +(\d{8})$/m)
        if (code) return code[1]
      }
      throw new Error(`no mail to ${email}`)
    },
    stop: async () => {
      server.kill('SIGTERM')
      await ended
      await file.close()
      await rm(directory, { recursive: true })
    },
  }
}
