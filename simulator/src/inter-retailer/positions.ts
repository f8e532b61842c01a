import type { BusbarClient } from '@busbar/client'
import { firstParticipantAccount } from '@busbar/core/registry'
import type { Position } from '../auditor/index.ts'
import { type Cast, retailers } from './cast.ts'
import { providedMicros } from './rail-houses.ts'
import { type Numbers, prepaidMicros } from './set-up.ts'

/** Money that is not at the exchange, as those say who have it. By account. */
export type Purses = {
  /** At the payment provider and the bill network. */
  readonly outside: ReadonlyMap<number, bigint>
  /** What banks have moved for each house. */
  readonly banked: ReadonlyMap<number, bigint>
  /** What debtors have paid to their retailers in cash. */
  readonly recovered: ReadonlyMap<number, bigint>
}

type Places = { readonly reader: BusbarClient; readonly cast: Cast; readonly numbers: Numbers }

type Owned = {
  readonly ledger: bigint
  readonly dues: bigint
  readonly prepaid: bigint
}

/**
 * What everybody has, wherever it is kept: every home by itself, the companies and the exchange
 * together. Of these the exchange publishes no dues; what homes owe, or are owed, is theirs.
 */
export async function positionsOf(
  { reader, cast, numbers }: Places,
  { outside, banked, recovered }: Purses,
): Promise<{
  readonly homes: readonly Position[]
  readonly companies: Position
  readonly openNettingMicros: Readonly<Record<string, number>>
}> {
  const { balances } = await reader.auditBalances()
  const ledger = new Map(balances.map((one) => [one.account, BigInt(one.balanceMicros)]))
  const homes: Position[] = []
  const netting = new Map(retailers.map((name) => [name as string, 0n]))
  const sums = { dues: 0n, prepaid: 0n, recovered: 0n }
  for (const { name, retailer, depositMicros } of cast.homes) {
    const account = numbers.account(name)
    const own = await ownedBy(reader, ledger, account)
    const cash = recovered.get(account) ?? 0n
    sums.dues += own.dues
    const moved = own.prepaid - BigInt(prepaidMicros)
    sums.prepaid += moved
    sums.recovered += cash
    netting.set(retailer, (netting.get(retailer) ?? 0n) + moved - cash)
    homes.push({
      accounts: [account],
      broughtMicros: BigInt(depositMicros + prepaidMicros + providedMicros),
      hasMicros: own.ledger + own.dues + own.prepaid + (outside.get(account) ?? 0n) - cash,
    })
  }
  const isHome = new Set(homes.flatMap(({ accounts }) => accounts))
  const companies = [
    ...Array.from({ length: firstParticipantAccount }, (_, account) => account),
    ...cast.companies.map(({ name }) => numbers.account(name)),
  ]
  const others = [...ledger].filter(([account]) => !isHome.has(account))
  const kept = others.reduce((sum, [, micros]) => sum + micros, 0n)
  const given = companies.reduce((sum, account) => sum + (outside.get(account) ?? 0n), 0n)
  const open = retailers.map((name): [string, number] => {
    const left = (netting.get(name) ?? 0n) - (banked.get(numbers.account(name)) ?? 0n)
    return [name, Number(left)]
  })
  return {
    homes,
    companies: {
      accounts: companies,
      broughtMicros: cast.companies.reduce((sum, one) => sum + BigInt(one.depositMicros), 0n),
      hasMicros: kept + given - sums.dues - sums.prepaid + sums.recovered,
    },
    openNettingMicros: Object.fromEntries(open),
  }
}

/** What the exchange says, on its ledger as if nobody had stood in for anybody. */
async function ownedBy(
  reader: BusbarClient,
  ledger: Map<number, bigint>,
  account: number,
): Promise<Owned> {
  const { arrears } = await reader.account(account)
  let stoodIn = 0n
  for (const { creditor, amountMicros } of arrears) {
    stoodIn += BigInt(amountMicros)
    ledger.set(creditor, (ledger.get(creditor) ?? 0n) + BigInt(amountMicros))
  }
  const { duesMicros, prepaidMicros: prepaid } = await reader.trades.payments(account, { limit: 1 })
  return {
    ledger: (ledger.get(account) ?? 0n) - stoodIn,
    dues: BigInt(duesMicros),
    prepaid: BigInt(prepaid),
  }
}
