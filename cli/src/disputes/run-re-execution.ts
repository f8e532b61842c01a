import { readFile, writeFile } from 'node:fs/promises'
import { BusbarError } from '@busbar/client'
import {
  evidenceText,
  parseEvidence,
  readMaterial,
  type ReplayMaterial,
} from '@busbar/client/replay'
import { canonicalJson } from '@busbar/core/encoding'
import { Fault } from '@busbar/core/errors'
import { bytesToHex, keccak256, textToBytes } from '@busbar/protocols/hash'
import type { Challenger } from '@busbar/server/own-node/challenger'
import type { Values } from '../arguments.ts'
import { exitCodes, UsageError } from '../cli-error.ts'
import type { Output } from '../command.ts'
import { auditorOf, challengerOf, clientOf } from './chain-access.ts'
import { type ChainFacts, factsJson, parseFacts } from './chain-facts.ts'
import { placeOf } from './challenges.ts'
import { accountsIn } from './grounds.ts'
import { isAsItHasToBe, judge, type Judgement } from './judgement.ts'
import type { ReExecution } from './re-execution.ts'

/** `busbar re-execute`; resolves with the exit code. */
export async function runReExecution(values: Values, output: Output): Promise<number> {
  const file = values.text('from')
  const { material, chain, challenger } = file === undefined
    ? await readAll(values)
    : await readKept(file, values)
  const kept = values.text('save')
  if (kept !== undefined) {
    await writeFile(kept, evidenceText(material, chain && factsJson(chain)), { mode: 0o600 })
  }
  const judgement = await judge(material, chain)
  const { report } = judgement
  const text = report && canonicalJson(report)
  const evidence = text && bytesToHex(keccak256(textToBytes(text)))
  const out = values.text('out')
  if (out !== undefined) await writeFile(out, text ?? canonicalJson(judgement))
  const transaction = values.flag('decide')
    ? await decided(values, material, judgement, { challenger, evidence })
    : null
  if (values.flag('json')) {
    const { checks, shownApart } = judgement
    output.print(JSON.stringify({ ...report, checks, shownApart, evidence, transaction }))
  } else tell(output, judgement, { evidence, transaction, isFromChain: chain !== null })
  return isAsItHasToBe(judgement) ? exitCodes.ok : exitCodes.difference
}

type All = {
  readonly material: ReplayMaterial
  readonly chain: ChainFacts | null
  readonly challenger: Challenger | null
}

/** From the exchange, as its auditor, and from a node of the chain. */
async function readAll(values: Values): Promise<All> {
  const [zone, interval] = placeOf(values.positionals)
  const market = await clientOf(values).market()
  if (market.contracts === null) throw new UsageError('the market has no chain')
  const challenger = await challengerOf(values)
  const found = await challenger.interval(zone, interval)
  if (found === undefined) throw new UsageError('the chain knows nothing of this interval')
  const place = { zone, interval }
  const { rulebookHash } = found
  const material = await readMaterial(await auditorOf(values), market, { ...place, rulebookHash })
  const grounds = material.openings?.grounds
  const accounts = grounds === undefined ? new Set<number>() : accountsIn(grounds)
  const participants = await challenger.participants(accounts, place)
  return { material, chain: { interval: found, participants }, challenger }
}

/** From a file, and from nowhere else. */
async function readKept(file: string, values: Values): Promise<All> {
  if (values.flag('decide')) throw new UsageError('--decide asks the chain: not with --from')
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`)
  })
  try {
    const { material, chain } = parseEvidence(text)
    return { material, chain: parseFacts(chain), challenger: null }
  } catch (error) {
    if (error instanceof BusbarError) throw new UsageError(`${file}: ${error.message}`)
    throw error
  }
}

async function decided(
  values: Values,
  { shown: { zone, interval } }: ReplayMaterial,
  { report }: Judgement,
  { challenger, evidence }: Pick<All, 'challenger'> & { readonly evidence: string | null },
): Promise<string> {
  if (report === null || evidence === null || challenger === null) {
    throw new UsageError('nothing was opened of this interval that could decide anything')
  }
  const commitment = values.text('void') ?? null
  const place = { zone, interval, commitment }
  return await decide(challenger, place, verdictOf(values, report), evidence)
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

function tell(
  output: Output,
  { checks, shownApart, report }: Judgement,
  about: {
    readonly evidence: string | null
    readonly transaction: string | null
    readonly isFromChain: boolean
  },
): void {
  const words = { holds: 'holds', fails: 'FAILS', open: 'open ' } as const
  for (const { name, state, count } of checks) output.print(`${words[state]}  ${name}, of ${count}`)
  const differences = [...shownApart, ...(report?.differences ?? [])]
  for (const difference of differences) output.print(`DIFFERENT  ${difference}`)
  const unchecked = report?.voids.filter(({ finding }) => finding === 'unchecked').length ?? 0
  if (unchecked > 0) output.print(`${unchecked} voids are for reasons that nothing signed decides.`)
  if (!about.isFromChain) {
    const isSigned = checks.some(({ name, state }) => name === 'signed' && state === 'holds')
    output.print(isSigned
      ? 'The operator has signed these roots for the chain; no node of it was asked for its word.'
      : 'These are the roots that were shown: whether the chain has them is not in it.')
  } else if (differences.length === 0) output.print('The chain has what the rule says.')
  else output.print(`${differences.length} differences.`)
  if (about.evidence !== null) output.print(`The report's hash is ${about.evidence}.`)
  if (about.transaction !== null) output.print(`Decided by ${about.transaction}.`)
}
