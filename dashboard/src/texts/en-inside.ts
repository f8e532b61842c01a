import { enAudit } from './en-audit.ts'
import { enBills } from './en-bills.ts'
import { enBooks } from './en-books.ts'
import { enDeveloper } from './en-developer.ts'
import { enDevices } from './en-devices.ts'
import { enLists } from './en-lists.ts'
import { enLost } from './en-lost.ts'
import { enMandates } from './en-mandates.ts'
import { enMeters } from './en-meters.ts'
import { enMoney } from './en-money.ts'
import { enPayments } from './en-payments.ts'
import { enProposals } from './en-proposals.ts'
import { enRefusals } from './en-refusals.ts'
import { enRetailer } from './en-retailer.ts'
import { enTrading } from './en-trading.ts'
import { enUtility } from './en-utility.ts'
import { enWithdraw } from './en-withdraw.ts'
import { enWhatIf } from './en-what-if.ts'

/** What pages behind the first one say: loaded with any of them. */
export const enInside = {
  ...enAudit,
  ...enBills,
  ...enBooks,
  ...enDeveloper,
  ...enDevices,
  ...enLists,
  ...enLost,
  ...enMandates,
  ...enMeters,
  ...enMoney,
  ...enPayments,
  ...enProposals,
  ...enRefusals,
  ...enRetailer,
  ...enTrading,
  ...enUtility,
  ...enWithdraw,
  ...enWhatIf,
} as const
