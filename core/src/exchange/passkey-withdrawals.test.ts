/**
 * Goal: money leaves by a passkey that its account wanted, to the account's own address alone, and
 * the chain is told of that passkey before it is to pay, and of its end before anything after it.
 * Method: a table of who would take money and how; histories by chance beside a second judge, who
 * reads the list of what was accepted, and a plain list in the place of the chain, that takes
 * effects one by one. Replay one failure with `SEED=…`.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { passkeyIn } from '../registry/index.ts'
import { type Command, decodeState, deskDelaySeconds, type Effect, encodeState } from './index.ts'
import { byJoinCode, issuing, joinCodeOf } from './testing/join-case.ts'
import { accountOf, hex, type Market, newcomer, openMarket } from './testing/market.ts'
import { bySigned, passkeyOf, registering } from './testing/passkey-case.ts'
import { openGuardedMarket } from './testing/two-people-case.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const delayMs = deskDelaySeconds * 1_000
const alice = accountOf('alice')
const phone = passkeyOf('alice', 1)
const laptop = passkeyOf('alice', 2)

const withdrawing = (market: Market, passkey = phone, amountMicros = 1_000): Command =>
  bySigned(market.withdrawal('alice', amountMicros), passkey)

const answered = (market: Market, command: Command): string => {
  const outcome = market.submit(command)
  return outcome.kind === 'accepted' ? 'ok' : `${outcome.reason} ${outcome.field}`
}

/** What the market tells the chain of passkeys and withdrawals, in order. */
const told = (market: Market): readonly string[] =>
  market.effects.flatMap((effect) => {
    if (effect.kind === 'passkey_put_on_chain') return [`put ${effect.publicKey} ${effect.host}`]
    if (effect.kind === 'passkey_revoked' && effect.wasOnChain) return [`end ${effect.publicKey}`]
    return effect.kind === 'withdrawal_released' ? [`pay ${effect.to}`] : []
  })

describe('a withdrawal by a passkey', () => {
  test('goes to the account’s address, and the chain is told of the passkey first, once', () => {
    const market = openMarket()
    market.must(registering(market, 'alice', phone))
    const before = market.balance('alice')
    deepEqual(market.must(withdrawing(market)), {
      kind: 'withdrawal_released', amountMicros: 1_000,
    })
    market.must(withdrawing(market))
    equal(market.balance('alice'), before - 2_000n)
    const { address } = market.state.participants[alice - 3]!
    deepEqual(told(market), [
      `put ${phone.publicKey} busbar.example`, `pay ${address}`, `pay ${address}`,
    ])
  })

  test('that comes again has no effect again', () => {
    const market = openMarket()
    market.must(registering(market, 'alice', phone))
    const command = withdrawing(market)
    market.must(command)
    const before = told(market)
    const outcome = market.submit(command)
    ok(outcome.kind === 'accepted' && outcome.repeated)
    deepEqual(told(market), before)
  })

  test('that is refused tells the chain nothing', () => {
    const market = openMarket()
    market.must(registering(market, 'alice', phone))
    const more = Number(market.balance('alice')) + 1
    equal(answered(market, withdrawing(market, phone, more)), 'funds_insufficient amountMicros')
    const elsewhere = { ...withdrawing(market), to: hex(99, 40) } as Command
    equal(answered(market, elsewhere), 'address_foreign to')
    deepEqual(told(market), [])
    equal(market.state.passkeysOnChain.size, 0)
  })

  test('that was revoked ends on the chain, where it was there at all', () => {
    const market = openMarket()
    for (const passkey of [phone, laptop]) market.must(registering(market, 'alice', passkey))
    market.must(withdrawing(market))
    for (const { publicKey } of [phone, laptop]) {
      market.must(market.instruction('revoke_passkey', 'retailer', { publicKey }))
    }
    equal(told(market).at(-1), `end ${phone.publicKey}`)
    equal(answered(market, withdrawing(market)), 'passkey_unknown signature')
    deepEqual([...market.state.passkeysOnChain], [])
  })

  test('is in a snapshot', () => {
    const market = openMarket()
    market.must(registering(market, 'alice', phone))
    market.must(withdrawing(market))
    deepEqual(decodeState(encodeState(market.state)), market.state)
    deepEqual([...market.state.passkeysOnChain], [phone.publicKey])
  })
})

