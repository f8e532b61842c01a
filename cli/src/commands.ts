import type { Command } from './command.ts'
import { authority } from './commands/authority.ts'
import { billNetwork } from './commands/bill-network.ts'
import { bills } from './commands/bills.ts'
import { challenge } from './commands/challenge.ts'
import { checkJournal } from './commands/check-journal.ts'
import { checkProof } from './commands/check-proof.ts'
import { checkRank } from './commands/check-rank.ts'
import { checkThreshold } from './commands/check-threshold.ts'
import { clear } from './commands/clear.ts'
import { clock } from './commands/clock.ts'
import { committee } from './commands/committee.ts'
import { day } from './commands/day.ts'
import { explain } from './commands/explain.ts'
import { key } from './commands/key.ts'
import { leave } from './commands/leave.ts'
import { notices } from './commands/notices.ts'
import { openFill } from './commands/open-fill.ts'
import { proveRank } from './commands/prove-rank.ts'
import { proveThreshold } from './commands/prove-threshold.ts'
import { prove } from './commands/prove.ts'
import { prover } from './commands/prover.ts'
import { providerSimulator } from './commands/provider-simulator.ts'
import { reExecute } from './commands/re-execute.ts'
import { retailer } from './commands/retailer.ts'
import { sandbox } from './commands/sandbox.ts'
import { trade } from './commands/trade.ts'
import { up } from './commands/up.ts'
import { utility } from './commands/utility.ts'
import { verify } from './commands/verify.ts'
import { webhook } from './commands/webhook.ts'

/** Every command of `busbar`, in the order of its help. */
export const commands: readonly Command[] = [
  ...[up, day, clear, verify, explain, committee, prove, checkProof, openFill, prover],
  ...[providerSimulator, billNetwork],
  ...[proveThreshold, checkThreshold, proveRank, checkRank],
  ...[challenge, reExecute, checkJournal, leave],
  ...[sandbox, clock, trade, retailer, bills, utility, authority, notices, webhook, key],
]
