import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  approvePlan,
  carryCeremony,
  configFrom,
  createMember,
  KeyFile,
  type MemberCard,
  passphraseFrom,
  planKey,
  planResharing,
  readConfig,
  readJson,
  startMember,
} from '@busbar/committee'
import {
  type CeremonyPlan,
  type CommitteeKeys,
  planDigest,
  timelockReady,
} from '@busbar/protocols/timelock'
import type { Values } from '../arguments.ts'
import { UsageError } from '../cli-error.ts'
import type { Output } from '../command.ts'
import { rows } from '../text.ts'

type Task = (operands: readonly string[], values: Values, output: Output) => Promise<void>

type Name = 'init' | 'plan' | 'approve' | 'run' | 'dkg' | 'reshare' | 'status' | 'retire'

const pretty = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`

/** @throws UsageError naming what is missing */
function operand(operands: readonly string[], place: number, what: string): string {
  const value = operands[place]
  if (value === undefined) throw new UsageError(`${what} is missing`)
  return value
}

function option(values: Values, name: string): string {
  const value = values.text(name)
  if (value === undefined) throw new UsageError(`--${name} is missing`)
  return value
}

const say = (values: Values, output: Output, json: object, text: string): void =>
  output.print(values.flag('json') ? JSON.stringify(json) : text)

const init: Task = async (operands, values, output) => {
  const directory = operand(operands, 0, 'the folder of the member')
  const chainUrl = values.text('chain-url')
  const config = {
    name: option(values, 'name'),
    host: values.text('host') ?? '127.0.0.1',
    port: values.integer('port', 8_500, 0, 65_535),
    dataDir: '.',
    market: {
      chainId: values.integer('chain-id', 0, 1, Number.MAX_SAFE_INTEGER),
      intervalLog: option(values, 'interval-log').toLowerCase(),
      intervalSeconds: values.integer('interval-seconds', 300, 1, 86_400),
      gateLeadSeconds: values.integer('gate-lead-seconds', 60, 0, 86_400),
    },
    clock: values.text('clock') ?? 'real',
    ...(chainUrl !== undefined && { chainUrl }),
  }
  // Refused before anything is written.
  configFrom(config)
  const card = createMember(directory, config.name, passphraseFrom(process.env))
  writeFileSync(join(directory, 'member.json'), pretty(config), { mode: 0o600 })
  writeFileSync(join(directory, 'card.json'), pretty(card))
  const text = `${config.name} has its keys. Give ${join(directory, 'card.json')} to the others.`
  say(values, output, card, text)
}

const cardIn = (path: string): MemberCard => readJson(path) as MemberCard

const plan: Task = async (operands, values, output) => {
  const path = operand(operands, 0, 'the file of the plan')
  const cards = operands.slice(1).map(cardIn)
  operand(operands, 1, 'the card of a member')
  const threshold = values.integer('threshold', 0, 1, cards.length)
  if (threshold === 0) throw new UsageError('--threshold is missing')
  const previous = values.text('of')
  const made =
    previous === undefined
      ? planKey(cards, threshold)
      : planResharing(
          readJson(previous) as CommitteeKeys,
          option(values, 'dealers').split(',').map(cardIn),
          cards,
          threshold,
        )
  writeFileSync(path, pretty(made))
  say(values, output, { plan: planDigest(made) }, planText(made))
}

function planText(made: CeremonyPlan): string {
  const { kind, threshold, dealers, receivers, previous } = made
  const names = (members: CeremonyPlan['dealers']): string =>
    members.map(({ index, name, signingKey }) => `${index} ${name} ${signingKey}`).join('\n    ')
  const what = kind === 'generate' ? 'a new key' : `the key ${previous?.publicKey} for others`
  return `Plan ${planDigest(made)}
  makes ${what}; ${threshold} of ${receivers.length} will sign
  dealt by
    ${names(dealers)}
  held by
    ${names(receivers)}`
}

const approve: Task = async (operands, values, output) => {
  const directory = operand(operands, 0, 'the folder of the member')
  const path = operand(operands, 1, 'the file of the plan')
  await timelockReady()
  const approved = readJson(path) as CeremonyPlan
  const { dataDir, name } = readConfig(join(directory, 'member.json'))
  const digest = approvePlan(dataDir, approved)
  say(values, output, { approved: digest }, `${planText(approved)}\n${name} will take part.`)
}

const run: Task = async (operands, values, output) => {
  const directory = operand(operands, 0, 'the folder of the member')
  const config = readConfig(join(directory, 'member.json'))
  const member = await startMember(config, {
    passphrase: passphraseFrom(process.env),
    clockToken: clockTokenIn(process.env),
  })
  const { name, url, clock } = member
  const warning = clock === 'market' ? ' MARKET CLOCK: development, not secure.' : ''
  const ready = { event: 'ready', name, url, clock }
  say(values, output, ready, `${name} listens at ${url}.${warning} Ctrl-C stops.`)
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
  await member.stop()
}

const clockTokenIn = (environment: Readonly<Record<string, string | undefined>>) =>
  environment.BUSBAR_COMMITTEE_CLOCK_TOKEN

/** `NAME=URL` operands. */
function urlsIn(operands: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    operands.map((one) => {
      const match = /^([a-z0-9-]+)=(https?:\/\/\S+?)\/?$/.exec(one)
      if (match === null) throw new UsageError(`${one} is not NAME=URL`)
      return [match[1], match[2]]
    }),
  )
}

const carry =
  (kind: CeremonyPlan['kind']): Task =>
  async (operands, values, output) => {
    const carried = readJson(operand(operands, 0, 'the file of the plan')) as CeremonyPlan
    if (carried.kind !== kind) {
      throw new UsageError(`the plan is one to ${carried.kind}, not to ${kind}`)
    }
    const path = option(values, 'out')
    await timelockReady()
    const outcome = await carryCeremony(carried, urlsIn(operands.slice(1)))
    writeFileSync(path, pretty(outcome.committee))
    const { committee, disqualified, absent } = outcome
    const left = Object.entries(disqualified).map(([name, why]) => `${name} (${why})`)
    const text = [
      `Key ${committee.publicKey}, ${committee.threshold} of ${committee.members.length}: ${path}`,
      ...(left.length > 0 ? [`Left out: ${left.join(', ')}`] : []),
      ...(absent.length > 0 ? [`Absent: ${absent.join(', ')}`] : []),
    ]
    say(values, output, outcome, text.join('\n'))
  }

const status: Task = async (operands, values, output) => {
  operand(operands, 0, 'a member as NAME=URL')
  const said = await Promise.all(
    Object.entries(urlsIn(operands)).map(async ([name, url]) => {
      try {
        const response = await fetch(`${url}/v1/health`, { signal: AbortSignal.timeout(5_000) })
        return { name, url, health: (await response.json()) as Health }
      } catch (error) {
        // A member that is not there is an answer to this question.
        const why = error instanceof Error ? error.message : String(error)
        return { name, url, absent: why }
      }
    }),
  )
  say(values, output, said, rows(said.map((one) => [one.name, statusText(one)] as const)))
}

type Health = {
  readonly name: string
  readonly clock: string
  readonly signed: number
  readonly shares: readonly {
    readonly public_key: string
    readonly threshold: number
    readonly members: number
    readonly confirmed: boolean
  }[]
}

function statusText(one: { readonly health?: Health; readonly absent?: string }): string {
  const { health, absent } = one
  if (health === undefined) return `absent: ${absent}`
  const clock = health.clock === 'real' ? '' : '; MARKET CLOCK: development, not secure'
  const shares = health.shares.map(
    ({ public_key: key, threshold, members, confirmed }) =>
      `${key.slice(0, 18)}… ${threshold} of ${members}${confirmed ? '' : ' (not confirmed)'}`,
  )
  return `${health.signed} labels signed; shares of ${shares.join(', ') || 'nothing'}${clock}`
}

const retire: Task = async (operands, values, output) => {
  const directory = operand(operands, 0, 'the folder of the member')
  operand(operands, 1, 'the file of a committee to keep')
  const keep = operands.slice(1).flatMap((path) => (readJson(path) as CommitteeKeys).members)
  const { dataDir } = readConfig(join(directory, 'member.json'))
  const keys = KeyFile.open(dataDir, passphraseFrom(process.env))
  const erased = keys.retire(keep.map(({ verificationKey }) => verificationKey))
  const left = keys.secrets.shares.length
  say(values, output, { erased, left }, `Erased ${erased} shares; ${left} left.`)
}

export const committeeTasks: Readonly<Record<Name, Task>> = {
  init,
  plan,
  approve,
  run,
  dkg: carry('generate'),
  reshare: carry('reshare'),
  status,
  retire,
}