type Row = readonly [who: string, arrange: (market: Market) => void, answer: string]

const spoken = (market: Market): void => {
  market.must(market.orderOf('alice', 'sell', 100, 200_000, 1))
}
const joined = (market: Market, by: 'alice' | 'retailer', passkey = phone, number = 1): void => {
  market.must(issuing(market, by, joinCodeOf(market, 'alice', number)))
  market.must(byJoinCode(registering(market, 'alice', passkey), number))
}
const needed = 'registered_key_needed signature'

/** Who has got a passkey into alice's account, and asks for her money with it a day later. */
const rows: readonly Row[] = [
  ['the account, by its key', (m) => void m.must(registering(m, 'alice', phone)), 'ok'],
  ['its retailer, by its word alone', (m) => {
    m.must(registering(m, 'retailer', phone))
  }, needed],
  ['its retailer, and then the account for the very same', (m) => {
    m.must(registering(m, 'retailer', phone))
    m.must(registering(m, 'alice', phone))
  }, 'ok'],
  ['its retailer by a join code, where the account had spoken', (m) => {
    spoken(m)
    joined(m, 'retailer')
  }, needed],
  ['its retailer by a join code, where nobody had ever spoken', (m) => joined(m, 'retailer'), 'ok'],
  ['its retailer by a join code, where what was signed stands in no journal', (m) => {
    m.must({ kind: 'record_word', account: alice })
    joined(m, 'retailer')
  }, needed],
  ['its retailer by a join code, where a device of its own word has signed nothing', (m) => {
    m.must(registering(m, 'retailer', laptop))
    m.at += delayMs
    joined(m, 'retailer')
  }, needed],
  ['its retailer by a join code, where such a device was called lost', (m) => {
    m.must(registering(m, 'retailer', laptop))
    m.must(m.instruction('revoke_passkey', 'retailer', { publicKey: laptop.publicKey }))
    joined(m, 'retailer')
  }, needed],
  ['its retailer by a second join code', (m) => {
    joined(m, 'retailer', laptop, 2)
    joined(m, 'retailer')
  }, needed],
  ['the account by a join code', (m) => {
    spoken(m)
    joined(m, 'alice')
  }, 'ok'],
  ['a passkey of the account’s own', (m) => {
    m.must(registering(m, 'alice', laptop))
    m.must(bySigned(registering(m, 'alice', phone), laptop))
  }, 'ok'],
  ['a passkey of the retailer’s word', (m) => {
    m.must(registering(m, 'retailer', laptop))
    m.at += delayMs
    m.must(bySigned(registering(m, 'alice', phone), laptop))
  }, needed],
  ['a join code of a passkey of the retailer’s word', (m) => {
    m.must(registering(m, 'retailer', laptop))
    m.at += delayMs
    m.must(bySigned(issuing(m, 'alice', joinCodeOf(m, 'alice', 1)), laptop))
    m.must(byJoinCode(registering(m, 'alice', phone), 1))
  }, needed],
  ['itself, asked for again by a passkey of the retailer’s word', (m) => {
    m.must(registering(m, 'retailer', phone))
    m.at += delayMs
    m.must(bySigned(registering(m, 'alice', phone), phone))
  }, needed],
  ['the operator', (m) => {
    equal(answered(m, registering(m, 'operator', phone)), 'role_missing account')
  }, 'passkey_unknown signature'],
  ['somebody else', (m) => {
    equal(answered(m, registering(m, 'bob', phone)), 'role_missing account')
  }, 'passkey_unknown signature'],
  ['whoever took a phone that was revoked', (m) => {
    m.must(registering(m, 'alice', phone))
    m.must(m.instruction('revoke_passkey', 'retailer', { publicKey: phone.publicKey }))
  }, 'passkey_unknown signature'],
]

