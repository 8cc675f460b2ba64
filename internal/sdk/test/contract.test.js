// A change of the contract that breaks callers is seen by their compiler, once the SDK is made anew.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { compile } from './project.js'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../../', import.meta.url))
const example = join(root, 'internal/sdk/example')
const contract = await readFile(join(root, 'openapi.yaml'), 'utf8')

/** Makes the SDK of a contract, and returns what the compiler says of the example with it: nothing where it is right. */
async function compileExample(t, source) {
  const directory = await mkdtemp(join(tmpdir(), 'plaza-contract-'))
  t.after(() => rm(directory, { recursive: true }))
  const file = join(directory, 'openapi.yaml')
  await writeFile(file, source)
  await run(process.execPath, [join(root, 'internal/sdk/assemble.js'), file, join(directory, 'typescript')])
  await run('go', ['run', './internal/sdk/generate', file, directory], { cwd: root })
  await symlink(join(example, 'node_modules'), join(directory, 'node_modules'))
  await writeFile(join(directory, 'tsconfig.json'), JSON.stringify({
    extends: join(example, 'tsconfig.json'),
    compilerOptions: {
      paths: {
        '@plaza/client': ['./typescript/src/index.ts'],
        '@plaza/client/react-query': ['./typescript/src/react-query.gen.ts'],
      },
    },
    include: [join(example, 'src')],
  }))
  return compile(directory)
}

test('the example is right for the contract as it is', async (t) => {
  assert.equal(await compileExample(t, contract), '')
})

for (const [what, before, after, complaint] of [
  ['a property of another name', /\bage: (?=\{\$ref|\d)/g, 'years: ', /'age' does not exist/],
  ['a parameter that is gone', '        - name: q\n', '        - name: search\n', /'q' does not exist/],
  ['an operation that is gone', 'operationId: updateUser\n', 'operationId: changeUser\n', /no exported member named 'updateUserMutation'/],
]) {
  test(`${what} does not compile`, async (t) => {
    const changed = contract.replace(before, after)
    assert.notEqual(changed, contract)
    assert.match(await compileExample(t, changed), complaint)
  })
}
