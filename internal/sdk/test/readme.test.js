// The code in the package's README compiles as it stands there.
import assert from 'node:assert/strict'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { compile, install } from './project.js'

test('the README compiles', async (t) => {
  const source = fileURLToPath(new URL('project/', import.meta.url))
  const { directory, remove } = await install(source, ['@tanstack/react-query', '@types/react', 'react', 'zod'])
  t.after(remove)
  await rm(join(directory, 'src'), { recursive: true })

  const readme = await readFile(join(directory, 'node_modules/@plaza/client/README.md'), 'utf8')
  const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code)
  assert.ok(blocks.length > 5)
  for (const [i, code] of blocks.entries()) {
    // The first one makes what the others use, unless they make their own.
    const before = i > 0 && !code.includes('const plaza') ? `import { plaza } from './0.js'\n` : ''
    await writeFile(join(directory, `${i}.ts`), before + code)
  }
  const config = {
    extends: './tsconfig.json', compilerOptions: { noUnusedLocals: false }, include: ['*.ts'],
  }
  await writeFile(join(directory, 'tsconfig.readme.json'), JSON.stringify(config))
  assert.equal(await compile(directory, 'tsconfig.readme.json'), '')
})
