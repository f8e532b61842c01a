/** The table of what is refused about money, the registry and private reads. */
import type { Doors, Row } from './door-cases.ts'
import {
  addressOf,
  type DoorMarket,
  doorRulebook,
  first,
  publicKeyOf,
  signWith,
} from './door-market.ts'

const withdraws =
  (amountMicros: number, to?: string, who = 'alice') =>
  async ({ market }: Doors) => {
    const fields = { amountMicros, to: to ?? addressOf(who) }
    const withdrawals = [await market.signer(who).withdrawal(fields)]
    return market.post('/v1/withdrawals', { withdrawals })
  }

export const moneyRows: readonly Row[] = [
  [
    'withdrawing more than is available', 409, 'funds_insufficient', withdraws(60_000_000),
    'amountMicros', /^at most \d+$/,
  ],
  ['withdrawing to another address', 403, 'address_foreign', withdraws(1, addressOf('bob')), 'to'],
  ['withdrawing nothing', 422, 'field_invalid', withdraws(0), 'withdrawals[0].amountMicros', /1/],
  [
    'withdrawing while suspended', 403, 'account_suspended', withdraws(1, undefined, 'dave'),
    'account',
  ],
]

const instructs =
  (who: string, kind: string, content: unknown) =>
  async ({ market }: Doors) => {
    // Also what the types forbid must be refused by the server.
    const signer = market.signer(who)
    const instruction = await signer.instruction(kind as 'register_zone', content as never)
    return market.post('/v1/instructions', { instructions: [instruction] })
  }

const newcomer = (change: Readonly<Record<string, unknown>> = {}) => ({
  name: 'frank',
  roles: ['prosumer'],
  address: addressOf('frank'),
  publicKey: publicKeyOf('frank'),
  retailer: null,
  ...change,
})

const newMeter = (change: Readonly<Record<string, unknown>>) => ({
  ...{ name: 'second', kind: 'physical', account: 9, zone: 0, gateway: 0 },
  ...{ importWattsMax: 1_000, exportWattsMax: 1_000, digits: 9 },
  ...change,
})

const future = first + 500
const { feeMicrosPerKwh: _fee, ...feeless } = doorRulebook
const disagreeing = { ...doorRulebook, correctionIntervals: 1 }
const renewed = { ...doorRulebook, version: 2 }
const cheap = { retailMicrosPerKwh: 1, feedInMicrosPerKwh: 1 }
const bobNumber = 10
const franksKey = {
  participant: bobNumber,
  address: addressOf('frank'),
  publicKey: publicKeyOf('frank'),
}

export const instructionRows: readonly Row[] = [
  [
    'admitting without the role', 403, 'role_missing',
    instructs('alice', 'admit_participant', newcomer()), 'account', /operator/,
  ],
  [
    'making money without being a bank', 403, 'role_missing',
    instructs('operator', 'fund_accounts', { deposits: [{ account: 9, amountMicros: 1 }] }),
    'account',
  ],
  [
    'funding an account that is none', 422, 'account_unknown',
    instructs('bank', 'fund_accounts', { deposits: [{ account: 999, amountMicros: 1 }] }),
  ],
  [
    'an address that is not the key’s', 422, 'field_invalid',
    instructs('operator', 'admit_participant', newcomer({ address: addressOf('mallory') })),
    'address', 'that of publicKey',
  ],
  [
    'a key that is no point of the curve', 422, 'field_invalid',
    instructs('operator', 'admit_participant', newcomer({ publicKey: `0x02${'f'.repeat(64)}` })),
  ],
  [
    'a name that is taken', 409, 'name_exists',
    instructs('operator', 'admit_participant', newcomer({ name: 'alice' })), 'name',
  ],
  [
    'a retailer that is none', 422, 'account_unknown',
    instructs('operator', 'admit_participant', newcomer({ retailer: 999 })), 'retailer',
  ],
  [
    'replacing somebody else’s key', 403, 'role_missing',
    instructs('alice', 'replace_key', franksKey),
    'account',
  ],
  [
    'suspending nobody', 422, 'account_unknown',
    instructs('operator', 'suspend_participant', { participant: 999 }), 'participant',
  ],
  [
    'suspending the operator', 422, 'field_invalid',
    instructs('operator', 'suspend_participant', { participant: 3 }), 'participant',
    'not the operator',
  ],
  [
    'a meter in a zone that is none', 422, 'zone_unknown',
    instructs('grid', 'register_meter', newMeter({ zone: 9 })), 'zone',
  ],
  [
    'a meter on a gateway that is none', 422, 'gateway_unknown',
    instructs('grid', 'register_meter', newMeter({ gateway: 9 })), 'gateway',
  ],
  [
    'a meter of digits that no register has', 422, 'field_invalid',
    instructs('grid', 'register_meter', newMeter({ digits: 16 })),
    'instructions[0].content.digits', /15/,
  ],
  [
    'a tariff in the past', 422, 'effective_in_past',
    instructs('retailer', 'set_tariff', { fromInterval: first, ...cheap }),
    'fromInterval',
  ],
  [
    'a rulebook in the past', 422, 'effective_in_past',
    instructs('operator', 'schedule_rulebook', { fromInterval: first, rulebook: renewed }),
    'fromInterval',
  ],
  [
    'a rulebook without a fee', 422, 'field_missing',
    instructs('operator', 'schedule_rulebook', { fromInterval: future, rulebook: feeless }),
    'instructions[0].content.rulebook.feeMicrosPerKwh',
  ],
  [
    'a rulebook whose fields disagree', 422, 'field_invalid',
    instructs('operator', 'schedule_rulebook', { fromInterval: future, rulebook: disagreeing }),
    'correctionIntervals',
  ],
  [
    'a kind that is none', 422, 'field_invalid', instructs('operator', 'print_money', {}),
    'instructions[0].kind',
  ],
]

