import type { RulebookDocument, WhatIfAnswer, WhatIfSums } from '@busbar/protocols/api'
import { exitCodes, UsageError } from '../cli-error.ts'
import { exactly, openDesk, say, type Desk, type Task } from '../desk/desk.ts'
import { table } from '../desk/table.ts'
import { intervalOf, startOf, timeText } from '../desk/times.ts'
import { contentsOf } from '../proofs/contents.ts'
import { energy, exactMoney, price } from '../text.ts'
import { zoneOf } from './offer-tasks.ts'

const lookMs = 1_000

/** What the past would have come to by a rulebook that nobody has signed yet. */
export const whatIf: Task = async (operands, values, output) => {
  const [file = ''] = exactly(operands, ['FILE'])
  const rulebook = rulebookIn(file, await contentsOf(file))
  const desk = await openDesk(values)
  const [from, until, zone] = ['from', 'until', 'zone'].map((name) => values.text(name))
  const asked = {
    rulebook,
    ...(from === undefined ? {} : { from: intervalOf(from, desk.market, '--from') }),
    ...(until === undefined ? {} : { to: intervalOf(until, desk.market, '--until') - 1 }),
    ...(zone === undefined ? {} : { zone: zoneOf(desk, zone, '--zone') }),
  }
  for (;;) {
    const answer = await desk.client.operator.whatIf(asked)
    if (answer.state === 'done') return say(values, output, answer, textOf(desk, answer))
    if (answer.failure !== null) {
      const { code, detail } = answer.failure
      output.note(`${code}: ${detail}`)
      return code === 'WHAT_IF_DIFFERS' ? exitCodes.difference : exitCodes.failed
    }
    output.progress(progressText(answer))
    await new Promise((resolve) => setTimeout(resolve, lookMs))
  }
}

function progressText({ state, progress }: WhatIfAnswer): string {
  const { day, days, replayed, entries } = progress
  if (state === 'waiting') return 'waits for the question before it'
  return day === 0 ? `replays entry ${replayed} of ${entries}` : `day ${day} of ${days}`
}

/** As it is: the exchange names what is wrong in it. @throws UsageError */
function rulebookIn(file: string, text: string): RulebookDocument {
  try {
    return JSON.parse(text) as RulebookDocument
  } catch {
    // Whatever it is, it is no rulebook.
    throw new UsageError(`${file} is not JSON`)
  }
}

function textOf(desk: Desk, answer: WhatIfAnswer): string {
  const { from, to, zones, days, accountCount, notReached, unheardFields } = answer
  const names = new Map(desk.market.zones.map(({ zone, name }) => [zone, name]))
  const zoneName = (zone: number): string => names.get(zone) ?? String(zone)
  const row = (one: WhatIfSums): readonly string[] => [
    String(one.intervals), energy(one.own.energyWh), energy(one.other.energyWh),
    priceText(one.own), priceText(one.other),
    exactMoney(one.own.feesMicros), exactMoney(one.other.feesMicros), exactMoney(one.movedMicros),
    String(one.refusedOrders),
  ]
  const head = [
    'intervals', 'traded', 'by these', 'mean price', 'by these', 'fees', 'by these',
    'money elsewhere', 'refused',
  ]
  const [first, last] = [startOf(desk.market, from), startOf(desk.market, to + 1)].map(timeText)
  const parts = [
    `${first} to ${last}, by ${answer.reproducedIntervals} intervals that came to what was ` +
      'posted when they were replayed by their own rules.',
    table(['day', 'zone', ...head], days.map((one) => [one.day, zoneName(one.zone), ...row(one)])),
    table(['zone', ...head], zones.map((one) => [zoneName(one.zone), ...row(one)])),
    ...(accountCount === 0 ? ['Nobody’s money would differ.'] : [whoseText(answer)]),
    ...notReached.map(({ zone, reason, intervals }) =>
      `Not in it: ${intervals} intervals of ${zoneName(zone)}, ${reason}.`),
    ...(unheardFields.length === 0
      ? []
      : [`These fields change none of the sums: ${unheardFields.join(', ')}.`]),
  ]
  return parts.join('\n\n')
}

/** Authorities are not told whose: that is for operators and auditors. */
function whoseText({ accounts, accountCount }: WhatIfAnswer): string {
  const rows = accounts.map(({ account, name, differenceMicros }) =>
    [`${name ?? 'the exchange'} (${account})`, exactMoney(differenceMicros)])
  const some = rows.length === 0 ? [] : [table(['account', 'would have'], rows)]
  const left = accountCount > rows.length
    ? [`The money of ${accountCount} accounts would differ; shown are ${rows.length}.`]
    : []
  return [...some, ...left].join('\n\n')
}

const priceText = ({ meanPriceMicrosPerKwh: mean }: WhatIfSums['own']): string =>
  mean === null ? '-' : price(mean)