describe('money leaves by a passkey that was brought by', () => {
  for (const [who, arrange, answer] of rows) {
    test(`${who}: ${answer}`, () => {
      const market = openMarket()
      arrange(market)
      market.at += delayMs
      equal(answered(market, withdrawing(market)), answer)
      equal(told(market).length, answer === 'ok' ? 2 : 0)
    })
  }

  test('the account, for itself: nothing to another’s address, whoever wants it', () => {
    const market = openMarket()
    market.must(registering(market, 'alice', phone))
    for (const person of ['bob', 'retailer', 'operator'] as const) {
      const to = market.state.participants[accountOf(person) - 3]?.address ?? ''
      const command = { ...withdrawing(market), to } as Command
      equal(answered(market, command), 'address_foreign to')
    }
  })

  test('the account, and goes where its key is, once that is another', () => {
    const market = openMarket()
    market.must(registering(market, 'alice', phone))
    const old = withdrawing(market)
    const { address, publicKey } = newcomer(95)
    const content = { participant: alice, address, publicKey }
    market.must(market.instruction('replace_key', 'alice', content))
    equal(answered(market, old), 'address_foreign to')
    market.must(withdrawing(market))
    equal(told(market).at(-1), `pay ${address}`)
  })

  test('nobody: one’s own key is not replaced by one', () => {
    const market = openMarket()
    market.must(registering(market, 'alice', phone))
    const { address, publicKey } = newcomer(95)
    const content = { participant: alice, address, publicKey }
    const command = bySigned(market.instruction('replace_key', 'alice', content), phone)
    equal(answered(market, command), needed)
  })

  test('an account that decides, without a second person: it is its own', () => {
    const market = openGuardedMarket()
    const own = passkeyOf('operator', 1)
    market.must(registering(market, 'operator', own))
    market.must(market.deposit('operator', 5_000))
    market.must(bySigned(market.withdrawal('operator', 1_000), own))
    equal(told(market).length, 2)
  })
})

type Signer = 'key' | 1 | 2
type Step =
  | { readonly do: 'register'; readonly by: 'alice'; readonly signer: Signer; readonly one: number }
  | { readonly do: 'register'; readonly by: 'retailer'; readonly one: number }
  | { readonly do: 'issue'; readonly by: 'alice'; readonly signer: Signer; readonly code: number }
  | { readonly do: 'issue'; readonly by: 'retailer'; readonly code: number }
  | { readonly do: 'join'; readonly code: number; readonly one: number }
  | { readonly do: 'revoke'; readonly one: number }
  | { readonly do: 'withdraw'; readonly one: number }
  | { readonly do: 'wait' }

/**
 * Whether alice wanted passkey `one`: read from the end of what was accepted. Somebody who has her
 * key asked for it; or a passkey that she wanted then; or a code of either; or her retailer's code
 * while she had never said a word, and nobody had asked for a passkey of hers.
 */
function wanted(accepted: readonly Step[], one: number): boolean {
  return accepted.some((step, at) => {
    const before = accepted.slice(0, at)
    const byHer = (signer: Signer): boolean => signer === 'key' || wanted(before, signer)
    if (step.do === 'register' && step.one === one) return step.by === 'alice' && byHer(step.signer)
    if (step.do !== 'join' || step.one !== one) return false
    const issued = before.findLastIndex(
      (other) => other.do === 'issue' && other.code === step.code)
    const code = before[issued]
    if (code?.do !== 'issue') return false
    if (code.by === 'retailer') {
      return !before.some((other) => other.do === 'register' || isHerWord(other))
    }
    return code.signer === 'key' || wanted(before.slice(0, issued), code.signer)
  })
}

const isHerWord = (step: Step): boolean =>
  step.do === 'join' || step.do === 'withdraw' ||
  ((step.do === 'register' || step.do === 'issue') && step.by === 'alice')

const passkey = (number: number) => passkeyOf('alice', number)

