import { GatewaySigner, pagesOf, withPrivateKey } from '@busbar/client'
import { batchLimits, type Declaration } from '@busbar/protocols/api'
import { signDigest, signDigestP256 } from '@busbar/protocols/eip712'
import { exitCodes, UsageError } from '../cli-error.ts'
import { keyIn } from '../desk/keys.ts'
import { contentsOf } from '../proofs/contents.ts'
import { count, energy, exactMoney, rows } from '../text.ts'
import { clientFor, exactly, openDesk, required, say, type Task } from '../desk/desk.ts'
import { defaultsOf, defaultsText, hashOfFile } from './payment-tasks.ts'
import { micros, number, oneOf } from '../desk/quantities.ts'
import { parseReadings } from './readings-file.ts'
import { table } from '../desk/table.ts'
import { intervalOf, startOf, timeText } from '../desk/times.ts'

/** A positive amount of money. @throws UsageError */
function amountOf(text: string | undefined): number {
  if (text === undefined) throw new UsageError('AMOUNT is missing')
  const amount = micros(text, 'AMOUNT')
  if (amount > 0) return amount
  throw new UsageError(`AMOUNT is ${text}; it takes more than 0`)
}

export const declarations: Task = async (operands, values, output) => {
  exactly(operands, [])
  const desk = await openDesk(values)
  const own = desk.me.account
  const [at, end] = (['from', 'until'] as const).map((name) => {
    const text = values.text(name)
    return text === undefined ? undefined : intervalOf(text, desk.market, `--${name}`)
  })
  const found: Declaration[] = []
  for await (const page of pagesOf((each) => desk.client.trades.declarations(own, each), at)) {
    found.push(...page.declarations.filter(({ interval }) => end === undefined || interval < end))
    if (end !== undefined && (page.nextFrom ?? end) >= end) break
  }
  const lines = await Promise.all(found.map(async (one) => [
    timeText(startOf(desk.market, one.interval)), String(one.meter),
    await desk.people.label(one.account), energy(one.soldWh), energy(one.boughtWh),
    energy(one.exportedWh), energy(one.importedWh), energy(one.auctionSoldWh),
    energy(one.auctionBoughtWh),
    one.wheelingMicrosPerKwh === null ? '' : exactMoney(one.wheelingMicrosPerKwh),
    `${one.runKind}${one.isEstimated ? ', estimated' : ''}`,
  ]))
  const head = [
    'from', 'meter', 'customer', 'sold', 'bought', 'exported', 'imported', 'auction sold',
    'auction bought', 'wheeling', 'run',
  ]
  const text = found.length === 0
    ? 'Your customers have traded nothing by contract that is settled.'
    : `${table(head, lines)}

Sold and bought energy is not yours to bill: it was traded. To have it proven for one meter:
  busbar retailer traded METER --as ${desk.me.name} --from TIME --intervals N --node URL`
  return say(values, output, { retailer: own, declarations: found }, text)
}

export const requests: Task = async (operands, values, output) => {
  exactly(operands, [])
  const desk = await openDesk(values)
  const asked = await desk.client.trades.meterDataRequests(desk.me.account)
  const at = (boundary: number): string => timeText(startOf(desk.market, boundary))
  const lines = asked.map((one) => [
    String(one.meter), String(one.gateway), count(one.missing.length), at(one.fromBoundary),
    at(one.throughBoundary), timeText(one.dueAtMs),
  ])
  const head = ['meter', 'gateway', 'missing', 'first', 'last', 'due']
  const text = asked.length === 0
    ? 'The exchange waits for no reading of yours.'
    : `${table(head, lines)}

What is missing when it is due is estimated. To send readings:
  busbar retailer send-readings FILE --gateway N --gateway-key FILE`
  return say(values, output, { retailer: desk.me.account, requests: asked }, text)
}

const curves = { p256: signDigestP256, secp256k1: signDigest } as const

