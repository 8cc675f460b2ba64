// The built server with a proxy before it, and the packed SDK.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createPlaza } from '@plaza/client'
import { start } from '../../browser/server.js'

/** What a person who signs up says. No two are the same. */
export const person = (more = {}) => ({ name: 'Ann Lee', email: `ann.${crypto.randomUUID()}@example.com`, age: 34, ...more })

/** The error that a call is refused with. */
export const refused = (call) => Promise.resolve(call).then(() => assert.fail('the call succeeded'), (error) => error)

/**
 * Starts a server. `plaza` is an admin's SDK, `token` their token; `as` makes an SDK with other options. Limits are
 * counted and not enforced, unless `more` says so.
 */
export async function plazaServer(t, more = {}) {
  const server = await start('none', 'sdk.log', { PLAZA_RATE_LIMITS: 'observe', ...more })
  t.after(server.stop)
  const token = (await server.command('token')).trim()
  const as = (options) => createPlaza({ baseUrl: server.url, ...options })
  return { ...server, token, as, plaza: as({ auth: token }) }
}

/** Starts `plazadev mock`, which serves the contract alone. Any token is good. */
export async function plazaMock(t) {
  const program = fileURLToPath(new URL('../../../.build/bin/plazadev', import.meta.url))
  const contract = fileURLToPath(new URL('../../../openapi.yaml', import.meta.url))
  const mock = spawn(program, ['mock', contract, '--addr', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = once(mock, 'exit')
  t.after(async () => {
    mock.kill('SIGTERM')
    assert.deepEqual(await ended, [0, null], 'it ends when it is asked to')
  })
  let url
  for await (const line of createInterface({ input: mock.stdout })) if ((url = line.match(/http:\/\/[\d.]+:\d+/)?.[0])) break
  mock.stdout.resume()
  const as = (options) => createPlaza({ baseUrl: url, ...options })
  return { url, token: 'any', as, plaza: as({ auth: 'any' }) }
}

async function freePort() {
  const listener = createServer().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address()
  await new Promise((done) => listener.close(done))
  return port
}

/** Starts toxiproxy before a server: `hurt` adds a toxic, `cut` ends all connections, `mend` ends both. */
export async function proxyTo(t, url) {
  const [control, port] = [await freePort(), await freePort()]
  const program = fileURLToPath(new URL('../../../.build/bin/toxiproxy', import.meta.url))
  const proxy = spawn(program, ['-host', '127.0.0.1', '-port', String(control)], { stdio: 'ignore' })
  t.after(async () => {
    const ended = once(proxy, 'exit')
    proxy.kill()
    await ended
  })
  const ask = async (path, body) => {
    for (;;) {
      try {
        const answer = await fetch(`http://127.0.0.1:${control}${path}`, { method: 'POST', body: JSON.stringify(body) })
        if (!answer.ok) throw new Error(await answer.text())
        return
      } catch (error) {
        // It does not listen yet.
        if (error.cause?.code !== 'ECONNREFUSED' || proxy.exitCode !== null) throw error
      }
    }
  }
  await ask('/proxies', { name: 'plaza', listen: `127.0.0.1:${port}`, upstream: new URL(url).host, enabled: true })
  return {
    url: `http://127.0.0.1:${port}`,
    hurt: (type, attributes, stream = 'downstream') => ask('/proxies/plaza/toxics', { type, stream, attributes }),
    cut: () => ask('/proxies/plaza', { enabled: false }),
    mend: () => ask('/reset', {}),
  }
}

/**
 * Holds a lock on the table of users, as a slow transaction does, until `release`. `waiting` waits until somebody
 * waits for it.
 */
export async function lockUsers(server) {
  const data = join(server.directory, 'postgres', 'data')
  const [program] = (await readFile(join(data, 'postmaster.opts'), 'utf8')).split(' ')
  const [, , , port, socket] = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n')
  const psql = spawn(join(dirname(program), 'psql'), ['-qAt', '-h', socket, '-p', port, '-U', 'postgres', 'plaza'])
  const ask = async (sql) => {
    psql.stdin.write(`${sql}\n`)
    return String((await once(psql.stdout, 'data'))[0]).trim()
  }
  await ask('BEGIN; LOCK TABLE users; SELECT 1;')
  return {
    waiting: async () => {
      while ((await ask('SELECT count(*) FROM pg_locks WHERE NOT granted;')) === '0');
    },
    release: async () => {
      const ended = once(psql, 'exit')
      psql.stdin.end('COMMIT;\n')
      await ended
    },
  }
}
