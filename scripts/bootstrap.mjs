#!/usr/bin/env node
/**
 * Runs a TypeScript program of this repository on any Node from 20 on: installs the locked
 * dependencies when the lock changed, then hands over to Node 24, which strips types by itself.
 *
 * Plain JavaScript without dependencies, because it runs before there are any.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const [program, ...args] = process.argv.slice(2)
if (program === undefined) throw new Error('usage: bootstrap.mjs PROGRAM [ARGUMENT ...]')

// What Node made of a file once, its types stripped, it need not make again for each process.
const compileCache = join(root, 'node_modules', '.cache', 'busbar-compiled')

installWhenTheLockChanged()
// A larger young generation: what lives for one interval is not copied twice. Children inherit it.
const child = spawn(node24(), ['--max-semi-space-size=64', join(root, program), ...args], {
  stdio: 'inherit',
  env: { NODE_COMPILE_CACHE: compileCache, ...process.env },
})
// The terminal sends Ctrl-C to the whole group; the child decides when to end, and how.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => signal !== 'SIGINT' && child.kill(signal))
}
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))

function installWhenTheLockChanged() {
  const stamp = join(root, 'node_modules', '.busbar-lock')
  const lockFile = readFileSync(join(root, 'package-lock.json'))
  const lock = createHash('sha256').update(lockFile).digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  console.error('Installing dependencies (npm ci) …')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const result = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (result.status !== 0) {
    console.error('npm ci failed; nothing was started.')
    process.exit(result.status ?? 1)
  }
  writeFileSync(stamp, lock)
}

/** This Node if it is new enough, else the one that npm brought for this platform. */
function node24() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node'
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const folder = join(root, 'node_modules', [prefix, platform, process.arch].join('-'))
  const binary = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(binary)) return binary
  console.error(
    `Busbar runs on Node 24; this is ${process.version}, and npm has no Node 24 for ` +
      `${process.platform}-${process.arch}. Install Node 24 and try again.`,
  )
  process.exit(1)
}
