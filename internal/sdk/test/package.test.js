// The packed SDK, installed from its tarball as anybody would.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { bundle, compile, install, tarball } from './project.js'

const run = promisify(execFile)
const tool = (name) => fileURLToPath(new URL(`../node_modules/.bin/${name}`, import.meta.url))
const source = fileURLToPath(new URL('project/', import.meta.url))
let project

before(async () => {
  project = await install(source, ['@tanstack/react-query', '@types/react', 'react', 'zod'])
})

after(() => project.remove())

test('publint finds nothing', async () => {
  const { stdout } = await run(tool('publint'), ['--strict', tarball])
  assert.match(stdout, /All good!/)
})

test('the types are right for every way to import', async () => {
  const { stdout } = await run(tool('attw'), ['--no-color', tarball])
  assert.match(stdout, /No problems found/)
})

test('a strict Vite project compiles', async () => {
  assert.equal(await compile(project.directory), '')
})

for (const typescript of ['typescript-7', 'typescript']) {
  test(`ES modules and CommonJS of Node.js compile with ${typescript}`, async () => {
    assert.equal(await compile(project.directory, 'tsconfig.node.json', typescript), '')
  })
}

test('editors have something to show of each property of a person', async () => {
  const types = await readFile(join(project.directory, 'node_modules/@plaza/client/dist/esm/types.gen.d.ts'), 'utf8')
  const [, user] = types.match(/^export type User = \{\n(.*?)^\};/ms)
  assert.match(user, /2 to 100 characters.*\n.*\n.*\n +\*\/\n +name: UserName;/)
  assert.equal(user.match(/\*\/\n +\w+\??: /g).length, user.match(/^ +\w+\??: /gm).length)
})

test('the optional peers may be missing', async () => {
  const { directory, remove } = await install(source)
  const config = { extends: './tsconfig.node.json', include: ['src/main.ts', 'module.mts'] }
  await writeFile(join(directory, 'tsconfig.core.json'), JSON.stringify(config))
  assert.equal(await compile(directory, 'tsconfig.core.json'), '')
  await remove()
})

test('Node.js loads each entry as ES module and as CommonJS, which have the same in them', async () => {
  const program = `
    import { createRequire } from 'node:module'
    const require = createRequire(process.cwd() + '/')
    for (const name of ['@plaza/client', '@plaza/client/react-query', '@plaza/client/zod']) {
      const [module, script] = [Object.keys(await import(name)), Object.keys(require(name))]
      console.log(name, module.length > 5 && module.sort().join() === script.sort().join())
    }`
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { cwd: project.directory })
  assert.equal(stdout, '@plaza/client true\n@plaza/client/react-query true\n@plaza/client/zod true\n')
})

test('vite builds the project', async () => {
  const output = await bundle(project.directory)
  assert.ok(output.some((file) => file.type === 'chunk' && file.code.includes('/.well-known/openid-configuration')))
})

test('it is small', async (t) => {
  for (const [what, code, limit] of [
    ['everything', `export * from '@plaza/client'`, 12_000],
    ['connect and getUser, with errors and retries', `export { connect, getUser } from '@plaza/client'`, 6_500],
  ]) {
    const input = join(project.directory, 'measured.js')
    await writeFile(input, code)
    const rolldownOptions = { input, preserveEntrySignatures: 'strict' }
    const output = await bundle(project.directory, { modulePreload: false, rolldownOptions })
    assert.equal(output.length, 1)
    const size = gzipSync(output[0].code).length
    const figures = [size, limit].map((bytes) => bytes.toLocaleString('en'))
    t.diagnostic(`${figures.join(' of ')} bytes, minified and compressed: ${what}`)
    assert.ok(size <= limit, `${what} has ${size} bytes`)
    assert.equal(/createUser|code_verifier/.test(output[0].code), what === 'everything', 'only what is imported')
  }
})

test('source maps hold their sources', async () => {
  for (const format of ['esm', 'cjs']) {
    const path = join(project.directory, `node_modules/@plaza/client/dist/${format}/connect.js.map`)
    const { sourcesContent } = JSON.parse(await readFile(path, 'utf8'))
    assert.match(sourcesContent[0], /^export const connect = /m)
  }
})
