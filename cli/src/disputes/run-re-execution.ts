import { writeFile } from 'node:fs/promises'
import { canonicalJson } from '@busbar/core/encoding'
import { Fault } from '@busbar/core/errors'
import { parseRulebook, type Rulebook } from '@busbar/core/rulebook'
import type { Market, Openings } from '@busbar/protocols/api'
import { bytesToHex, keccak256, textToBytes } from '@busbar/protocols/hash'
import { contextOf } from '@busbar/protocols/sealed-orders'
import { labelOf, timelockReady } from '@busbar/protocols/timelock'
import type { Challenger } from '@busbar/server/own-node/challenger'
import type { Values } from '../arguments.ts'
import { exitCodes, UsageError } from '../cli-error.ts'
import type { Output } from '../command.ts'
import { auditorOf, challengerOf, clientOf } from './chain-access.ts'
import { placeOf } from './challenges.ts'
import { accountsIn, type Grounds, provenGrounds } from './grounds.ts'
import { reExecute, type ReExecution } from './re-execution.ts'

/** `busbar re-execute`; resolves with the exit code. */
export async function runReExecution(values: Values, output: Output): Promise<number> {
  const [zone, interval] = placeOf(values.positionals)
  const client = clientOf(values)
  const market = await client.market()
  const { contracts } = market
  if (contracts === null) throw new UsageError('the market has no chain')
  const challenger = await challengerOf(values)
  const chain = await challenger.interval(zone, interval)
  if (chain === undefined) throw new UsageError('the chain knows nothing of this interval')
  const { chainId } = market.domain
  const { rulebookHash } = chain
  const { intervalLog } = contracts
  const context = contextOf({ chainId, intervalLog, zone, interval, rulebookHash })
  const shown = await (await auditorOf(values)).auditOpenings(zone, interval)
  const place = { zone, interval }
  const participants = await challenger.participants(accountsIn(shown.grounds), place)
  await timelockReady()
  const label = labelOf({ chainId, intervalLog, ...place })
  const grounds = provenGrounds(shown, await client.domain(), label, participants)
  const opened = { ...shown, grounds: withCommittee(grounds, market, shown) }
  const found = reExecute(opened, context, rulebookOf(market, rulebookHash), chain)
  const report = {
    version: 1,
    ...{ chainId, intervalLog, zone, interval, rulebookHash, status: chain.status },
    committeeKey: shown.grounds.committeeKey,
    ...found,
  }
  const text = canonicalJson(report)
  const evidence = bytesToHex(keccak256(textToBytes(text)))
  const out = values.text('out')
  if (out !== undefined) await writeFile(out, text)
  const commitment = values.text('void') ?? null
  const transaction = values.flag('decide')
    ? await decide(challenger, { zone, interval, commitment }, verdictOf(values, found), evidence)
    : null
  if (values.flag('json')) output.print(JSON.stringify({ ...report, evidence, transaction }))
  else tell(output, found, evidence, transaction)
  return found.agrees ? exitCodes.ok : exitCodes.difference
}

/** An exchange that shows the auditor another committee than everybody has lied to one of them. */
function withCommittee(grounds: Grounds, { committees }: Market, shown: Openings): Grounds {
  const named = committees.findLast((one) => one.fromInterval <= shown.interval)?.publicKey
  const { committeeKey } = shown.grounds
  if (named === undefined || committeeKey === null || named === committeeKey) return grounds
  const difference = `committeeKey: ${committeeKey} is shown, ${named} is published`
  return { ...grounds, differences: [...grounds.differences, difference] }
}

async function decide(
  challenger: Challenger,
  place: { readonly zone: number; readonly interval: number; readonly commitment: string | null },
  upheld: boolean,
  evidence: string,
): Promise<string> {
  const { zone, interval, commitment } = place
  const state = await challenger.disputeOf(zone, interval, commitment)
  if (state !== 'open') {
    throw new Fault('CHAIN_REFUSED', { method: 'decide', reason: `the dispute is ${state}` })
  }
  return await challenger.decide(place, upheld, evidence)
}

/** Whether the operator was wrong; a person says it where the opened orders do not. */
function verdictOf(values: Values, { agrees, voids }: ReExecution): boolean {
  const commitment = values.text('void')
  if (commitment === undefined) return !agrees
  const finding = voids.find((one) => one.commitment === commitment)?.finding
  if (finding === undefined) throw new UsageError('--void names no void order of the interval')
  if (finding !== 'unchecked') return finding === 'unfounded'
  const said = values.text('upheld')
  if (said === 'yes' || said === 'no') return said === 'yes'
  throw new UsageError('nothing signed decides it: --upheld takes yes or no')
}

/** The rules that the chain names, from the exchange, which cannot pass off others for them. */
function rulebookOf(market: Market, hash: string): Rulebook {
  const all = [market.rulebook, ...market.scheduledRulebooks.map(({ rulebook }) => rulebook)]
  const named = all.find((one) => {
    return bytesToHex(keccak256(textToBytes(canonicalJson(one)))) === hash
  })
  if (named === undefined) {
    throw new Fault('RULEBOOK_INVALID', { field: 'rulebook', limit: `that of hash ${hash}` })
  }
  return parseRulebook(named)
}

function tell(
  output: Output,
  { agrees, differences, voids }: ReExecution,
  evidence: string,
  transaction: string | null,
): void {
  for (const difference of differences) output.print(`DIFFERENT  ${difference}`)
  const unchecked = voids.filter(({ finding }) => finding === 'unchecked').length
  if (unchecked > 0) output.print(`${unchecked} voids are for reasons that nothing signed decides.`)
  output.print(agrees ? 'The chain has what the rule says.' : `${differences.length} differences.`)
  output.print(`The report's hash is ${evidence}.`)
  if (transaction !== null) output.print(`Decided by ${transaction}.`)
}
