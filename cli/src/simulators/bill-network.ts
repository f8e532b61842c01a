import { join } from 'node:path'
import {
  clockKinds,
  credentialsFile,
  networkDefaults,
  startBillNetwork,
} from '@busbar/simulator/bill-network'
import type { Values } from '../arguments.ts'
import { UsageError } from '../cli-error.ts'
import type { Output } from '../command.ts'
import { faultRatesIn } from './fault-rates.ts'
import { untilStopped } from '../stop-signal.ts'

/** `busbar bill-network`: resolves when it was told to stop, and has. */
export async function runBillNetwork(values: Values, output: Output): Promise<void> {
  if (values.positionals.length > 0) throw new UsageError('bill-network takes no operand')
  const clock = clockKinds.find((kind) => kind === (values.text('clock') ?? 'real'))
  if (clock === undefined) throw new UsageError(`--clock takes ${clockKinds.join(' or ')}`)
  const name = values.text('name') ?? networkDefaults.name
  if (!/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$/.test(name)) {
    throw new UsageError('--name takes 1 to 100 of A-Z, a-z, 0-9 and ._:/-')
  }
  const directory = values.text('data-dir') ?? join('.busbar', 'bill-network')
  const network = await startBillNetwork({
    ...networkDefaults,
    directory,
    name,
    port: values.integer('port', 8_610, 0, 65_535),
    clock,
    lateMs: values.integer('late-ms', networkDefaults.lateMs, 0, 86_400_000),
    rates: faultRatesIn(values.text('misbehave')),
    seed: values.integer('seed', 1, 0, 2 ** 31 - 1),
  })
  const credentials = join(directory, credentialsFile)
  const event = { event: 'ready', url: network.url, name, credentials }
  const told = `a bill network and a bank at ${network.url}, with the secrets in ${credentials}`
  output.print(values.flag('json') ? JSON.stringify(event) : told)
  await untilStopped()
  await network.stop()
  process.stdin.pause()
}
