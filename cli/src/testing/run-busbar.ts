/** The command `busbar` as people run it: a process of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

export type Ran = { readonly code: number | null; readonly out: string; readonly err: string }

const program = fileURLToPath(new URL('../main.ts', import.meta.url))

/** Environment variables that would make a run depend on the machine are not passed on. */
const { BUSBAR_DATA: _data, DATABASE_URL: _database, CHAIN_URL: _chain, ...quiet } = process.env

export async function busbar(args: readonly string[], input = ''): Promise<Ran> {
  const child = spawn(process.execPath, [program, ...args], { env: quiet })
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const ended = once(child, 'exit')
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { code: code as number | null, out, err }
}
