import { exitCodes, UsageError } from '../cli-error.ts'
import type { Command } from '../command.ts'

const unitsMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 }

/** A year of a market's time: more is done in more than one step. */
const stepMsMax = 366 * 86_400_000

export const clock: Command = {
  name: 'clock',
  operands: '[TIME]',
  summary: 'say a market’s time, or move a clock that stands',
  help: `Says what time it is in a market. With TIME it moves a manual clock there, as in a sandbox:
for development, never for money. All that falls due on the way is done when it answers.

  busbar clock
  busbar clock +15m                   seconds, minutes or hours: 30s, 15m, 2h
  busbar clock 2026-06-01T14:00Z`,
  options: {
    server: { type: 'string', value: 'URL', means: 'the exchange (default http://127.0.0.1:8420)' },
  },
  async run(values, output) {
    const [text, ...others] = values.positionals
    if (others.length > 0) throw new UsageError('clock takes one TIME')
    const { clientFor } = await import('../desk/desk.ts')
    const { momentOf, startOf, timeText } = await import('../desk/times.ts')
    const client = clientFor(values)
    const before = await client.market()
    const [, count = '', unit = ''] = /^\+(\d{1,9})([smh])$/.exec(text ?? '') ?? []
    if (text !== undefined) {
      const step = Number(count) * (unitsMs[unit] ?? Number.NaN)
      const to = unit === '' ? momentOf(text, 'TIME') : before.clock.nowMs + step
      const isFar = to - before.clock.nowMs > stepMsMax
      if (isFar) throw new UsageError('TIME is more than a year ahead')
      await client.setClock(to)
    }
    const market = text === undefined ? before : await client.market()
    const { nowMs, mode } = market.clock
    const { interval, atMs } = market.interval.nextGate
    if (values.flag('json')) {
      const next = { next_gate_interval: interval, next_gate_ms: atMs }
      output.print(JSON.stringify({ mode, now_ms: nowMs, ...next }))
      return exitCodes.ok
    }
    output.print(`It is ${timeText(nowMs)} by a ${mode} clock. The next gate is that of ${
      timeText(startOf(market, interval))}, at ${timeText(atMs)}.`)
    return exitCodes.ok
  },
}
