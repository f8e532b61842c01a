import { verifyContractProof } from '@busbar/client'
import type { ContractProof, Trade } from '@busbar/protocols/api'
import { contractIdentity } from '@busbar/protocols/trades'
import { type FixedContracts, readFixedContracts } from '@busbar/server/own-node/fixed-contracts'
import { exitCodes, UsageError } from '../cli-error.ts'
import { count } from '../text.ts'
import { type Desk, exactly, openDesk, required, say, type Task } from '../desk/desk.ts'
import { number } from '../desk/quantities.ts'
import { startOf, timeText } from '../desk/times.ts'

type Found = {
  readonly version: number
  readonly contract: string
  /** Whether its digest is that of the terms that the exchange shows; unknown without them. */
  readonly isOfTerms: boolean | null
  readonly fixedWith: number | null
  readonly place: number | null
  readonly fixed: FixedContracts | null
}

/**
 * Where the contracts of a trade are on the chain: shown by the exchange, and checked on this
 * machine against the chain at a node of one's own.
 */
export const proof: Task = async (operands, values, output) => {
  const [which] = exactly(operands, ['TRADE'])
  const trade = number(which, 'TRADE')
  const node = required(values, 'node', 'a node of the chain; nothing is believed without it')
  const desk = await openDesk(values)
  const { contracts } = desk.market
  if (contracts === null) throw new UsageError('the market has no chain')
  const { trades } = desk.client
  const [shown, proofs] = await Promise.all([trades.get(trade), trades.proofs(trade)])
  const { domain } = desk.signer
  const intervals = proofs.flatMap(({ fixedWith }) => (fixedWith === null ? [] : [fixedWith]))
  const fixed = await readFixedContracts(
    node,
    {
      chainId: Number(domain.chainId),
      intervalLog: contracts.intervalLog,
      clearingHouse: domain.verifyingContract,
    },
    intervals,
  )
  const found = proofs.map((one, i) => judged(desk, shown, one, i + 1, fixed))
  say(values, output, { trade, contracts: found }, textOf(desk, trade, found))
  return found.some(({ isOfTerms }) => isOfTerms === false) ? exitCodes.difference : exitCodes.ok
}

/** @throws BusbarError proof_invalid where what is shown is not what the chain has */
function judged(
  { signer }: Desk,
  shown: Trade,
  one: ContractProof,
  version: number,
  fixed: ReadonlyMap<number, FixedContracts>,
): Found {
  const { contract, fixedWith } = one
  const terms = shown.relation === 'party' ? shown.versions[version - 1]?.terms : undefined
  const isOfTerms = terms === undefined
    ? null
    : contractIdentity(signer.domain, terms) === contract
  const about = { version, contract, isOfTerms, fixedWith }
  const chain = fixedWith === null ? undefined : fixed.get(fixedWith)
  // Its gate has closed, and the transaction is on its way to the chain.
  if (chain === undefined) return { ...about, place: null, fixed: null }
  return { ...about, place: verifyContractProof(one, fixed), fixed: chain }
}

function textOf({ market }: Desk, trade: number, found: readonly Found[]): string {
  if (found.length === 0) return `Trade ${trade} has no contract that both sides have signed.`
  const lines = found.map(({ version, contract, isOfTerms, fixedWith, place, fixed }) => {
    const terms = isOfTerms === null
      ? 'its terms are not shown to you'
      : isOfTerms ? 'the digest of the terms that you read' : 'NOT the digest of the terms shown'
    const head = `Contract ${version} of trade ${trade}  ${contract}\n  ${terms}`
    if (fixed === null || fixedWith === null || place === null) {
      const when = fixedWith === null ? 'the next gate takes it along' : 'its root is on its way'
      return `${head}\n  not on the chain yet: ${when}`
    }
    return `${head}
  on the chain: number ${count(place + 1)} of ${count(fixed.count)} recorded before the gate of ${
    timeText(startOf(market, fixedWith))}
  root ${fixed.root}
  transaction ${fixed.txHash}, block ${fixed.blockNumber}`
  })
  return lines.join('\n')
}
