import { join } from 'node:path'
import {
  clockKinds,
  credentialsFile,
  providerDefaults,
  startPaymentProvider,
} from '@busbar/simulator/payments'
import type { Values } from '../arguments.ts'
import { UsageError } from '../cli-error.ts'
import type { Output } from '../command.ts'
import { faultRatesIn } from './fault-rates.ts'
import { untilStopped } from '../stop-signal.ts'

/** `busbar provider-simulator`: resolves when it was told to stop, and has. */
export async function runProviderSimulator(values: Values, output: Output): Promise<void> {
  if (values.positionals.length > 0) throw new UsageError('provider-simulator takes no operand')
  const clock = clockKinds.find((kind) => kind === (values.text('clock') ?? 'real'))
  if (clock === undefined) throw new UsageError(`--clock takes ${clockKinds.join(' or ')}`)
  const directory = values.text('data-dir') ?? join('.busbar', 'payment-provider')
  const dayMs = 86_400_000
  const holdMaxSeconds = values.integer('hold-max-seconds', 604_800, 1, 366 * 86_400)
  const provider = await startPaymentProvider({
    ...providerDefaults,
    directory,
    port: values.integer('port', 8_600, 0, 65_535),
    clock,
    holdMaxMs: holdMaxSeconds * 1_000,
    decideAfterMs: values.integer('decide-after-ms', 0, 0, dayMs),
    lateMs: values.integer('late-ms', 2_000, 0, dayMs),
    rates: faultRatesIn(values.text('misbehave')),
    seed: values.integer('seed', 1, 0, 2 ** 31 - 1),
    webhookUrl: values.text('webhook-url'),
  })
  const credentials = join(directory, credentialsFile)
  const event = { event: 'ready', url: provider.url, credentials }
  const told = `a payment provider at ${provider.url}, with the secrets in ${credentials}`
  output.print(values.flag('json') ? JSON.stringify(event) : told)
  await untilStopped()
  await provider.stop()
  process.stdin.pause()
}
