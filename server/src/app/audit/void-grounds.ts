/** From the journal, by what somebody outside can judge why orders were void. */
import { assert } from '@busbar/core/errors'
import {
  type Command,
  committeeFor,
  type IntervalRecord,
  type Opening,
  participantOf,
  type State,
  type VoidReason,
} from '@busbar/core/exchange'
import { namedKeyIn, passkeyIn } from '@busbar/core/registry'
import { canonicalJson } from '@busbar/core/encoding'
import { ciphertextHash } from '@busbar/protocols/sealed-orders'
import type { Journal } from '../ports/journal.ts'
import type { VoidGrounds } from '../ports/void-grounds.ts'
import type { RegistryIndex, RegistrySequences } from './registry-index.ts'

type CommandOf<Kind extends Command['kind']> = Extract<Command, { readonly kind: Kind }>

type Instruction = VoidGrounds['instructions'][number]

const pageSize = 500

/** The reasons that are about meters, and those that are about money as well. */
const meterReasons: readonly VoidReason[] = [
  'meter_foreign', 'capacity_exceeded', 'collateral_short',
]

/**
 * What was received of every account that has a void order in `record`, and what else its reasons
 * rest on: all of it as it was signed.
 */
export async function voidGrounds(
  state: State,
  record: IntervalRecord,
  openings: ReadonlyMap<string, Opening>,
  { journal, registry }: { readonly journal: Journal; readonly registry: RegistryIndex },
): Promise<VoidGrounds> {
  const accounts = accountsWith(record, () => true)
  const orders = [...record.sealed.values()].filter(({ account }) => accounts.has(account))
  const received: VoidGrounds['received'][number][] = []
  for (const { sequence } of orders) {
    const command = await commandAt<'place_sealed_order'>(journal, sequence)
    const { commitment, id, account, collateralMicros, ciphertext, signature } = command
    received.push({
      ...{ commitment, id, account, sequence, collateralMicros, signature },
      ciphertext: isTakenBack(record, commitment) ? null : ciphertext === '' ? '0x' : ciphertext,
      ciphertextHash: ciphertextHash(ciphertext),
    })
  }
  const taken = await withdrawn(journal, record)
  const instructions = await instructionsFor(state, record, openings, { journal, registry })
  const signed = [...received, ...taken.cancellations, ...instructions]
  const index = await registry.through(record.openedSequence)
  const admissionOf = (account: number) => admissionIn(state, index, account)
  const passkeys = await passkeysFor(signed, instructions, { journal, index, admissionOf })
  return {
    committeeKey: committeeFor(state, record.interval)?.publicKey ?? null,
    received,
    ...taken,
    instructions: [...instructions, ...passkeys].sort((a, b) => a.sequence - b.sequence),
  }
}

/** Before the gate: such an order stays closed, also to who has the joint signature. */
const isTakenBack = ({ voids }: IntervalRecord, commitment: string): boolean => {
  const reason = voids.get(commitment)
  return reason === 'cancelled' || reason === 'suspended'
}

const accountsWith = (
  { sealed, voids }: IntervalRecord,
  isMeant: (reason: VoidReason) => boolean,
): ReadonlySet<number> => {
  const accounts = [...voids].flatMap(([commitment, reason]) => {
    const order = sealed.get(commitment)
    return order === undefined || !isMeant(reason) ? [] : [order.account]
  })
  return new Set(accounts)
}

async function commandAt<Kind extends Command['kind']>(
  journal: Journal,
  sequence: number,
): Promise<CommandOf<Kind>> {
  const [entry] = await journal.read(sequence - 1, 1)
  assert(entry?.sequence === sequence, 'what was applied is in the journal')
  return JSON.parse(entry.body) as CommandOf<Kind>
}

/** What took orders back before the gate: their owner's word, or its request for its money. */
async function withdrawn(
  journal: Journal,
  record: IntervalRecord,
): Promise<Pick<VoidGrounds, 'cancellations' | 'requests'>> {
  const orders = new Map<string, number>()
  for (const { commitment, id, account, sequence } of record.sealed.values()) {
    if (record.voids.get(commitment) === 'cancelled') orders.set(`${account}:${id}`, sequence)
  }
  const cancellations: VoidGrounds['cancellations'][number][] = []
  const requests: VoidGrounds['requests'][number][] = []
  if (orders.size === 0) return { cancellations, requests }
  const accounts = new Set([...orders.keys()].map((key) => Number(key.split(':')[0])))
  const from = Math.min(...orders.values())
  for await (const command of commandsBetween(journal, from, record.fixedSequence)) {
    if (command.kind === 'cancel_order') {
      const { id, account, order, signature } = command
      if (orders.has(`${account}:${order}`)) cancellations.push({ id, account, order, signature })
    } else if (accounts.has(command.account)) {
      requests.push({ account: command.account, reference: command.reference })
    }
  }
  return { cancellations, requests }
}