/** Signed by the gateway's own key: no participant's is needed. */
export const sendReadings: Task = async (operands, values, output) => {
  const [file = ''] = exactly(operands, ['FILE'])
  const gateway = number(required(values, 'gateway', 'its number'), '--gateway')
  const names = Object.keys(curves) as (keyof typeof curves)[]
  const curve = oneOf(values.text('curve') ?? 'p256', names, '--curve')
  const key = await keyIn(required(values, 'gateway-key', 'the file with its private key'))
  const client = clientFor(values)
  const readings = parseReadings(await contentsOf(file), await client.market())
  const sign = withPrivateKey(key, curves[curve])
  const signer = new GatewaySigner({ domain: await client.domain(), gateway, sign })
  const batches = []
  for (let at = 0; at < readings.length; at += batchLimits.readings) {
    batches.push(await signer.readings(readings.slice(at, at + batchLimits.readings)))
  }
  const results = await client.submitReadings(batches)
  const outcomes: Record<string, number> = {}
  for (const result of results) {
    if (result.kind === 'rejected') {
      const { code, field = '', limit = '' } = result
      throw new UsageError(`the gateway's batch was refused: ${code} ${field} ${limit}`.trim())
    }
    for (const outcome of result.outcomes) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  }
  const good = (outcomes.counted ?? 0) + (outcomes.duplicate ?? 0)
  const shown = Object.entries(outcomes).map(([name, many]) => [name, count(many)] as const)
  const text = `${count(readings.length)} readings were sent and signed by gateway ${gateway}:
${rows(shown)}`
  say(values, output, { gateway, readings: readings.length, outcomes }, text)
  return good === readings.length ? exitCodes.ok : exitCodes.difference
}

export const topUp: Task = async (operands, values, output) => {
  const [who = '', amount] = exactly(operands, ['WHO', 'AMOUNT'])
  const amountMicros = amountOf(amount)
  const reference = required(values, 'reference', 'yours, once for each top-up')
  const desk = await openDesk(values)
  const customer = await desk.people.find(who, 'WHO')
  const content = { account: customer.account, amountMicros, reference }
  const result = await desk.instruct('top_up_prepaid', content)
  const balanceMicros = result.kind === 'prepaid_topped_up' ? result.balanceMicros : 0
  const text = `${customer.name} has ${exactMoney(balanceMicros)} prepaid with you.`
  return say(values, output, { ...content, balanceMicros }, text)
}

export const defaults: Task = async (operands, values, output) => {
  exactly(operands, [])
  const desk = await openDesk(values)
  const found = await defaultsOf(desk)
  const text = `${await defaultsText(desk, found)}${found.length === 0 ? '' : `

What you have done about a step:
  busbar retailer record-step DEFAULT STEP --evidence FILE --as ${desk.me.name}
What your customer has paid you:
  busbar retailer recovery DEFAULT AMOUNT --reference R --as ${desk.me.name}`}`
  return say(values, output, { account: desk.me.account, defaults: found }, text)
}

const steps = ['warning', 'fine', 'suspension', 'disconnection_notice'] as const

export const recordStep: Task = async (operands, values, output) => {
  const [which, name = ''] = exactly(operands, ['DEFAULT', 'STEP'])
  const step = oneOf(name, steps, 'STEP')
  const evidence = await hashOfFile(values.text('evidence'), '--evidence')
  const desk = await openDesk(values)
  const content = { default: number(which, 'DEFAULT'), step, evidence }
  const result = await desk.instruct('record_enforcement', content)
  const status = result.kind === 'default_changed' ? result.status : ''
  const text = `Default ${content.default}: ${step} is shown by ${evidence}.`
  return say(values, output, { ...content, status }, text)
}

export const recovery: Task = async (operands, values, output) => {
  const [which, amount] = exactly(operands, ['DEFAULT', 'AMOUNT'])
  const amountMicros = amountOf(amount)
  const reference = required(values, 'reference', 'yours, once for each recovery')
  const desk = await openDesk(values)
  const content = { default: number(which, 'DEFAULT'), amountMicros, reference }
  const result = await desk.instruct('record_recovery', content)
  const status = result.kind === 'default_changed' ? result.status : ''
  const text = `Default ${content.default} is ${status}: ${exactMoney(amountMicros)} recovered.`
  return say(values, output, { ...content, status }, text)
}
