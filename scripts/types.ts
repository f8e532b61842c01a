import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { repositoryRoot, rooms } from './rooms.ts'

export type TypeCheck = { readonly config: string; readonly ok: boolean; readonly output: string }

/**
 * The type environments: a room's own, and where its tests need more than it may use, theirs. So
 * the core compiles without a word of Node while its tests may read files.
 */
export const typeConfigs: readonly string[] = rooms
  .flatMap((room) => [`${room}/tsconfig.json`, `${room}/tsconfig.test.json`])
  .filter((config) => existsSync(join(repositoryRoot, config)))

/**
 * One checker each, one environment for each core. Several checkers in one work out the types of
 * the packages once for each of them, and a short run that frees memory as it goes frees in vain.
 */
export async function checkTypes(): Promise<readonly TypeCheck[]> {
  const results: TypeCheck[] = []
  const waiting = [...typeConfigs.entries()].toReversed()
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      results[next[0]] = await checkConfig(next[1])
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, lane))
  return results
}

async function checkConfig(config: string): Promise<TypeCheck> {
  const compiler = join(repositoryRoot, 'node_modules', 'typescript', 'bin', 'tsc')
  const options = ['--noEmit', '--pretty', 'false', '--checkers', '1', '-p', config]
  const child = spawn(process.execPath, [compiler, ...options], {
    cwd: repositoryRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { GOGC: 'off', GOMEMLIMIT: '2GiB', ...process.env },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const [code] = await once(child, 'close')
  return { config, ok: code === 0, output }
}
