/**
 * The payment provider as a program of its own: `node simulator/src/payments/main.ts OPTIONS`, with
 * the options as JSON. `busbar provider-simulator` does the same with more words.
 */
import { providerDefaults } from './local-provider.ts'
import { type ProviderOptions, startPaymentProvider } from './provider.ts'

const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)

try {
  const given = JSON.parse(process.argv[2] ?? '{}') as Partial<ProviderOptions>
  const provider = await startPaymentProvider({ ...providerDefaults, ...given })
  say({ event: 'ready', url: provider.url })
  const stop = (): void => {
    void provider.stop().then(() => process.exit(0))
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  if (process.env.BUSBAR_STOP_WITH_STDIN === '1') process.stdin.resume().once('end', stop)
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`${JSON.stringify({ event: 'failed', message })}\n`)
  process.exitCode = 3
}
