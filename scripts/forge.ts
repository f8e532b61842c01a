/**
 * forge on the contracts, with the Node that runs this: `node scripts/forge.ts test` and the like.
 * forge and the compiler come from npm; see scripts/solc.mjs for how the two meet.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const repositoryRoot: string = resolve(dirname(fileURLToPath(import.meta.url)), '..')
export const contractsRoot: string = join(repositoryRoot, 'contracts')

export type ForgeResult = {
  /** 0 if it succeeded, -1 if forge could not be started. */
  readonly exitCode: number
  readonly output: string
}

/**
 * The forge of this platform, or undefined if npm has none. Not the launcher that npm puts on the
 * path: in version 1.7.1 it ends with exit code 0 whatever forge says.
 */
export function forgeBinary(): string | undefined {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch
  const name = `forge-${process.platform}-${architecture}`
  const file = process.platform === 'win32' ? 'forge.exe' : 'forge'
  const path = join(repositoryRoot, 'node_modules', '@foundry-rs', name, 'bin', file)
  return existsSync(path) ? path : undefined
}

/**
 * Runs one forge command in `contracts/` and waits for it.
 * @param environment added to the process's own, e.g. `FOUNDRY_PROFILE`
 */
export function forge(
  command: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): ForgeResult {
  const binary = forgeBinary()
  if (binary === undefined) return notInstalled()
  const options = { ...optionsOf(environment), encoding: 'utf8', maxBuffer: 1 << 28 } as const
  const result = spawnSync(binary, command, options)
  const failure = result.error === undefined ? '' : `${result.error.message}\n`
  return { exitCode: result.status ?? -1, output: `${result.stdout}${result.stderr}${failure}` }
}

/** The same beside other work, which it gives way to: it takes every core, and waits for nobody. */
export async function forgeBeside(command: readonly string[]): Promise<ForgeResult> {
  const binary = forgeBinary()
  if (binary === undefined) return notInstalled()
  const child = spawn(binary, command, { ...optionsOf({}), stdio: ['ignore', 'pipe', 'pipe'] })
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const [code] = await once(child, 'close')
  return { exitCode: (code as number | null) ?? -1, output }
}

function notInstalled(): ForgeResult {
  const platform = `${process.platform}-${process.arch}`
  return { exitCode: -1, output: `forge is not installed for ${platform}\n` }
}

const optionsOf = (environment: Readonly<Record<string, string>>) => ({
  cwd: contractsRoot,
  env: {
    ...process.env,
    ...environment,
    // The compiler's wrapper starts with `#!/usr/bin/env node`: let it find this Node first.
    PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`,
    FOUNDRY_DISABLE_NIGHTLY_WARNING: '1',
  },
})

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const command = process.argv.slice(2)
  const { exitCode, output } = forge(command.length === 0 ? ['test'] : command)
  process.stdout.write(output)
  process.exitCode = exitCode < 0 ? 1 : exitCode
}
