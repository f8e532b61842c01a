import { readFile, writeFile } from 'node:fs/promises'
import { type ShownEnergy, verifyTradedEnergy } from '@busbar/client'
import { bilateralZone } from '@busbar/core/exchange'
import type { Domain } from '@busbar/protocols/eip712'
import { hexToBytes, isHex } from '@busbar/protocols/hash'
import {
  equivocation,
  readTradedEnergy,
  type SignedStatements,
  tradedEnergyIntervalsMax,
} from '@busbar/protocols/traded-energy'
import type { TradedEnergy } from '@busbar/protocols/api'
import { readTradedRoots } from '@busbar/server/own-node/traded-roots'
import { exitCodes, UsageError } from '../cli-error.ts'
import { energy } from '../text.ts'
import { type Desk, exactly, openDesk, required, say, type Task } from '../desk/desk.ts'
import { number } from '../desk/quantities.ts'
import { table } from '../desk/table.ts'
import { startOf, timeText, windowOf } from '../desk/times.ts'

/**
 * What a meter traded, interval by interval, shown by the exchange and checked on this machine
 * against the chain at a node of one's own.
 */
export const traded: Task = async (operands, values, output) => {
  const [which] = exactly(operands, ['METER'])
  const meter = number(which, 'METER')
  const node = required(values, 'node', 'a node of the chain; nothing is believed without it')
  const known = values.text('secret')
  if (known !== undefined && !isHex(known, 32)) {
    throw new UsageError('--secret is 0x and 64 hex digits, as it was told before')
  }
  const desk = await openDesk(values)
  const { fromInterval, intervals: many } = windowOf(values, desk.market, {})
  if (many > tradedEnergyIntervalsMax) {
    throw new UsageError(`--intervals is ${many}; it takes at most ${tradedEnergyIntervalsMax}`)
  }
  const { contracts } = desk.market
  if (contracts === null) throw new UsageError('the market has no chain')
  const answer = await desk.client.trades.tradedEnergy(meter, { from: fromInterval, count: many })
  const { domain } = desk.signer
  const { operator, roots } = await readTradedRoots(
    node,
    {
      chainId: Number(domain.chainId),
      intervalLog: contracts.intervalLog,
      clearingHouse: domain.verifyingContract,
    },
    { fromInterval, count: many },
  )
  const secret = known ?? answer.secret
  const { intervals, signed } = verifyTradedEnergy(answer, roots, {
    ...{ zone: bilateralZone, meter, fromInterval, count: many, domain, operator },
    meterSecret: hexToBytes(secret, 32, 'secret'),
  })
  const out = values.text('out')
  if (out !== undefined) await writeFile(out, `${JSON.stringify(answer)}\n`)
  const against = values.text('against')
  const other = against === undefined ? undefined : await kept(against, domain, operator)
  const evidence = other === undefined ? undefined : equivocation(other, signed)
  const content = { meter, secret, operator, intervals: intervals.map(plain), evidence }
  const contradiction = evidence === undefined
    ? ''
    : `\n\nCONTRADICTION  the exchange has signed two things (${evidence.kind}) of interval ${
      evidence.interval}: with --json it is evidence against it`
  say(values, output, content, `${shown(desk, intervals)}
${secretWords(known, secret)}${contradiction}`)
  return evidence === undefined ? exitCodes.ok : exitCodes.difference
}

/** In numbers that JSON has; `null` where nothing is known yet. */
function plain(found: ShownEnergy): object {
  const { interval, kind } = found
  if (found.kind === 'traded') {
    return { interval, kind, soldWh: Number(found.soldWh), boughtWh: Number(found.boughtWh) }
  }
  const energyWh = kind === 'none' ? 0 : null
  return { interval, kind, soldWh: energyWh, boughtWh: energyWh }
}

const secretWords = (known: string | undefined, secret: string): string =>
  known === undefined
    ? `The meter's secret is the exchange's word this time. Keep it, and say it the next time:
  --secret ${secret}`
    : 'The exchange knows the meter by the same secret as before.'

function shown({ market }: Desk, intervals: readonly ShownEnergy[]): string {
  const lines = intervals.map((one) => [
    timeText(startOf(market, one.interval)),
    one.kind === 'traded' ? energy(Number(one.soldWh)) : '',
    one.kind === 'traded' ? energy(Number(one.boughtWh)) : '',
    { traded: 'proven', none: 'proven: nothing', unsettled: 'not settled yet' }[one.kind],
  ])
  const sum = (field: 'soldWh' | 'boughtWh'): number =>
    intervals.reduce((all, one) => all + (one.kind === 'traded' ? Number(one[field]) : 0), 0)
  const open = intervals.filter(({ kind }) => kind === 'unsettled').length
  const rest = open === 0 ? '' : ` ${open} intervals are not settled: ask again before you bill.`
  return `${table(['from', 'sold', 'bought', 'shown'], lines)}

${energy(sum('soldWh'))} sold and ${energy(sum('boughtWh'))} bought: leave that out of the bill.${
  rest}`
}

/** An answer that was written by --out, read again. @throws UsageError */
async function kept(file: string, domain: Domain, operator: string): Promise<SignedStatements> {
  let answer: TradedEnergy
  try {
    answer = JSON.parse(await readFile(file, 'utf8')) as TradedEnergy
  } catch (cause) {
    throw new UsageError(`--against: ${file} is no answer: it is not there, or not JSON`, { cause })
  }
  const { meter, fromInterval, proofs, secret } = Object(answer) as Partial<TradedEnergy>
  const isForm = Number.isSafeInteger(meter) && Number.isSafeInteger(fromInterval) &&
    Array.isArray(proofs) && typeof secret === 'string' && isHex(secret, 32)
  const question = {
    zone: bilateralZone,
    meter: Number(meter),
    fromInterval: Number(fromInterval),
    count: proofs?.length ?? 0,
  }
  const signed = isForm
    ? readTradedEnergy(domain, operator, question, hexToBytes(secret, 32, 'secret'), answer)
    : undefined
  if (signed === undefined) {
    throw new UsageError(`--against: ${file} is no answer that the exchange has signed`)
  }
  return signed
}
