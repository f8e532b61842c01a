import { BusbarClient, credentialOf, Signer, withPrivateKey } from '@busbar/client'
import type { InstructionContent, InstructionKind } from '@busbar/core/exchange'
import type { InstructionItemResult, Market, Participant } from '@busbar/protocols/api'
import { publicKeyOf } from '@busbar/protocols/eip712'
import { bytesToHex, hexToBytes } from '@busbar/protocols/hash'
import { seededKey } from '@busbar/simulator/keys'
import type { Options, Values } from '../arguments.ts'
import { exitCodes, UsageError } from '../cli-error.ts'
import type { Output } from '../command.ts'
import { keyIn } from './keys.ts'
import { jsonForm } from './json-form.ts'

/** What every command takes that speaks to an exchange as somebody. */
export const deskOptions = {
  server: { type: 'string', value: 'URL', means: 'the exchange (default http://127.0.0.1:8420)' },
  as: { type: 'string', value: 'WHO', means: 'who you are: a name or an account' },
  key: { type: 'string', value: 'FILE', means: 'your private key, as busbar key writes it' },
  seed: {
    type: 'string',
    value: 'N',
    means: 'without a key: be WHO of the simulation with this seed (default 1)',
  },
} as const satisfies Options

export type InstructionAnswer = Extract<InstructionItemResult, { kind: 'accepted' }>['result']

/** A task of a command: what follows its name, and the exit code that it ends with. */
export type Task = (
  operands: readonly string[],
  values: Values,
  output: Output,
) => Promise<number>

export const clientFor = (values: Values): BusbarClient =>
  new BusbarClient({ baseUrl: values.text('server') ?? 'http://127.0.0.1:8420' })

/** Participants by name and number, each asked for once. */
export class People {
  readonly #client: BusbarClient
  readonly #known = new Map<number, Participant>()
  #next: number | null = 0

  constructor(client: BusbarClient) {
    this.#client = client
  }

  /** @throws UsageError where nobody is called so or has the number */
  async find(who: string, what: string): Promise<Participant> {
    const number = /^(?:account:)?(\d{1,9})$/.exec(who)?.[1]
    const found = number === undefined
      ? await this.#named(who)
      : await this.byNumber(Number(number))
    if (found !== undefined) return found
    throw new UsageError(`${what} is ${who}, and no participant is called so`)
  }

  async byNumber(account: number): Promise<Participant | undefined> {
    const known = this.#known.get(account)
    if (known !== undefined) return known
    const [found] = (await this.#client.participants({ from: account, limit: 1 })).participants
    if (found?.account !== account) return undefined
    this.#known.set(account, found)
    return found
  }

  /** `alice (12)`, to be shown. */
  async label(account: number): Promise<string> {
    const found = await this.byNumber(account)
    return found === undefined ? `account ${account}` : `${found.name} (${account})`
  }

  async #named(name: string): Promise<Participant | undefined> {
    const isIt = (one: Participant): boolean => one.name === name
    for (;;) {
      const known = [...this.#known.values()].find(isIt)
      if (known !== undefined || this.#next === null) return known
      const page = await this.#client.participants({ from: this.#next, limit: 500 })
      for (const one of page.participants) this.#known.set(one.account, one)
      this.#next = page.nextFrom
    }
  }
}

/** Where somebody sits who speaks to an exchange: its market, and what signs there. */
export type Desk = {
  readonly market: Market
  readonly me: Participant
  readonly people: People
  readonly signer: Signer
  /** Reads as the one who sits there. */
  readonly client: BusbarClient
  readonly instruct: <Kind extends InstructionKind>(
    kind: Kind,
    content: InstructionContent[Kind],
  ) => Promise<InstructionAnswer>
}

/**
 * @param file of the key, where it is not an option
 * @throws UsageError for an option that is missing or wrong, and for a key that is not the
 * participant's; BusbarError from the exchange
 */
export async function openDesk(values: Values, file = values.text('key')): Promise<Desk> {
  const plain = clientFor(values)
  const who = values.text('as')
  if (who === undefined) throw new UsageError('--as is missing: who you are, a name or an account')
  const given = file === undefined ? undefined : await keyIn(file)
  const [market, domain] = await Promise.all([plain.market(), plain.domain()])
  const people = new People(plain)
  const me = await people.find(who, '--as')
  const seed = values.integer('seed', 1, 0, 2 ** 31 - 1)
  const key = given === undefined
    ? seededKey(seed, me.name, 'secp256k1').privateKey
    : hexToBytes(given, 32, 'key')
  if (bytesToHex(publicKeyOf(key)) !== me.publicKey) {
    const told = given === undefined
      ? `--key is missing: ${me.name} is not of the simulation with seed ${seed}`
      : `${file} is not the key of ${me.name}, which is registered with ${me.publicKey}`
    throw new UsageError(told)
  }
  const signer = new Signer({ domain, account: me.account, sign: withPrivateKey(key) })
  const client = plain.as(credentialOf(signer))
  return {
    ...{ market, me, people, signer, client },
    instruct: async (kind, content) =>
      (await client.instruct(await signer.instruction(kind, content))).result,
  }
}

/** One answer, for a machine or for a person. */
export function say(values: Values, output: Output, content: unknown, text: string): number {
  output.print(values.flag('json') ? JSON.stringify(jsonForm(content)) : text)
  return exitCodes.ok
}

/** @throws UsageError where there are others than these */
export function exactly(
  operands: readonly string[],
  names: readonly string[],
): readonly string[] {
  const missing = names[operands.length]
  if (missing !== undefined) throw new UsageError(`${missing} is missing`)
  const more = operands[names.length]
  if (more !== undefined) throw new UsageError(`${more} is one operand too many`)
  return operands
}

/** An option without which the task cannot be done. @throws UsageError */
export function required(values: Values, name: string, what: string): string {
  const value = values.text(name)
  if (value === undefined) throw new UsageError(`--${name} is missing: ${what}`)
  return value
}