function commandOf(market: Market, step: Exclude<Step, { readonly do: 'wait' }>): Command {
  const by = (command: Command, signer: Signer): Command =>
    signer === 'key' ? command : bySigned(command, passkey(signer))
  switch (step.do) {
    case 'register': {
      const command = registering(market, step.by, passkey(step.one))
      return step.by === 'alice' ? by(command, step.signer) : command
    }
    case 'issue': {
      const command = issuing(market, step.by, joinCodeOf(market, 'alice', step.code, {
        untilMs: market.at + 10 * delayMs,
      }))
      return step.by === 'alice' ? by(command, step.signer) : command
    }
    case 'join':
      return byJoinCode(registering(market, 'alice', passkey(step.one)), step.code)
    case 'revoke': {
      const { publicKey } = passkey(step.one)
      return market.instruction('revoke_passkey', 'retailer', { publicKey })
    }
    case 'withdraw':
      return bySigned(market.withdrawal('alice', 1), passkey(step.one))
  }
}

/** The chain in the place of the contract: what it is told, one by one, and what it would pay. */
class PlainChain {
  readonly #admitted = new Set<string>()
  readonly #ended = new Set<string>()
  paid = 0

  take(effect: Effect): void {
    if (effect.kind === 'passkey_put_on_chain') {
      ok(!this.#admitted.has(effect.publicKey) && !this.#ended.has(effect.publicKey), 'put once')
      this.#admitted.add(effect.publicKey)
    } else if (effect.kind === 'passkey_revoked' && effect.wasOnChain) {
      ok(this.#admitted.delete(effect.publicKey), 'ended where it was')
      this.#ended.add(effect.publicKey)
    } else if (effect.kind === 'withdrawal_released') {
      ok(this.#admitted.has(passkeyIn(effect.signature) ?? ''), 'the chain knows the passkey')
      this.paid += 1
    }
  }

  knows = (name: string): boolean => this.#admitted.has(name)
}

const number = fc.integer({ min: 1, max: 2 })
const signer = fc.constantFrom<Signer>('key', 1, 2)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('register' as const), by: fc.constant('alice' as const), signer, one: number,
  }),
  fc.record({
    do: fc.constant('register' as const), by: fc.constant('retailer' as const), one: number,
  }),
  fc.record({
    do: fc.constant('issue' as const), by: fc.constant('alice' as const), signer, code: number,
  }),
  fc.record({
    do: fc.constant('issue' as const), by: fc.constant('retailer' as const), code: number,
  }),
  fc.record({ do: fc.constant('join' as const), code: number, one: number }),
  fc.record({ do: fc.constant('revoke' as const), one: number }),
  fc.record({ do: fc.constant('withdraw' as const), one: number }),
  fc.record({ do: fc.constant('withdraw' as const), one: number }),
  fc.record({ do: fc.constant('wait' as const) }),
)

test('leaves as a judge who reads the history says, and as the chain would pay it', () => {
  let [released, refused] = [0, 0]
  fc.assert(
    fc.property(fc.array(step, { minLength: 6, maxLength: 16, size: 'max' }), (steps) => {
      const market = openMarket()
      const accepted: Step[] = []
      const chain = new PlainChain()
      for (const one of steps) {
        if (one.do === 'wait') {
          market.at += delayMs
          continue
        }
        const speaks = one.do === 'withdraw' &&
          market.at >= (market.state.passkeys.get(passkey(one.one).publicKey)?.signsFrom ?? NaN)
        const { outcome, effects } = market.apply(commandOf(market, one))
        for (const effect of effects) chain.take(effect)
        const isAccepted = outcome.kind === 'accepted'
        if (one.do === 'withdraw') {
          equal(isAccepted, speaks && wanted(accepted, one.one), `of passkey ${one.one}`)
          if (isAccepted) released += 1
          else refused += 1
        }
        if (isAccepted) accepted.push(one)
      }
      equal(chain.paid, accepted.filter((one) => one.do === 'withdraw').length)
      for (const one of [1, 2]) {
        const { publicKey } = passkey(one)
        equal(chain.knows(publicKey), market.state.passkeysOnChain.has(publicKey))
      }
    }),
    { ...replay, numRuns: 600 },
  )
  // Neither side is seen too seldom to say anything.
  ok(released > 50 && refused > 50, `${released} released, ${refused} refused`)
})
