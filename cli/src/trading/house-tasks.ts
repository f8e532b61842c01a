import { pagesOf } from '@busbar/client'
import type { AgreementView, NettingView, OwedView } from '@busbar/protocols/api'
import { exactMoney } from '../text.ts'
import { type Desk, exactly, openDesk, say, type Task } from '../desk/desk.ts'
import { table } from '../desk/table.ts'
import { startOf, timeText } from '../desk/times.ts'

/** The house of a netting: a retailer, or the exchange for its fees, which is no participant. */
const houseOf = (desk: Desk, account: number): Promise<string> | string =>
  account === 1 ? 'the exchange (1)' : desk.people.label(account)

/** What binds a retailer to act against its customers for those of others. */
export const agreements: Task = async (operands, values, output) => {
  exactly(operands, [])
  const desk = await openDesk(values)
  const found: AgreementView[] = []
  for await (const page of pagesOf((each) => desk.client.trades.agreements(each))) {
    found.push(...page.agreements)
  }
  const at = (interval: number | null): string =>
    interval === null ? '' : timeText(startOf(desk.market, interval))
  const lines = await Promise.all(found.map(async (one) => [
    String(one.agreement),
    (await Promise.all(one.retailers.map((account) => desk.people.label(account)))).join(' and '),
    one.basis, at(one.fromInterval), at(one.untilInterval), one.documentHash,
  ]))
  const head = ['agreement', 'between', 'basis', 'from', 'until', 'document']
  const text = found.length === 0
    ? 'No agreement binds you: trades with customers of other retailers need collateral.'
    : `${table(head, lines)}

Trades with customers of any other retailer need collateral.`
  return say(values, output, { account: desk.me.account, agreements: found }, text)
}

/** What banks settle between retailers of what their customers paid each other, prepaid. */
export const nettings: Task = async (operands, values, output) => {
  exactly(operands, [])
  const desk = await openDesk(values)
  const found: NettingView[] = []
  let owed: readonly OwedView[] = []
  for await (const page of pagesOf((each) => desk.client.trades.nettings(each))) {
    found.push(...page.nettings)
    owed = page.owed
  }
  const lines = await Promise.all(found.map(async (one) => [
    String(one.netting), timeText(one.orderedAtMs), await houseOf(desk, one.debtor),
    await houseOf(desk, one.creditor), exactMoney(one.amountMicros), one.state, one.reference,
  ]))
  const head = ['netting', 'ordered', 'pays', 'is paid', 'amount', 'state', 'bank’s reference']
  const waiting = await Promise.all(owed.map(async ({ debtor, creditor, amountMicros }) =>
    `${await houseOf(desk, debtor)} owes ${await houseOf(desk, creditor)} ${
      exactMoney(amountMicros)}, for the next netting.`,
  ))
  const text = [
    found.length === 0 ? 'Nothing was settled by banks yet.' : table(head, lines),
    ...(waiting.length === 0 ? ['Nothing waits for the next netting.'] : waiting),
  ].join('\n')
  return say(values, output, { account: desk.me.account, nettings: found, owed }, text)
}
