/**
 * forge on the contracts, with the Node that runs this: `node scripts/forge.ts test` and the like.
 * forge and the compiler come from npm; see scripts/solc.mjs for how the two meet.
 */
import { spawnSync } from 'node:child_process'
import { dirname, delimiter, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const repositoryRoot: string = resolve(dirname(fileURLToPath(import.meta.url)), '..')
export const contractsRoot: string = join(repositoryRoot, 'contracts')

const program = join(repositoryRoot, 'node_modules', '@foundry-rs', 'forge', 'bin.mjs')

export type ForgeResult = {
  /** 0 if it succeeded, -1 if forge itself could not be started (no binary for this platform). */
  readonly exitCode: number
  readonly output: string
}

/**
 * Runs one forge command in `contracts/` and waits for it.
 * @param environment added to the process's own, e.g. `FOUNDRY_PROFILE`
 */
export function forge(
  command: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): ForgeResult {
  const result = spawnSync(process.execPath, [program, ...command], {
    cwd: contractsRoot,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: {
      ...process.env,
      ...environment,
      // The compiler's wrapper starts with `#!/usr/bin/env node`: let it find this Node first.
      PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`,
      FOUNDRY_DISABLE_NIGHTLY_WARNING: '1',
    },
  })
  return { exitCode: result.status ?? -1, output: `${result.stdout ?? ''}${result.stderr ?? ''}` }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const command = process.argv.slice(2)
  const { exitCode, output } = forge(command.length === 0 ? ['test'] : command)
  process.stdout.write(output)
  process.exitCode = exitCode === -1 ? 1 : exitCode
}
