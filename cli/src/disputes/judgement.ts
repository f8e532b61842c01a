/** An interval judged from what was read of it: by whoever has that, and asks nobody. */
import { type ReplayCheck, replayed, type ReplayMaterial } from '@busbar/client/replay'
import { Fault } from '@busbar/core/errors'
import { parseRulebook, type Rulebook } from '@busbar/core/rulebook'
import { rulebookHash } from '@busbar/protocols/commitments'
import { createDomain } from '@busbar/protocols/eip712'
import { contextOf } from '@busbar/protocols/sealed-orders'
import { labelOf, timelockReady } from '@busbar/protocols/timelock'
import { UsageError } from '../cli-error.ts'
import type { ChainFacts } from './chain-facts.ts'
import { type Grounds, provenGrounds } from './grounds.ts'
import { reExecute, type ReExecution } from './re-execution.ts'

/** What may be published of a sealed book's clearing. */
export type Report = ReExecution & {
  readonly version: 1
  readonly chainId: number
  readonly intervalLog: string
  readonly zone: number
  readonly interval: number
  readonly rulebookHash: string
  readonly status: string
  readonly committeeKey: string | null
}

export type Judgement = {
  /** Worked out again, by what everybody is shown. */
  readonly checks: readonly ReplayCheck[]
  /** Where the chain has something else than everybody is shown. */
  readonly shownApart: readonly string[]
  /** Of the opened orders of a sealed book, against the chain; null without either. */
  readonly report: Report | null
}

export async function judge(
  material: ReplayMaterial,
  chain: ChainFacts | null,
): Promise<Judgement> {
  return {
    checks: [...replayed(material)],
    shownApart: chain === null ? [] : apart(material, chain),
    report: chain === null ? null : await reportOf(material, chain),
  }
}

export const isAsItHasToBe = ({ checks, shownApart, report }: Judgement): boolean =>
  checks.every(({ state }) => state !== 'fails') && shownApart.length === 0 &&
  report?.agrees !== false

function apart({ shown }: ReplayMaterial, { interval }: ChainFacts): readonly string[] {
  const { ordersRoot, rulebookHash, clearing } = interval
  const pairs: (readonly [name: string, shown: unknown, onChain: unknown])[] = [
    ['rulebookHash', shown.rulebookHash, rulebookHash],
    ['ordersRoot', shown.ordersRoot, ordersRoot],
  ]
  if (clearing !== null) {
    pairs.push(
      ['price', shown.priceMicrosPerKwh, clearing.price === null ? null : Number(clearing.price)],
      ['energy', shown.energyWh, Number(clearing.energy)],
      ['clearingRoot', shown.clearingRoot, clearing.clearingRoot],
    )
  }
  return pairs.flatMap(([name, own, onChain]) =>
    own === onChain ? [] : [`${name}: ${String(own)} is shown, ${String(onChain)} on the chain`])
}

async function reportOf(
  { openings: shown, market }: ReplayMaterial,
  { interval: chain, participants }: ChainFacts,
): Promise<Report | null> {
  if (shown === null) return null
  if (market.contracts === null) throw new UsageError('the market has no chain')
  const { zone, interval } = shown
  const { chainId } = market.domain
  const { intervalLog } = market.contracts
  const { rulebookHash } = chain
  const context = contextOf({ chainId, intervalLog, zone, interval, rulebookHash })
  await timelockReady()
  const label = labelOf({ chainId, intervalLog, zone, interval })
  const domain = createDomain({ ...market.domain, market: market.market })
  const grounds = provenGrounds(shown, domain, label, participants)
  const opened = { ...shown, grounds: withCommittee(grounds, market, shown) }
  return {
    version: 1,
    ...{ chainId, intervalLog, zone, interval, rulebookHash, status: chain.status },
    committeeKey: shown.grounds.committeeKey,
    ...reExecute(opened, context, rulebookOf(market, rulebookHash), chain),
  }
}

type Openings = NonNullable<ReplayMaterial['openings']>

/** An exchange that shows the auditor another committee than everybody has lied to one of them. */
function withCommittee(
  grounds: Grounds,
  { committees }: ReplayMaterial['market'],
  shown: Openings,
): Grounds {
  const named = committees.findLast((one) => one.fromInterval <= shown.interval)?.publicKey
  const { committeeKey } = shown.grounds
  if (named === undefined || committeeKey === null || named === committeeKey) return grounds
  const difference = `committeeKey: ${committeeKey} is shown, ${named} is published`
  return { ...grounds, differences: [...grounds.differences, difference] }
}

/** The rules that the chain names, from the exchange, which cannot pass off others for them. */
function rulebookOf({ rulebook }: ReplayMaterial['market'], hash: string): Rulebook {
  if (rulebookHash(rulebook) === hash) return parseRulebook(rulebook)
  throw new Fault('RULEBOOK_INVALID', { field: 'rulebook', limit: `that of hash ${hash}` })
}
