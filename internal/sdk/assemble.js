// Assembles the npm package's sources, but for what internal/sdk/generate writes beside them:
//
//	node assemble.js CONTRACT DIRECTORY
import { createClient } from '@hey-api/openapi-ts'
import { createHash } from 'node:crypto'
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [contract, directory] = process.argv.slice(2)
const written = fileURLToPath(new URL('typescript/', import.meta.url))
const sources = join(directory, 'src')
const hash = createHash('sha256').update(await readFile(contract)).digest('hex')
const header = '// Written by make generate from openapi.yaml; do not edit.'
const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']
let version

await mkdir(sources, { recursive: true })
// First, as it empties its directory.
await createClient({
  input: contract,
  output: { path: sources, header: [header], entryFile: false },
  logs: { level: 'silent', file: false },
  parser: {
    // Pages and docs answer people, not programs.
    filters: { tags: { exclude: ['pages', 'docs'] } },
    patch: { input: say, operations: (_method, _path, operation) => dropErrors(operation.responses) },
  },
  plugins: [
    { name: '@hey-api/typescript', definitions: { case: 'preserve' } },
    { name: 'zod', requests: false, responses: false, definitions: { case: 'preserve', name: 'z{{name}}' } },
  ],
})
const types = join(sources, 'types.gen.ts')
await writeFile(types, explain(await readFile(types, 'utf8'))
  // A property that may be absent may be undefined as well: JSON knows no difference, and validators and forms make none.
  .replace(/^( +'?[\w-]+'?\?: (?!never).*);$/gm, '$1 | undefined;'))
await cp(written, sources, { recursive: true })
await rename(join(sources, 'README.md'), join(directory, 'README.md'))
await rm(join(sources, 'package.json'))
const description = JSON.parse(await readFile(join(written, 'package.json'), 'utf8'))
await writeFile(join(directory, 'package.json'),
  `${JSON.stringify({ ...description, version, contract: `sha256:${hash}` }, null, 2)}\n`)

/** Says in the generators' words what the contract says in others. */
function say(document) {
  version = document.info.version
  delete document.components.headers
  for (const item of Object.values(document.paths)) {
    for (const method of methods) if (item[method]) share(item.parameters, item[method], document)
  }
  walk(document)
}

/** States the parameters of a path with the operation, for which schemas are kept. */
function share(parameters, operation, document) {
  const called = (parameter) => {
    const { in: place, name } = parameter.$ref
      ? document.components.parameters[parameter.$ref.split('/').at(-1)]
      : parameter
    return `${place} ${name}`
  }
  const own = (operation.parameters ?? []).map(called)
  const others = (parameters ?? []).filter((parameter) => !own.includes(called(parameter)))
  if (others.length > 0) operation.parameters = [...others, ...(operation.parameters ?? [])]
}

function walk(node) {
  if (node === null || typeof node !== 'object') return
  for (const child of Object.values(node)) walk(child)
  if (typeof node.description === 'string') delete node.headers // of responses; the runtime reads them
  if (node.format === 'int64') delete node.format // at most 2^53 - 1, which a number holds
  if (node['x-validate-items']) node.items = { $ref: `#/components/schemas/${node['x-validate-items']}` }
  if (node.type && 'example' in node) {
    node.description = `${node.description ?? ''}\n\n@example ${JSON.stringify(node.example)}`
  }
}

/** Says beside a property what is said of its type: where that is a string or a number, editors show nothing of it. */
function explain(source) {
  const comments = source.matchAll(/^\/\*\*\n((?: \*.*\n)+)export type (\w+) = /gm)
  const said = new Map([...comments].map(([, text, type]) => [type, text]))
  return source.replace(/(?<! \*\/\n)^( +)\w+\??: (\w+);$/gm, (property, indent, type) =>
    said.has(type) ? `${indent}/**\n${said.get(type).replaceAll(/^/gm, indent).trimEnd()}\n${property}` : property)
}

/** Keeps the first error: those of an operation are all of one type. */
function dropErrors(responses) {
  const [, ...others] = Object.keys(responses).filter((status) => status >= '400')
  for (const status of ['304', ...others]) delete responses[status]
}
