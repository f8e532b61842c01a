import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
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

/** Checks one after the other: the compiler uses all cores by itself. */
export async function checkTypes(): Promise<readonly TypeCheck[]> {
  const results: TypeCheck[] = []
  for (const config of typeConfigs) results.push(await checkConfig(config))
  return results
}

async function checkConfig(config: string): Promise<TypeCheck> {
  const compiler = join(repositoryRoot, 'node_modules', 'typescript', 'bin', 'tsc')
  const child = spawn(process.execPath, [compiler, '--noEmit', '--pretty', 'false', '-p', config], {
    cwd: repositoryRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
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
