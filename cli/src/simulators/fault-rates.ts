import { faultKinds, type FaultRates } from '@busbar/simulator/payments'
import { UsageError } from '../cli-error.ts'

/**
 * The value of `--misbehave`: `timeout=0.05,lose=0.01`.
 *
 * @throws UsageError naming the part and what it takes
 */
export function faultRatesIn(text: string | undefined): FaultRates {
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
