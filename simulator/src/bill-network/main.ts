/**
 * Bill network and bank as a program of their own: `node main.ts OPTIONS` in this folder, with the
 * options as JSON. `busbar bill-network` does the same with more words.
 */
import { networkDefaults } from './local-network.ts'
import { type NetworkOptions, startBillNetwork } from './network.ts'

const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)

try {
  const given = JSON.parse(process.argv[2] ?? '{}') as Partial<NetworkOptions>
  const network = await startBillNetwork({ ...networkDefaults, ...given })
  say({ event: 'ready', url: network.url })
  const stop = (): void => {
    void network.stop().then(() => process.exit(0))
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  if (process.env.BUSBAR_STOP_WITH_STDIN === '1') process.stdin.resume().once('end', stop)
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`${JSON.stringify({ event: 'failed', message })}\n`)
  process.exitCode = 3
}
