import { pagesOf } from '@busbar/client'
import {
  batchForms, type MeterItem, meterFlows, type MeterQuery, meterStandings,
} from '@busbar/protocols/api'
import type { Options, Values } from '../arguments.ts'
import { type Desk, exactly, openDesk, say, type Task } from '../desk/desk.ts'
import { zoneOf } from './offer-tasks.ts'
import { number, oneOf } from '../desk/quantities.ts'
import { table } from '../desk/table.ts'
import { intervalOf, startOf, timeText } from '../desk/times.ts'

/* Who is measured by what, as far as it concerns who asks. */

/** What meters are chosen by. */
export const meterOptions = {
  name: { type: 'string', value: 'PART', means: 'of meters: whose name has it' },
  owner: { type: 'string', value: 'WHO', means: 'of meters: whose they are' },
  supplier: { type: 'string', value: 'WHO', means: 'of meters: supplied by this retailer' },
  wires: { type: 'string', value: 'WHO', means: 'of meters: on the wires of this utility' },
  zone: { type: 'string', value: 'ZONE', means: 'of meters: by name or number' },
  kind: { type: 'string', value: 'K', means: 'of meters: physical or virtual' },
  flows: { type: 'string', value: 'F', means: 'of meters: import, export or both' },
  standing: { type: 'string', value: 'S', means: 'of meters: awaited, in_force or replaced' },
  gateway: { type: 'string', value: 'N', means: 'by the number of a gateway' },
  'by-key': { type: 'string', value: '0x…', means: 'of meters: by the public key of a gateway' },
  form: { type: 'string', value: 'F', means: 'of meters: the form of their signed batches' },
  since: { type: 'string', value: 'TIME', means: 'of meters: that count from then on, or later' },
  silent: { type: 'string', value: 'N', means: 'of meters: not read for so many intervals' },
  estimated: { type: 'string', value: 'P', means: 'of meters: at least so much per cent of them' },
} as const satisfies Options

export const meters: Task = async (operands, values, output) => {
  exactly(operands, [])
  const desk = await openDesk(values)
  const asked = await queryOf(desk, values)
  const found: MeterItem[] = []
  const read = (from: object) => desk.client.meters({ ...asked, limit: 500, ...from })
  for await (const page of pagesOf(read)) {
    found.push(...page.meters)
  }
  const head = [
    'meter', 'name', 'owner', 'zone', 'kind', 'gateway', 'signs', 'last read', 'ago',
    'estimated', 'stands',
  ]
  const rows = found.map((one) => [
    String(one.meter), one.name, `${one.owner} (${one.account})`, zoneName(desk, one.zone),
    one.kind === 'virtual' ? 'virtual' : (one.flows ?? 'nothing'),
    one.gateway === null ? '' : `${one.gateway.name} (${one.gateway.gateway})`,
    one.gateway === null ? '' : one.gateway.form.replace('signed-batch/', ''),
    one.lastReading === null ? '' : timeText(one.lastReading.atMs),
    one.lastReading === null ? '' : String(one.lastReading.ageIntervals),
    estimatedText(one), one.standing,
  ])
  const text = found.length === 0
    ? 'No meter is found that concerns you.'
    : `${table(head, rows)}

Estimated: of the intervals that are due and can still be corrected; ago: in intervals.`
  return say(values, output, { meters: found }, text)
}

const zoneName = ({ market }: Desk, number: number): string =>
  market.zones.find(({ zone }) => zone === number)?.name ?? String(number)

function estimatedText({ window }: MeterItem): string {
  if (window === null || window.intervals === 0) return ''
  const estimated = window.interpolated + window.repeated + window.absent
  return `${estimated} of ${window.intervals}`
}

async function queryOf(desk: Desk, values: Values): Promise<MeterQuery> {
  const given = <Value>(
    option: keyof typeof meterOptions,
    field: keyof MeterQuery,
    read: (text: string, what: string) => Value,
  ) => {
    const text = values.text(option)
    return text === undefined ? {} : { [field]: read(text, `--${option}`) }
  }
  const whose = async (option: 'owner' | 'supplier' | 'wires', field: keyof MeterQuery) => {
    const who = values.text(option)
    if (who === undefined) return {}
    return { [field]: (await desk.people.find(who, `--${option}`)).account }
  }
  return {
    ...given('name', 'name', (text) => text),
    ...(await whose('owner', 'account')),
    ...(await whose('supplier', 'retailer')),
    ...(await whose('wires', 'utility')),
    ...given('zone', 'zone', (text, what) => zoneOf(desk, text, what)),
    ...given('kind', 'kind', (text, what) => oneOf(text, ['physical', 'virtual'], what)),
    ...given('flows', 'flows', (text, what) => oneOf(text, meterFlows, what)),
    ...given('standing', 'standing', (text, what) => oneOf(text, meterStandings, what)),
    ...given('gateway', 'gateway', number),
    ...given('by-key', 'gatewayKey', (text) => text.toLowerCase()),
    ...given('form', 'form', (text, what) => oneOf(text, batchForms, what)),
    ...given('since', 'registeredSince', (text, what) => intervalOf(text, desk.market, what)),
    ...given('silent', 'silentIntervals', number),
    ...given('estimated', 'estimatedPercent', number),
  }
}
