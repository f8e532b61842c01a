/** Takes an account's money out on the chain, without the exchange: by its registered key. */
import type { Hex } from 'viem'
import { clearingHouseAbi } from '../adapters/chain/contracts.ts'
import { Sender } from './sender.ts'

export type Leaving = {
  /** Micros that the chain has for the account, and of them what it cannot take out yet. */
  readonly balance: bigint
  readonly heldBack: bigint
  /** What was asked for, and from when on it can be claimed; null where nothing was. */
  readonly request: { readonly amount: bigint; readonly claimableAtMs: number } | null
  /** From then on the operator counts as silent, if it commits nothing. */
  readonly silentFromMs: number
  /** The chain's own time. */
  readonly nowMs: number
}

type Requested = readonly [amount: bigint, claimableAt: bigint, waits: boolean]

export type Leaver = {
  readonly address: string
  state(account: number): Promise<Leaving>
  /** Asks for money, to be claimed after a delay, in the place of what was asked for before. */
  request(account: number, amount: bigint): Promise<string>
  /** Takes what was asked for, as far as it is free. */
  claim(account: number): Promise<string>
  /** Takes all that is free, where the operator is silent. */
  exit(account: number): Promise<string>
}

/**
 * Faults of its methods: CHAIN_UNREACHABLE; CHAIN_REFUSED with the contract's own words, before
 * anything is paid for.
 */
export function openLeaver(options: {
  readonly nodeUrl: string
  readonly key: string
  readonly clearingHouse: string
}): Leaver {
  const sender = new Sender(options.nodeUrl, options.key)
  const house = options.clearingHouse as Hex
  const read = <Result>(name: string, args: readonly unknown[] = []): Promise<Result> =>
    sender.read<Result>(house, clearingHouseAbi, name, args)
  const send = (name: string, args: readonly unknown[]): Promise<string> =>
    sender.send(house, clearingHouseAbi, name, args)
  return {
    address: sender.address,
    async state(account) {
      const [balance, heldBack, request, silentFrom, block] = await Promise.all([
        read<bigint>('balanceOf', [account]),
        read<bigint>('heldBackOf', [account]),
        read<Requested>('requestOf', [account]),
        read<bigint>('silentFrom'),
        sender.rpc.call<{ readonly timestamp: Hex }>('eth_getBlockByNumber', ['latest', false]),
      ])
      const [amount, claimableAt] = request
      return {
        ...{ balance, heldBack, silentFromMs: milliseconds(silentFrom) },
        request: amount === 0n ? null : { amount, claimableAtMs: milliseconds(claimableAt) },
        nowMs: milliseconds(BigInt(block.timestamp)),
      }
    },
    request: (account, amount) => send('requestWithdrawal', [account, amount]),
    claim: (account) => send('claimWithdrawal', [account]),
    exit: (account) => send('exit', [account]),
  }
}

const milliseconds = (seconds: bigint): number => Number(seconds) * 1_000
