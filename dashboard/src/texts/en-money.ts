/** English, of the pages on money and its checks. */
export const enMoney = {
  'why.title': 'Why this cent?',
  'why.hint':
    'What moved the money of account {account}, the newest first. Open an interval to see ' +
    'why, and have it checked here.',
  'why.empty': 'No money has moved on this account yet.',
  'why.empty.next':
    'As soon as an interval is settled in which it traded or used energy, it stands here.',
  'why.account': 'Account',
  'why.account.show': 'Show',
  'why.column.what': 'What',
  'why.column.amount': 'Amount',
  'why.balance': 'then {balance}',
  'why.line.deposit': 'Deposit',
  'why.line.withdrawal': 'Withdrawal',
  'why.line.run': 'Interval {interval}, {kind}',
  'why.missing': 'This account had no part in this interval.',
  'why.missing.next': 'Choose another interval from its statement.',
  'why.received': 'You received {amount}',
  'why.paid': 'You paid {amount}',
  'why.nothing': 'Nothing was paid',
  'why.of': 'Account {account}, {span}, zone {zone}',
  'why.interval': 'What everybody is told of this interval',

  'why.step.order': 'What was asked for',
  'why.step.clearing': 'What the auction gave',
  'why.step.reading': 'What the meter counted',
  'why.step.money': 'What it costs',
  'why.step.chain': 'Where it stands for ever',

  'why.order.none': 'There was no order. Energy without one is the retailer’s, at its tariff.',
  'why.order.sell': 'To sell {energy} for at least {price} per kWh: {got}.',
  'why.order.buy': 'To buy {energy} for at most {price} per kWh: {got}.',
  'why.order.sealed': 'Sealed order {name}: {got}. What it says is not opened yet, or never was.',
  'why.order.opened': 'It was sealed until its gate ({name}).',
  'why.got.all': 'got all of it',
  'why.got.some': 'got {energy}',
  'why.got.none': 'got nothing',
  'why.got.void': 'void',
  'why.got.sealed': 'not opened yet',
  'why.clearing.price':
    'One price for everybody: {price} per kWh. This account bought {bought} and sold {sold}.',
  'why.clearing.none': 'Nobody traded: no buyer’s limit reached a seller’s.',
  'why.clearing.ahead': 'The auction is not cleared yet.',
  'why.meter': 'Meter {meter}: {imported} in, {exported} out, {assurance}.',
  'why.meter.registers':
    'Its registers: in {importFrom} → {importTo} Wh, out {exportFrom} → {exportTo} Wh.',
  'why.meter.none': 'This account has no meter here.',
  'why.run': 'Run {run}, {kind}, at {time}',
  'why.run.same': '{run}: nothing changed.',
  'why.money.none': 'Not settled yet: the meters have to speak first.',
  'why.money.fees':
    'The fee of the exchange is {fee} per kWh; deviations are priced {spread} off the ' +
    'auction’s price.',
  'why.money.tariff':
    'The retailer’s tariff (account {retailer}): {retail} per kWh used, {feedIn} per kWh fed ' +
    'in.',
  'why.chain.none': 'Not on the chain yet.',

  'assurance.metered': 'read by the meter',
  'assurance.interpolated': 'estimated between two readings',
  'assurance.repeated': 'estimated from the interval before',
  'assurance.absent': 'never read, counted as nothing',
  'assurance.contracted': 'virtual: it delivers its contract',

  'verdict.holds': 'All of it holds together.',
  'verdict.holds.more':
    '{count} checks were made here, in your browser, with the roots that everybody is shown. ' +
    'Nobody was asked.',
  'verdict.open': 'What can be checked holds; the rest is on its way.',
  'verdict.open.more':
    '{count} checks were made here, in your browser. Still waiting for the chain or for a ' +
    'run: {open}.',
  'verdict.fails': 'This cannot all be true.',
  'verdict.fails.more':
    '{fails} of {count} checks fail. Keep this page, and ask the operator or an auditor: the ' +
    'answer contradicts itself or its roots.',
  'verdict.checking': 'Checking …',

  'check.holds': 'holds',
  'check.fails': 'fails',
  'check.open': 'not yet',
  'check.answer-in-form': 'The answer has a form that this page can show and check.',
  'check.order-in-set':
    'The order {of} is in the set that was fixed at the gate (Merkle path to its root).',
  'check.order-digest':
    'The order {of} is what its name says (its typed-data hash), and got no more than that and ' +
    'at no worse price.',
  'check.order-signed':
    'This account signed the order {of}: by its key or passkey, or by an agent with its mandate ' +
    '(the signature is worked out here, with the key of the public registry).',
  'check.order-opened':
    'Opened, the order {of} gives the commitment that was fixed at the gate, and what it got is ' +
    'within its energy and its price.',
  'check.order-void': 'The outcome of {of} does not contradict itself.',
  'check.fill-in-tree': 'What {of} got is in the tree of fills, at its own place (Merkle path).',
  'check.fills-are-contracts': 'What the orders got is what the meters owe.',
  'check.clearing-same': 'Price, state and runs are those that everybody is told.',
  'check.clearing-proven': 'The chain has verified the proof of this auction.',
  'check.rules-are-hash': 'Fee and spread are of the rulebook that the hash names.',
  'check.registers-subtract': 'The energy of meter {of} is the difference of its registers.',
  'check.reading-signed':
    'Meter {of} showed this at the beginning and at the end, by the signature of the gateway ' +
    'that the registry names (worked out here, over the root that each reading leads to).',
  'check.reading-in-tree':
    'The energy of meter {of} is in the readings of run {run} (Merkle path).',
  'check.money-by-rule': 'Settled again here by the rules, it comes to the same micro.',
  'check.lines-sum': 'The lines add up to the amount.',
  'check.zones-sum': 'All sums of this page add up.',
  'check.posting-in-tree': 'Run {of} posted exactly these lines (Merkle path).',
  'check.times-are-interval': 'The times are those of the interval.',
  'check.transactions-same': 'The transactions are those that everybody is shown.',
  'check.transactions-final': 'They are in final blocks of the chain.',
  'check.transaction-signed':
    'The operator signed the roots of set and clearing, for this chain (recovered from the ' +
    'transactions’ bytes).',
  'check.run-signed':
    'The operator signed the roots of run {of}, for this chain (recovered from the ' +
    'transactions’ bytes).',

  'reason.auction_buy': 'Bought in the auction',
  'reason.auction_sell': 'Sold in the auction',
  'reason.exchange_fee': 'Fee of the exchange',
  'reason.over_production': 'Delivered more than sold: taken by the balancing authority',
  'reason.under_production': 'Delivered less than sold: made up by the balancing authority',
  'reason.over_consumption': 'Used more than bought: supplied by the balancing authority',
  'reason.under_consumption': 'Used less than bought: taken back by the balancing authority',
  'reason.retail_import': 'Used without a contract: the retailer’s tariff',
  'reason.retail_export': 'Fed in without a contract: the retailer’s tariff',
  'reason.balancing_purchase': 'Took over what others had over',
  'reason.balancing_sale': 'Supplied what others were short of',
  'reason.retail_supply': 'Supplied customers at the tariff',
  'reason.retail_intake': 'Took customers’ energy at the tariff',
  'reason.fee_income': 'Fees of this interval',
  'reason.rounding': 'What rounding left over',
  'reason.arrears_covered': 'Lacking money, stood in for by others',
  'reason.arrears_cover': 'Stood in for another’s lack of money',
  'reason.arrears_repaid': 'Arrears repaid',
  'reason.arrears_received': 'Arrears received',
  'reason.bond_lost': 'Bond of orders not revealed',
  'reason.bond_received': 'Bonds of orders not revealed',
  'reason.trade_buy': 'Bought by a trade',
  'reason.trade_sell': 'Sold by a trade',
  'reason.trade_loss_paid': 'Made the other side of a trade whole',
  'reason.trade_loss_received': 'Made whole by the other side of a trade',
  'reason.trade_penalty_paid': 'Penalty of a trade',
  'reason.trade_penalty_received': 'Penalty of a trade, received',
  'reason.platform_fee': 'Fee of the platform',
  'reason.platform_income': 'Fees of the platform, received',
  'reason.modification_paid': 'Changed a trade',
  'reason.modification_received': 'A trade was changed by the other side',
  'reason.exit_paid': 'Left a trade',
  'reason.exit_received': 'The other side left a trade',
  'reason.escrow_in': 'Set aside for a trade',
  'reason.escrow_out': 'Set free from a trade',
  'reason.collateral_paid': 'Collateral of a trade, drawn',
  'reason.collateral_received': 'Collateral of a trade, received',
  'reason.remainder_paid': 'Below a cent of bills of a trade',
  'reason.remainder_received': 'Below a cent of bills of a trade, received',

  'line.sum': 'Together',
  'line.factors': '{energy} × {price} per kWh',
  'line.amount': 'Amount',

  'run.provisional': 'provisional',
  'run.final': 'final',
  'run.resettled': 'correction',

  'audit.title': 'Audit',
  'audit.hint':
    'What must always hold, as figures. Each “unexplained” has to be nothing, to the micro ' +
    'and to the watt-hour.',
  'audit.again': 'Compute it again',
  'audit.at': 'Computed at journal entry {sequence}.',
  'audit.money': 'Money',
  'audit.money.deposited': 'Came in',
  'audit.money.withdrawn': 'Went out',
  'audit.money.balances': 'Stands on accounts',
  'audit.energy': 'Energy',
  'audit.energy.in': 'Came in',
  'audit.energy.out': 'Went out',
  'audit.energy.intervals': 'Over {count} settled intervals.',
  'audit.chain': 'Chain and ledger',
  'audit.chain.ledger': 'In the ledger',
  'audit.chain.custody': 'On the chain',
  'audit.chain.pending': 'On its way',
  'audit.chain.equal': 'The chain holds what the ledger says, account by account.',
  'audit.chain.pending.more': 'Transactions are on their way; what is final agrees.',
  'audit.chain.differs': '{count} accounts differ between chain and ledger.',
  'audit.chain.silent': 'The chain does not answer: nothing is claimed about it.',
  'audit.unexplained': 'Unexplained',
  'audit.exact': 'Nothing is unexplained.',
  'audit.exceptions': 'Intervals with exceptions',
  'audit.exceptions.hint':
    'Of the day: proofs that are overdue or faulty, void orders, estimated meters, ' +
    'corrections.',
  'audit.exceptions.none': 'None today.',
  'audit.exception.proof': 'Proof',
  'audit.exception.voids': 'Void orders',
  'audit.exception.estimated': 'Estimated meters',
  'audit.exception.corrections': 'Corrections',
  'audit.proving': 'Batches without a proof',
  'audit.proving.none': 'Every batch is proven.',
  'audit.proving.since': 'Since',
  'audit.proving.orders': 'Orders',
  'audit.proving.attempts': 'Attempts',
  'audit.proving.waiting': 'waiting',
  'audit.proving.claimed': 'being proven',
  'audit.proving.sent': 'sent to the chain',
  'audit.proving.failed': 'failed',
  'audit.private': 'Auditors and operators see more here: which batches wait for a proof, and why.',
} as const
