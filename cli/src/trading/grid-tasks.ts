import { pagesOf } from '@busbar/client'
import { WattHours } from '@busbar/core/units'
import type { ScheduledFlow } from '@busbar/protocols/api'
import { energy, price } from '../text.ts'
import { exactly, openDesk, required, say, type Task } from '../desk/desk.ts'
import { micros, number, wattHours } from '../desk/quantities.ts'
import { table } from '../desk/table.ts'
import { intervalOf, startOf, timeText, windowOf, windowText } from '../desk/times.ts'

/* What a distribution utility does about trades over its wires. */

export const schedule: Task = async (operands, values, output) => {
  exactly(operands, [])
  const desk = await openDesk(values)
  const own = desk.me.account
  const at = values.text('from')
  const from = at === undefined ? undefined : intervalOf(at, desk.market, '--from')
  const flows: ScheduledFlow[] = []
  for await (const page of pagesOf((each) => desk.client.trades.schedule(own, each), from)) {
    flows.push(...page.flows)
  }
  const nameOf = (zone: number): string =>
    desk.market.zones.find((one) => one.zone === zone)?.name ?? String(zone)
  const lines = flows.map((one) => [
    timeText(startOf(desk.market, one.interval)), nameOf(one.zone), energy(one.injectedWh),
    energy(one.withdrawnWh), String(one.trades), String(one.limited),
  ])
  const head = ['from', 'zone', 'put in', 'taken out', 'trades', 'limited']
  const text = flows.length === 0
    ? 'No trade will use your wires, as far as is agreed.'
    : `${table(head, lines)}

Each trade by itself: busbar trade list --as ${desk.me.name}
To let less through, before the gate:
  busbar utility limit TRADE --as ${desk.me.name} --from TIME --intervals N --energy 200Wh \\
    --reason "…"`
  return say(values, output, { utility: own, flows }, text)
}

export const limit: Task = async (operands, values, output) => {
  const [which] = exactly(operands, ['TRADE'])
  const trade = number(which, 'TRADE')
  const energyWh = wattHours(required(values, 'energy', 'of each interval, or 0Wh'), '--energy')
  const reason = required(values, 'reason', 'for both sides to read')
  const desk = await openDesk(values)
  const window = windowOf(values, desk.market, {})
  await desk.instruct('limit_delivery', { trade, ...window, energyWh, reason })
  const most = energyWh === 0 ? 'nothing' : `at most ${energy(energyWh)}`
  const text = `Trade ${trade} delivers ${most} in each interval: ${
    windowText(desk.market, window)}.
It is settled at that, without a penalty. To lift it:
  busbar utility lift ${trade} --as ${desk.me.name} --from TIME --intervals N`
  return say(values, output, { trade, ...window, energyWh, reason }, text)
}

/** More than any contract has: one's own word takes the place of the one before. */
export const lift: Task = async (operands, values, output) => {
  const [which] = exactly(operands, ['TRADE'])
  const trade = number(which, 'TRADE')
  const desk = await openDesk(values)
  const window = windowOf(values, desk.market, {})
  const reason = values.text('reason') ?? 'lifted'
  const content = { trade, ...window, energyWh: Number(WattHours.max), reason }
  await desk.instruct('limit_delivery', content)
  const text = `Your limit on trade ${trade} is lifted: ${windowText(desk.market, window)}.`
  return say(values, output, { trade, ...window, lifted: true, reason }, text)
}

export const wheeling: Task = async (operands, values, output) => {
  const [rate = ''] = exactly(operands, ['RATE'])
  const microsPerKwh = micros(rate, 'RATE')
  const desk = await openDesk(values)
  const at = required(values, 'from', 'the interval from which it holds')
  const fromInterval = intervalOf(at, desk.market, '--from')
  await desk.instruct('set_wheeling', { fromInterval, microsPerKwh })
  const text = `From ${timeText(startOf(desk.market, fromInterval))} each side pays ${
    price(microsPerKwh)} on its bill for what trades deliver over your wires.`
  return say(values, output, { fromInterval, microsPerKwh }, text)
}
