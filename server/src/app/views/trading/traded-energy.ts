import {
  bilateralZone,
  type IntervalRecord,
  recordOf,
  type State,
} from '@busbar/core/exchange'
import type { Run } from '@busbar/core/settlement'
import type { Domain } from '@busbar/protocols/eip712'
import { bytesToHex, hexToBytes } from '@busbar/protocols/hash'
import {
  answerTradedEnergy,
  meterSecret,
  type TradedEnergyTree,
} from '@busbar/protocols/traded-energy'
import { tradedEnergyTree } from '../../commitments.ts'
import type { Reader } from '../../ports/exchange-service.ts'
import type { ReceiptSigner } from '../../ports/receipts.ts'
import type { TradedEnergyView } from '../../ports/trading-views.ts'
import { isOwnCustomer, seesAll } from './relation.ts'

/** How many trees are kept: all intervals that are remembered in most markets. */
const treesMax = 1_024

/** Answers whether a meter's energy was traded, with a proof either way. */
export class TradedEnergyAnswers {
  readonly #domain: Domain
  readonly #signer: ReceiptSigner
  /** By run, the one used longest ago first. */
  readonly #trees = new Map<Run, TradedEnergyTree>()

  constructor(domain: Domain, signer: ReceiptSigner) {
    this.#domain = domain
    this.#signer = signer
  }

  /**
   * The answer for `count` intervals from one on, to the meter's owner, its retailer, operators and
   * auditors; undefined for others, and for intervals that are no longer remembered. Trees and
   * sequence are of one state: the signature holds the exchange to both.
   */
  answer(
    state: State,
    reader: Reader,
    asked: { readonly meter: number; readonly fromInterval: number; readonly count: number },
  ): TradedEnergyView | undefined {
    const { meter, fromInterval, count } = asked
    if (!mayAsk(state, reader, meter) || fromInterval < oldestKept(state)) return undefined
    const salt = state.salt === null ? null : hexToBytes(state.salt, 32, 'salt')
    const secret = meterSecret(salt, meter)
    const trees: (TradedEnergyTree | null)[] = []
    for (let interval = fromInterval; interval < fromInterval + count; interval += 1) {
      const record = recordOf(state, bilateralZone, interval)
      const run = record?.runs.at(-1)
      trees.push(record === undefined || run === undefined ? null : this.#tree(state, record, run))
    }
    const question = { zone: bilateralZone, ...asked, sequence: state.sequence, secret }
    const answer = answerTradedEnergy(this.#domain, question, trees, (digest) =>
      this.#signer.sign(digest),
    )
    return { ...answer, secret: bytesToHex(secret) }
  }

  #tree(state: State, record: IntervalRecord, run: Run): TradedEnergyTree {
    const tree = this.#trees.get(run) ?? tradedEnergyTree(state, record, run)
    this.#trees.delete(run)
    this.#trees.set(run, tree)
    if (this.#trees.size > treesMax) {
      for (const oldest of this.#trees.keys()) {
        this.#trees.delete(oldest)
        break
      }
    }
    return tree
  }
}

function mayAsk(state: State, reader: Reader, number: number): boolean {
  const meter = state.meters[number]
  if (meter === undefined) return false
  if (reader.roles.some((role) => seesAll.includes(role))) return true
  return meter.account === reader.account || isOwnCustomer(state, reader, meter.account)
}

/** The first interval of which all is still known: what lies before it is in the journal alone. */
function oldestKept(state: State): number {
  let oldest = state.clearedThrough + 1
  for (const interval of state.intervals.get(bilateralZone)?.keys() ?? []) {
    if (interval < oldest) oldest = interval
  }
  return oldest
}
