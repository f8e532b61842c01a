import { join } from 'node:path'
import {
  clockKinds,
  credentialsFile,
  faultKinds,
  type FaultRates,
  providerDefaults,
  startPaymentProvider,
} from '@busbar/simulator/payments'
import type { Values } from './arguments.ts'
import { UsageError } from './cli-error.ts'
import type { Output } from './command.ts'

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
    rates: ratesFrom(values.text('misbehave')),
    seed: values.integer('seed', 1, 0, 2 ** 31 - 1),
    webhookUrl: values.text('webhook-url'),
  })
  const credentials = join(directory, credentialsFile)
  const event = { event: 'ready', url: provider.url, credentials }
  const told = `a payment provider at ${provider.url}, with the secrets in ${credentials}`
  output.print(values.flag('json') ? JSON.stringify(event) : told)
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
    if (process.env.BUSBAR_STOP_WITH_STDIN === '1') {
      process.stdin.resume().once('end', () => resolve())
    }
  })
  await provider.stop()
  process.stdin.pause()
}

function ratesFrom(text: string | undefined): FaultRates {
  if (text === undefined || text === '') return {}
  const rates = text.split(',').map((part) => {
    const [name = '', value = ''] = part.split('=')
    const kind = faultKinds.find((known) => known === name)
    const isRate = /^(?:0|1|0?\.[0-9]{1,6}|1\.0+)$/.test(value)
    if (kind === undefined || !isRate) {
      throw new UsageError(
        `--misbehave has ${part}; it takes ${faultKinds.join(', ')}, each =0 to =1`,
      )
    }
    return [kind, Number(value)] as const
  })
  return Object.fromEntries(rates)
}
