import { deAudit } from './de-audit.ts'
import { deBills } from './de-bills.ts'
import { deBooks } from './de-books.ts'
import { deDeveloper } from './de-developer.ts'
import { deDevices } from './de-devices.ts'
import { deLists } from './de-lists.ts'
import { deLost } from './de-lost.ts'
import { deMandates } from './de-mandates.ts'
import { deMeters } from './de-meters.ts'
import { deMoney } from './de-money.ts'
import { dePayments } from './de-payments.ts'
import { deProposals } from './de-proposals.ts'
import { deRefusals } from './de-refusals.ts'
import { deRetailer } from './de-retailer.ts'
import { deTrading } from './de-trading.ts'
import { deUtility } from './de-utility.ts'
import { deWithdraw } from './de-withdraw.ts'
import { deWhatIf } from './de-what-if.ts'
import type { enInside } from './en-inside.ts'

/** As in English, key for key. */
export const deInside: Readonly<Record<keyof typeof enInside, string>> = {
  ...deAudit,
  ...deBills,
  ...deBooks,
  ...deDeveloper,
  ...deDevices,
  ...deLists,
  ...deLost,
  ...deMandates,
  ...deMeters,
  ...deMoney,
  ...dePayments,
  ...deProposals,
  ...deRefusals,
  ...deRetailer,
  ...deTrading,
  ...deUtility,
  ...deWithdraw,
  ...deWhatIf,
}
