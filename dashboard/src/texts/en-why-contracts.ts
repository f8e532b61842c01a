/** English, of why a contract between named parties came to what it did. */
export const enWhyContracts = {
  'zone.contracts': 'Contracts between named parties',

  'why.of.contracts': 'Account {account}, {span}, contracts with named parties',
  'why.ahead': 'Not settled yet',
  'why.gains': 'You get {amount}',
  'why.costs': 'You pay {amount}',
  'why.places': 'Where this money is',
  'why.place.ledger': 'On the exchange’s ledger',
  'why.place.ledger.hint': 'It is in the balance already.',
  'why.place.outside': 'By the contracts’ rails',
  'why.place.outside.hint':
    'Outside of the ledger: by a provider, out of what is prepaid, or billed.',
  'why.place.billed': 'On the retailer’s bill',
  'why.place.billed.hint': 'What no contract had, at its tariff.',
  'why.place.debts': 'Debts on the ledger, besides',
  'why.place.debts.hint':
    'Who stood in for whom and what was paid back: it earns and costs nothing.',

  'why.order.none.contracts':
    'There was no order. Energy without an order or a contract is the retailer’s, at its tariff.',
  'why.contract.step.order': 'What was agreed',
  'why.contract.step.clearing': 'Whose price counts',
  'why.contract.step.reading': 'What was delivered',
  'why.contract.step.money': 'What it costs, and how it is paid',
  'why.contract.step.chain': 'Where it stands for ever',
  'why.contract.none': 'None of these contracts is this account’s own.',
  'why.contract.sell': 'Trade {trade}: you sell to {name} (account {account}).',
  'why.contract.buy': 'Trade {trade}: you buy from {name} (account {account}).',
  'why.contract.digest': 'Both have signed its digest',
  'why.contract.all': 'All contracts',
  'why.contract.price':
    'No auction: the price is the one that both have signed. The rulebook says how it is settled.',
  'why.contract.owed': 'Trade {trade} owed {energy} in this interval.',
  'why.contract.limit': 'The grid operator (account {utility}) let {energy} flow: {reason}',
  'why.contract.awaited': 'What came of it is known when the meters have been read.',
  'why.contract.delivered.complete': 'Delivered: {energy}, all of it.',
  'why.contract.delivered.partial': 'Delivered: {energy}.',
  'why.contract.delivered.failed': 'Nothing was delivered.',
  'why.contract.estimated': 'One of the two meters is estimated: it may be corrected.',
  'why.contract.missing':
    'Of what is missing, {seller} are the seller’s part and {buyer} the buyer’s.',
  'why.contract.short':
    'For this contract the seller’s meter fell short by {seller}, the buyer’s by {buyer}.',
  'why.contract.tariffs':
    'What that costs the other side is reckoned by what its retailer pays a seller ({feedIn} per ' +
    'kWh) and charges a buyer ({retail} per kWh).',
  'why.contract.fee': 'The fee of the exchange for contracts is {fee} per kWh, from each side.',
  'why.rail.clearing-house': 'Trade {trade} is paid by the exchange itself, on its ledger.',
  'why.rail.money-block': 'Trade {trade} is paid from money that a provider blocks.',
  'why.rail.prepaid': 'Trade {trade} is paid out of what is prepaid with the retailers.',
  'why.rail.bill-seller': 'Trade {trade} is paid by a bill of the seller.',
  'why.rail.bill-platform': 'Trade {trade} is paid by a bill of the platform.',
  'why.payment.none': 'It is asked for at the end of its cycle, together with what is due by then.',
  'why.payment.out': 'Payment {payment}, to account {account}: {amount}, {state}.',
  'why.payment.in': 'Payment {payment}, from account {account}: {amount}, {state}.',
  'why.payment.reserving': 'being set aside',
  'why.payment.reserved': 'set aside, for this and other intervals',
  'why.payment.renewing': 'being kept for longer',
  'why.payment.capturing': 'asked for',
  'why.payment.postponed': 'due later',
  'why.payment.releasing': 'being let go',
  'why.payment.captured': 'paid, with other intervals',
  'why.payment.released': 'let go',
  'why.payment.expired': 'kept too briefly',
  'why.payment.failed': 'could not be paid',
  'why.run.none': '{run}: nothing was booked on the ledger.',
  'why.run.dues': '{run}, outside of the ledger',
  'why.billed': 'On the retailer’s bill, by the last run',
  'line.trade': '(trade {trade})',

  'verdict.told': 'What can be shown holds; some of it is the exchange’s word.',
  'verdict.told.more':
    '{count} checks were made here, in your browser. {told} of them are about others, about what ' +
    'is no longer kept, or about what only a node of the chain can show: these the exchange ' +
    'says, and nothing here can show them. “busbar verify” works the whole journal out again and ' +
    'compares it with the chain.',
  'check.told': 'said by the exchange, not checked here',
  'check.reading-in-run': 'The energy of meter {of} waits for its first run.',
  'check.money-told':
    'Some lines are not settled again here: they stand for many, or follow from other intervals.',
  'check.contract-digest':
    'The terms of trade {of} are those that its digest names, and owe just this here.',
  'check.seller-signed': 'The seller has signed the terms of trade {of}.',
  'check.buyer-signed': 'The buyer has signed the terms of trade {of}.',
  'check.contract-in-set':
    'The contract of trade {of} is in a set whose root a gate put on the chain (Merkle path).',
  'check.traded-in-tree':
    'What the contracts got of meter {of} is signed by the exchange, and under the last run’s ' +
    'root.',
  'check.own-share':
    'What is delivered, and what is missing by whom, agrees with meter {of} and all that it owes.',
  'check.others-share': 'By how much the other side’s meter fell short of trade {of}.',
  'check.contract-money':
    'Trade {of}, settled again here by its own terms, comes to the same micro.',

  'why.other.received': 'Account {account} received {amount}',
  'why.other.paid': 'Account {account} paid {amount}',
  'why.other.gains': 'Account {account} gets {amount}',
  'why.other.costs': 'Account {account} pays {amount}',
  'why.other.sell': 'Trade {trade}: account {owner} sells to {name} (account {account}).',
  'why.other.buy': 'Trade {trade}: account {owner} buys from {name} (account {account}).',

  'interval.number.contracts': '{day}, number {interval}, contracts between named parties',
  'interval.contracts.energy': '{energy} are owed in this interval, by all contracts together.',
  'interval.contracts.hint':
    'There is no auction here, and no proof of one. Energy and limits are counted in the zones ' +
    'where the meters are.',
  'interval.contracts': 'contracts between named parties',
  'interval.step.open.contracts.title': 'Contracts are made',
  'interval.step.open.contracts': 'Contracts are agreed and changed, each with both signatures.',
  'interval.step.gate.contracts': 'What each contract owes in this interval is fixed.',
  'interval.step.clear.contracts.title': 'What is owed stands',
  'interval.step.clear.contracts':
    'Nothing is auctioned: {energy} are owed, each contract at its own price.',
  'interval.step.clear.contracts.none': 'No contract owed anything in this interval.',
  'interval.root.contracts': 'Contracts recorded since the gate before',
  'interval.root.owed': 'What contracts owe',
  'interval.root.traded': 'What meters traded, run {run}',
} as const
