/** A chain in memory that holds at once what it is told, and what a test puts there. */
import type {
  ChainCall,
  ChainDemand,
  ChainDispute,
  ChainClearing,
  ChainDeployment,
  ChainEffect,
  ChainInterval,
  ChainMovement,
  SettlementChain,
} from '../app/ports/chain.ts'
import { Micros } from '@busbar/core/units'
import { bytesToHex, hexToBytes, keccak256 } from '@busbar/protocols/hash'

const address = (digit: string): `0x${string}` => `0x${digit.repeat(40)}`

export class LedgerChain implements SettlementChain {
  readonly description = 'in memory'
  readonly deployment: ChainDeployment = {
    chainId: 31_337,
    clearingHouse: address('1'),
    participantRegistry: address('2'),
    intervalLog: address('3'),
    tradeHolds: address('6'),
    accountKeys: address('7'),
    fiatToken: address('4'),
    clearingProofs: address('5'),
    clearingVerifier: address('0'),
    fromBlock: 0,
  }
  readonly effects: ChainEffect[] = []
  readonly movements: ChainMovement[] = []
  /** Answered as soon as an effect does. */
  demands: readonly ChainDemand[] = []
  disputes: ChainDispute[] = []
  /** What `timeMs` says. */
  now = 0
  readonly accounts = new Map<number, bigint>()
  /** By account, what it was told to hold for trades. */
  readonly held = new Map<number, bigint>()
  /** By key: the accounts of passkeys by which it pays. */
  readonly passkeys = new Map<string, number>()
  readonly #intervals = new Map<string, ChainInterval>()
  block = 0

  encode(effect: ChainEffect): readonly ChainCall[] {
    this.effects.push(effect)
    this.#take(effect)
    const id = idOf(effect)
    return [{ id, description: effect.kind, toAddress: address('9'), calldata: '0x' }]
  }

  balances(count: number): Promise<readonly bigint[]> {
    return Promise.resolve(Array.from({ length: count }, (_, n) => this.accounts.get(n) ?? 0n))
  }

  holds(accounts: readonly number[]): Promise<readonly bigint[]> {
    return Promise.resolve(accounts.map((account) => this.held.get(account) ?? 0n))
  }

  admittedPasskeys(): ReturnType<SettlementChain['admittedPasskeys']> {
    return Promise.resolve([...this.passkeys].map(([publicKey, account]) =>
      ({ account, keyHash: bytesToHex(keccak256(hexToBytes(publicKey))) })))
  }

  supply(): Promise<{ readonly total: bigint; readonly held: bigint }> {
    const total = [...this.accounts.values()].reduce((sum, balance) => sum + balance, 0n)
    return Promise.resolve({ total, held: total })
  }

