/** `busbar leave`: an owner's money, out of the contract by its own key. */
import { isHex } from '@busbar/protocols/hash'
import { type Leaver, type Leaving, openLeaver } from '@busbar/server/own-node/leaver'
import type { Values } from '../arguments.ts'
import { exitCodes, UsageError } from '../cli-error.ts'
import type { Output } from '../command.ts'
import { keyIn } from '../desk/keys.ts'
import { micros } from '../desk/quantities.ts'
import { exactMoney as money } from '../text.ts'
import { clientOf } from './chain-access.ts'

/** Resolves with the exit code. */
export async function runLeave(values: Values, output: Output): Promise<number> {
  const account = accountIn(values.positionals)
  const act = actIn(values)
  const leaver = await leaverOf(values)
  const before = await leaver.state(account)
  const transaction = await act?.(leaver, account, before) ?? null
  const after = transaction === null ? before : await leaver.state(account)
  if (values.flag('json')) output.print(JSON.stringify(plain(account, after, transaction)))
  else tell(output, after, transaction)
  return exitCodes.ok
}

type Act = (leaver: Leaver, account: number, now: Leaving) => Promise<string>

function accountIn([text, ...more]: readonly string[]): number {
  const account = Number(text)
  if (more.length > 0 || text === undefined || !Number.isSafeInteger(account) || account < 3) {
    throw new UsageError('it takes the number of one ACCOUNT')
  }
  return account
}

/** @throws UsageError where more than one thing is asked for */
function actIn(values: Values): Act | undefined {
  const amount = values.text('amount')
  const acts: Act[] = []
  if (amount !== undefined) {
    const wanted = amount === 'all' ? undefined : BigInt(micros(amount, '--amount'))
    acts.push((leaver, account, { balance }) => leaver.request(account, wanted ?? balance))
  }
  if (values.flag('claim')) acts.push((leaver, account) => leaver.claim(account))
  if (values.flag('exit')) acts.push((leaver, account) => leaver.exit(account))
  if (acts.length > 1) throw new UsageError('one of --amount, --claim and --exit at a time')
  return acts[0]
}

async function leaverOf(values: Values): Promise<Leaver> {
  const nodeUrl = values.text('node')
  if (nodeUrl === undefined) throw new UsageError('--node is the URL of a node of the chain')
  const file = values.text('key')
  if (file === undefined) throw new UsageError('--key names the file with the registered key')
  const house = values.text('house') ?? (await clientOf(values).market()).contracts?.clearingHouse
  if (!isHex(house, 20)) throw new UsageError('--house is 0x and 40 hex digits')
  return openLeaver({ nodeUrl, key: await keyIn(file), clearingHouse: house })
}

const plain = (
  account: number,
  { balance, heldBack, request, silentFromMs, nowMs }: Leaving,
  transaction: string | null,
) => ({
  ...{ account, balance_micros: Number(balance), held_back_micros: Number(heldBack) },
  requested_micros: request === null ? null : Number(request.amount),
  claimable_at_ms: request?.claimableAtMs ?? null,
  ...{ silent_from_ms: silentFromMs, now_ms: nowMs, transaction },
})

function tell(output: Output, now: Leaving, transaction: string | null): void {
  const { balance, heldBack, request, silentFromMs, nowMs } = now
  if (transaction !== null) output.print(`Done by ${transaction}.`)
  const [all, held] = [balance, heldBack].map((amount) => money(Number(amount)))
  output.print(`The chain has ${all}, of which ${held} is held back.`)
  const at = (ms: number): string => new Date(ms).toISOString()
  const asked = money(Number(request?.amount ?? 0n))
  if (request === null) output.print('Nothing is asked for: --amount asks.')
  else if (nowMs < request.claimableAtMs) {
    output.print(`${asked} can be claimed from ${at(request.claimableAtMs)} on.`)
  } else output.print(`${asked} can be claimed: --claim takes it.`)
  output.print(
    nowMs < silentFromMs
      ? `The operator counts as silent from ${at(silentFromMs)} on, if it commits nothing.`
      : 'The operator is silent: --exit takes all that is free at once.',
  )
}
