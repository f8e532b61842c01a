/**
 * One member as a program of its own: `node committee/src/main.ts CONFIG`. `busbar committee run`
 * does the same with more words.
 */
import { Fault } from '@busbar/core/errors'
import { passphraseFrom, readConfig } from './config.ts'
import { startMember } from './member.ts'

const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)

try {
  const config = readConfig(process.argv[2] ?? 'member.json')
  const member = await startMember(config, {
    passphrase: passphraseFrom(process.env),
    clockToken: process.env.BUSBAR_COMMITTEE_CLOCK_TOKEN,
  })
  const { name, url, clock } = member
  const warning = clock === 'market' ? { warning: 'market clock: development, not secure' } : {}
  say({ event: 'ready', name, url, clock, ...warning })
  const stop = (): void => {
    void member.stop().then(() => process.exit(0))
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  if (process.env.BUSBAR_STOP_WITH_STDIN === '1') process.stdin.resume().once('end', stop)
} catch (error) {
  const code = error instanceof Fault ? error.code : 'FAILED'
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`${JSON.stringify({ event: 'failed', code, message })}\n`)
  process.exitCode = error instanceof Fault ? 2 : 3
}
