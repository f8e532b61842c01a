/**
 * Trades told in lines of a table: who does what, and what the market answers. Nothing outside of
 * tests imports it.
 *
 * ```text
 *   alice invites bob        as A  price 20     agreed upon as A from here on
 *   bob counters A           as B  price 18
 *   alice accepts B
 * ```
 */
import { type ContractTerms, noContract } from '../../trades/index.ts'
import { type Command, gateOf, type Outcome } from '../index.ts'
import { accountOf, firstInterval, hex, type Market, type Person, testContract } from './market.ts'
import { acceptance, proposal, termsOf } from './trade-market.ts'

type Side = 'alice' | 'bob' | 'carol'

const isSide = (word: string | undefined): word is Side =>
  word === 'alice' || word === 'bob' || word === 'carol'

/** A contract by the letter that its line gives it. */
type Named = { readonly terms: ContractTerms; readonly contract: string }

/**
 * What follows a letter: `price` in hundredths per kWh, `wh` of each interval, `from` and `for` in
 * intervals, `fee` for leaving in micros, `until` seconds before the gate of `from`.
 */
function changeOf(words: readonly string[]): Partial<ContractTerms> {
  const at = (word: string): number | undefined => {
    const place = words.indexOf(word)
    return place < 0 ? undefined : Number(words[place + 1])
  }
  const [price, wh, from, intervals, fee] = ['price', 'wh', 'from', 'for', 'fee'].map(at)
  const until = at('until')
  return {
    ...(price === undefined ? {} : { priceMicrosPerKwh: price * 10_000 }),
    ...(wh === undefined ? {} : { profile: { kind: 'per-interval', energyWh: wh } }),
    ...(from === undefined ? {} : { fromInterval: firstInterval + from }),
    ...(intervals === undefined ? {} : { intervals }),
    ...(fee === undefined ? {} : { exitFeeMicros: fee }),
    ...(until === undefined || from === undefined
      ? {}
      : { expiresAt: (firstInterval + from) * 300_000 - 60_000 - until * 1_000 }),
  }
}

/** Plays lines on a market. */
export class TradeStory {
  readonly market: Market
  readonly contracts = new Map<string, Named>()
  #ids = 0

  constructor(market: Market) {
    this.market = market
  }

  contract(letter: string): Named {
    const named = this.contracts.get(letter)
    if (named === undefined) throw new Error(`no line has named ${letter}`)
    return named
  }

  /** What the line's command is answered: `ok`, or a code with the field in brackets. */
  play(line: string): string {
    const words = line.trim().split(/\s+/)
    const [who = '', what = '', whom = ''] = words
    if (who === 'at') return this.#pass(words)
    const outcome = this.market.submit(this.#command(who as Person, what, whom, words))
    return shown(outcome)
  }

  #command(who: Person, what: string, whom: string, words: readonly string[]): Command {
    switch (what) {
      case 'invites':
        return this.#propose(who, this.#fresh(who, whom, changeOf(words)), words)
      case 'asks':
        return this.#propose(who, this.#fresh(whom as Person, who, changeOf(words)), words)
      case 'counters':
      case 'changes': {
        const before = this.contract(whom)
        const replaces = { replaces: before.contract, id: this.#id() }
        return this.#propose(who, { ...before.terms, ...changeOf(words), ...replaces }, words)
      }
      case 'again':
        return proposal(this.market, who, this.contract(whom).terms)
      case 'accepts':
        return acceptance(this.market, who, this.contract(whom).contract)
      case 'declines':
      case 'withdraws':
      case 'leaves': {
        const kind = what === 'leaves' ? 'exit_trade' : (`${what.slice(0, -1)}_trade` as const)
        const content = { contract: this.contract(whom).contract }
        return this.market.instruction(kind as 'exit_trade', who, content)
      }
      case 'suspends':
      case 'reinstates': {
        const kind = `${what.slice(0, -1)}_participant` as 'suspend_participant'
        return this.market.instruction(kind, who, { participant: accountOf(whom as Person) })
      }
      default:
        throw new Error(`nobody knows how to ${what}`)
    }
  }

  #id(): string {
    this.#ids += 1
    return hex(this.#ids, 32)
  }

  #fresh(seller: string, buyer: string, change: Partial<ContractTerms>): ContractTerms {
    if (!isSide(seller) || !isSide(buyer)) throw new Error(`${seller} and ${buyer} cannot trade`)
    const id = { id: this.#id(), replaces: noContract }
    return termsOf(this.market, seller, buyer, { ...change, ...id })
  }

  #propose(who: Person, terms: ContractTerms, words: readonly string[]): Command {
    const letter = words[words.indexOf('as') + 1] ?? ''
    const expiresAt = Math.max(terms.expiresAt, this.market.at + 1)
    const whole = { ...terms, expiresAt }
    this.contracts.set(letter, { terms: whole, contract: testContract(whole) })
    return proposal(this.market, who, whole)
  }

  /** `at 3` is the start of interval 3, `at gate 3` its gate, which closes; `at lapse A`. */
  #pass([, what = '', ...rest]: readonly string[]): string {
    const { market } = this
    if (what === 'lapse') {
      market.to(this.contract(rest[0] ?? '').terms.expiresAt)
      return shown(market.submit({ kind: 'tend_trades' }))
    }
    const interval = Number(what === 'gate' ? rest[0] : what)
    for (let next = 0; next < interval; next += 1) {
      if (market.state.clearedThrough < firstInterval + next) this.#close(next)
    }
    if (what === 'gate') return shown(this.#close(interval))
    market.toStart(interval)
    return 'ok'
  }

  #close(interval: number): Outcome {
    const { market } = this
    if (market.at < gateOf(market.state, firstInterval + interval)) market.toGate(interval)
    return market.closeGate(interval)
  }

  /** Reads that nothing was delivered in an interval. */
  deliverNothing(interval: number): this {
    const { market } = this
    if (market.at < (firstInterval + interval + 1) * 300_000) market.toStart(interval + 1)
    for (const owner of ['alice', 'bob', 'carol'] as const) {
      for (const boundary of [interval, interval + 1]) market.read(owner, boundary, 0, 0)
    }
    return this
  }
}

function shown(outcome: Outcome): string {
  if (outcome.kind === 'accepted') return 'ok'
  return outcome.field === undefined ? outcome.reason : `${outcome.reason} (${outcome.field})`
}