  interval(zone: number, interval: number): Promise<ChainInterval | undefined> {
    return Promise.resolve(this.#intervals.get(`${zone}/${interval}`))
  }

  /** What a liar would put there. */
  forge(zone: number, interval: number, change: Partial<ChainInterval>): void {
    const held = this.#intervals.get(`${zone}/${interval}`)
    if (held !== undefined) this.#intervals.set(`${zone}/${interval}`, { ...held, ...change })
  }

  forgeClearing(zone: number, interval: number, change: Partial<ChainClearing>): void {
    const clearing = this.#intervals.get(`${zone}/${interval}`)?.clearing ?? null
    if (clearing !== null) this.forge(zone, interval, { clearing: { ...clearing, ...change } })
  }

  forget(zone: number, interval: number): void {
    this.#intervals.delete(`${zone}/${interval}`)
  }

  finalMovements(): Promise<{ throughBlock: number; movements: readonly ChainMovement[] }> {
    return Promise.resolve({ throughBlock: this.block, movements: this.movements })
  }

  openDemands(): Promise<readonly ChainDemand[]> {
    return Promise.resolve(this.demands)
  }

  openDisputes(): Promise<readonly ChainDispute[]> {
    return Promise.resolve(this.disputes)
  }

  timeMs(): Promise<number> {
    return Promise.resolve(this.now)
  }

  /** What an owner does by itself. A payment takes the money from its account. */
  happen(movement: ChainMovement): void {
    this.movements.push(movement)
    const { account, amount, kind } = movement
    const change = { deposit: amount, payment: -amount, request: 0n }[kind]
    this.accounts.set(account, (this.accounts.get(account) ?? 0n) + change)
  }

  health(): Promise<{ readonly block: number; readonly timestampMs: number }> {
    return Promise.resolve({ block: this.block, timestampMs: 0 })
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  #take(effect: ChainEffect): void {
    const add = (account: number, amount: bigint): void => {
      this.accounts.set(account, (this.accounts.get(account) ?? 0n) + amount)
    }
    if (effect.kind === 'fund') {
      for (const [index, { account, amount }] of effect.deposits.entries()) {
        const reference = `${effect.reference}:${index}`
        this.happen({ kind: 'deposit', reference, account, amount: Micros.from(amount) })
      }
    } else if (effect.kind === 'hold') {
      for (const { account, amount } of effect.holds) this.held.set(account, amount)
    } else if (effect.kind === 'admit_passkey') {
      this.passkeys.set(effect.publicKey, effect.account)
    } else if (effect.kind === 'revoke_passkey') this.passkeys.delete(effect.publicKey)
    else if (effect.kind === 'withdraw') add(effect.account, -effect.amount)
    else if (effect.kind === 'fix_orders') {
      const { zone, interval, ordersRoot, orderCount, rulebookHash } = effect
      this.#intervals.set(`${zone}/${interval}`, {
        ...{ ordersRoot, orderCount, rulebookHash, status: 'fixed', clearing: null },
        ...{ clearingRoot: null, proofDueMs: null, judgedIn: null, runs: [] },
      })
    } else if (effect.kind === 'commit_clearing') {
      const { zone, interval, price, energy, voidCount, fillsRoot, clearingRoot } = effect
      const clearing = { price, energy, voidCount, fillsRoot, clearingRoot }
      this.forge(zone, interval, { status: 'cleared', clearing, clearingRoot })
    } else if (effect.kind === 'prove_clearing') {
      const { zone, interval } = effect
      this.forge(zone, interval, { status: 'proven', judgedIn: `0x${'7'.repeat(64)}` })
    } else if (effect.kind === 'show_order') {
      this.demands = this.demands.filter(({ commitment }) => commitment !== effect.commitment)
    } else if (effect.kind === 'settle_run') {
      for (const { account, amount } of effect.net) add(account, amount)
      const { zone, interval, readingsRoot, postingsRoot } = effect
      const runs = this.#intervals.get(`${zone}/${interval}`)?.runs ?? []
      this.forge(zone, interval, { runs: [...runs, { readingsRoot, postingsRoot }] })
    }
  }
}

function idOf(effect: ChainEffect): string {
  switch (effect.kind) {
    case 'admit':
      return `admit/${effect.participants.map(({ account }) => account).join('-')}`
    case 'suspend':
    case 'reinstate':
    case 'replace_key':
      return `${effect.kind}/${effect.account}`
    case 'fund':
      return `fund/${effect.reference}`
    case 'fix_orders':
      return `fix/${effect.zone}/${effect.interval}`
    case 'show_order':
      return `show/${effect.zone}/${effect.interval}/${effect.commitment}`
    case 'prove_clearing':
      return `prove/${effect.zone}/${effect.interval}`
    case 'commit_clearing':
      return `commit/${effect.zone}/${effect.interval}`
    case 'flag_overdue':
      return `flag/${effect.zone}/${effect.interval}`
    case 'settle_run':
      return `settle/${effect.zone}/${effect.interval}/${effect.run}`
    case 'hold':
      return `hold/${effect.list}`
    case 'admit_passkey':
    case 'revoke_passkey':
      return `${effect.kind}/${effect.account}/${effect.publicKey}`
    case 'withdraw':
      return `withdraw/${effect.account}/${effect.id}`
    case 'claim':
      return `claim/${effect.reference}`
  }
}
