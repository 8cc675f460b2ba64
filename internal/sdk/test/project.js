// A project of somebody who uses the packed SDK.
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'vite'

const run = promisify(execFile)
const modules = fileURLToPath(new URL('../node_modules/', import.meta.url))
export const tarball = fileURLToPath(new URL('../../../.build/sdk/plaza-client.tgz', import.meta.url))

/** Installs the SDK, and beside it `peers` of those that are pinned here, into a copy of a directory. */
export async function install(source, peers = []) {
  const directory = await mkdtemp(join(tmpdir(), 'plaza-project-'))
  await cp(source, directory, { recursive: true })
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--no-save', tarball], { cwd: directory })
  for (const peer of peers) {
    const link = join(directory, 'node_modules', peer)
    await mkdir(dirname(link), { recursive: true })
    await symlink(join(modules, peer), link)
  }
  return { directory, remove: () => rm(directory, { recursive: true }) }
}

/** Compiles a project with one of the TypeScripts that are pinned here, and returns what that prints: errors. */
export async function compile(directory, config = 'tsconfig.json', typescript = 'typescript-7') {
  return run(process.execPath, [join(modules, typescript, 'bin/tsc'), '-p', config], { cwd: directory })
    .then(() => '', (error) => error.stdout || error.stack)
}

/** Makes of a project what `vite build` makes, but in memory: its chunks and assets. */
export async function bundle(root, options) {
  const { output } = await build({ root, configFile: false, logLevel: 'warn', build: { write: false, ...options } })
  return output
}