const reads =
  (path: (market: DoorMarket) => string, credential?: (market: DoorMarket) => Promise<string>) =>
  async ({ market }: Doors) => {
    const authorization = await credential?.(market)
    return market.ask('GET', path(market), authorization === undefined ? {} : { authorization })
  }

const bobs = (market: DoorMarket): string => `/v1/accounts/${market.account('bob')}`
const inAnHour = (): number => Date.now() + 3_600_000
const alice = (market: DoorMarket): Promise<string> =>
  market.signer('alice').credential(inAnHour())
/** Says that it is Bob. */
const mallory = (market: DoorMarket) => market.signer('bob', market.domain, signWith('alice'))

export const readRows: readonly Row[] = [
  ['a private read by nobody', 401, 'credential_missing', reads(bobs)],
  [
    'a credential that is none', 401, 'credential_malformed',
    reads(bobs, async () => 'Basic 12345'),
  ],
  [
    'a credential of yesterday', 401, 'credential_expired',
    reads(bobs, (market) => market.signer('bob').credential(Date.now() - 1)),
  ],
  [
    'a credential for a year', 401, 'credential_too_long',
    reads(bobs, (market) => market.signer('bob').credential(Date.now() + 365 * 86_400_000)),
  ],
  [
    'a credential signed by another', 401, 'credential_invalid',
    reads(bobs, (market) => mallory(market).credential(inAnHour())),
  ],
  ['somebody else’s account', 403, 'access_denied', reads(bobs, alice)],
  [
    'somebody else’s statement', 403, 'access_denied',
    reads((market) => `${bobs(market)}/statement`, alice),
  ],
  [
    'somebody else’s interval', 403, 'access_denied',
    reads((market) => `${bobs(market)}/intervals/${first}`, alice),
  ],
  [
    'the proof of somebody else’s posting', 403, 'access_denied',
    reads((market) => `/v1/intervals/0/${first}/proofs/postings/${market.account('bob')}`, alice),
  ],
  [
    'the proof of somebody else’s reading', 403, 'access_denied',
    reads((market) => `/v1/intervals/0/${first}/proofs/readings/${market.meter('bob')}`, alice),
  ],
  [
    'somebody else’s signed reading', 403, 'access_denied',
    reads((market) => `/v1/meters/${market.meter('bob')}/readings/${first}`, alice),
  ],
  [
    'a signed order that nobody placed', 403, 'access_denied',
    reads(() => `/v1/intervals/0/${first}/signatures/0x${'ab'.repeat(32)}`, alice),
  ],
  ['the books of the whole market', 403, 'access_denied', reads(() => '/v1/audit/balances', alice)],
  [
    'an account that is none, to an auditor', 404, 'not_found',
    reads(() => '/v1/accounts/999', (market) => market.signer('auditor').credential(inAnHour())),
    'account',
  ],
]