const withdrawing: ReadonlySet<string> = new Set(['cancel_order', 'advance_withdrawal_request'])

async function* commandsBetween(
  journal: Journal,
  after: number,
  before: number,
): AsyncGenerator<CommandOf<'cancel_order' | 'advance_withdrawal_request'>> {
  for (let from = after; from < before; ) {
    const page = await journal.read(from, pageSize)
    if (page.length === 0) return
    for (const entry of page) {
      from = entry.sequence
      if (from >= before) return
      if (withdrawing.has(entry.kind)) yield JSON.parse(entry.body)
    }
  }
}

/** Registrations of the meters that orders name, and who supplies their owners at what tariffs. */
async function instructionsFor(
  state: State,
  record: IntervalRecord,
  openings: ReadonlyMap<string, Opening>,
  { journal, registry }: { readonly journal: Journal; readonly registry: RegistryIndex },
): Promise<VoidGrounds['instructions']> {
  const accounts = accountsWith(record, (reason) => meterReasons.includes(reason))
  if (accounts.size === 0) return []
  const index = await registry.through(record.openedSequence)
  const meters = new Set<number>()
  for (const [commitment, { meter }] of openings) {
    if (accounts.has(record.sealed.get(commitment)?.account ?? -1)) meters.add(meter)
  }
  const short = accountsWith(record, (reason) => reason === 'collateral_short')
  const retailers = new Set<number>()
  for (const account of short) retailers.add(participantOf(state, account)?.retailer ?? -1)
  const wanted = [
    ...[...meters].map((meter) => ({ number: meter, sequence: index.meters[meter] })),
    ...[...short].map((account) => ({
      number: account, sequence: admissionIn(state, index, account),
    })),
    ...[...retailers].flatMap((retailer) =>
      (index.tariffs.get(retailer) ?? []).map((sequence) => ({ number: null, sequence })),
    ),
  ]
  const shown: Instruction[] = []
  for (const { number, sequence } of wanted) {
    if (sequence === undefined || sequence >= record.openedSequence) continue
    shown.push(await instructionAt(journal, sequence, number))
  }
  return shown
}

function admissionIn(
  state: State,
  index: RegistrySequences,
  account: number,
): number | undefined {
  const participant = participantOf(state, account)
  return participant && index.admissionOf(participant)
}

async function instructionAt(
  journal: Journal,
  sequence: number,
  number: number | null,
): Promise<Instruction> {
  const command = await commandAt<Instruction['kind']>(journal, sequence)
  const { id, account, kind, content, signature } = command
  const shown = { sequence, number, id, account, kind, signature }
  return { ...shown, content: canonicalJson(content) }
}

const givingWords: ReadonlySet<string> = new Set(['register_passkey', 'issue_join_code'])

/**
 * Who gave the passkeys and agents their word that signed something of `signed`, and so on back to
 * keys that the chain knows, over the join codes between; and of what a retailer asked for, whose
 * customer its owner is.
 */
async function passkeysFor(
  signed: readonly { readonly signature: string }[],
  shown: readonly Instruction[],
  { journal, index, admissionOf }: {
    readonly journal: Journal
    readonly index: RegistrySequences
    readonly admissionOf: (account: number) => number | undefined
  },
): Promise<readonly Instruction[]> {
  const open = signed.flatMap(({ signature }) => passkeyIn(signature) ?? [])
  const known = new Set(shown.map(({ sequence }) => sequence))
  const found: Instruction[] = []
  const add = async (sequence: number, number: number | null): Promise<void> => {
    if (known.has(sequence)) return
    known.add(sequence)
    const instruction = await instructionAt(journal, sequence, number)
    found.push(instruction)
    const name = passkeyIn(instruction.signature)
    if (name !== undefined) open.push(name)
    const code = index.joinCodes.get(namedKeyIn('join', instruction.signature) ?? '')
    if (code !== undefined) await add(code, null)
    if (!givingWords.has(instruction.kind)) return
    type Registration = CommandOf<'register_passkey' | 'issue_join_code'>['content']
    const { participant } = JSON.parse(instruction.content) as Registration
    const admission = admissionOf(participant)
    const isOwn = participant === instruction.account
    if (!isOwn && admission !== undefined) await add(admission, participant)
  }
  for (const { signature } of signed) {
    const mandate = index.mandates.get(namedKeyIn('agent', signature) ?? '')
    if (mandate !== undefined) await add(mandate, null)
  }
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const sequence of index.passkeys.get(name) ?? []) await add(sequence, null)
  }
  return found
}
