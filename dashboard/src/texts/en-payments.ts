/** English, of what contracts ask of a household outside of the ledger. */
export const enPayments = {
  'payments.title': 'Payments',
  'payments.empty': 'No payment of yours goes outside of the exchange.',
  'payments.empty.next':
    'What you trade by the clearing house is paid at once, and stands above. Bills, blocked and ' +
    'prepaid money of your contracts stand here.',
  'payments.due': 'Asked of you',
  'payments.due.none': 'nothing has to be paid now',
  'payments.due.first': 'the first of it by {time}',
  'payments.held': 'Set aside',
  'payments.held.hint': 'for energy that is still to come',
  'payments.prepaid': 'Prepaid',
  'payments.prepaid.hint': 'your money at your retailer',
  'payments.paid': 'Paid',
  'payments.received': '{amount} paid for you, with fees',
  'payments.owing': 'In all you owe {amount}, with what no bill asks for yet.',
  'payments.owed': 'In all you are owed {amount}, with what no bill asks for yet.',
  'payments.to': '{amount} to {name}',
  'payments.from': '{amount} from {name}',
  'payments.trade': 'Trade {trade}',
  'payments.by': 'by {rail}',
  'payments.late': 'overdue',
  'payments.state.reserving': 'being set aside',
  'payments.state.reserved': 'set aside',
  'payments.state.renewing': 'being kept for longer',
  'payments.state.capturing': 'to be paid',
  'payments.state.postponed': 'postponed',
  'payments.state.releasing': 'being let go',
  'payments.state.captured': 'paid',
  'payments.state.released': 'let go',
  'payments.state.expired': 'not kept',
  'payments.state.failed': 'not paid',
  'payments.reason.funds': 'there was not enough money',
  'payments.reason.renewal': 'it was not kept for longer',
  'payments.reason.refused': 'its payer has refused it',
  'payments.reason.overdue': 'the bill is overdue',
  'payments.reason.word': 'its rail says: {reason}',
  'payments.until': 'Set aside until {time}.',
  'payments.dueBy': 'To be paid by {time}.',
  'payments.dueSince': 'It was to be paid by {time}.',
  'payments.bill.made': 'The bill is being made out.',
  'payments.bill': 'The bill has the number {number}.',
  'payments.bill.pay': 'Pay it at your bank: it has the number {number}.',
  'payments.postpone': 'Pay later',
  'payments.postpone.costs':
    'You then have until {time}. It costs {fee}, for {name}, and is asked of you with the next ' +
    'bill of this trade.',
  'payments.postpone.sign': 'Sign and pay later',
  'payments.postponed': 'You have more time: the new day stands above.',
  'payments.default.title': 'You are in default: {amount} to {name}',
  'payments.default.noLadder': 'No step follows by itself: you have consented to none.',
  'payments.creditor': '{name} has not paid you {amount} of trade {trade}.',
  'payments.creditor.open':
    'Its retailer acts step by step until it pays. What is recovered goes to you first.',
  'payments.creditor.paused': 'It says that this is wrong: the authority decides.',
  'payments.retailer.none': 'your retailer',
  'payments.cure': 'How to end it',
  'payments.cure.bill':
    'Pay the bill {number}: {amount}. That ends it at once, at any step and however late.',
  'payments.cure.retailer':
    'Pay {amount} to {retailer}. It records what it got, which ends it and goes to who waits.',
  'payments.cure.funds':
    'Have {amount} available here, or prepaid at {retailer}, or blocked by your provider once ' +
    'more. Nothing was delivered, and nothing is owed for it.',
  'payments.appeal': 'This is wrong: appeal',
  'payments.appeal.text': 'Why it is wrong',
  'payments.appeal.sign': 'Sign the appeal',
  'payments.appeal.hint':
    'No further step follows until the authority has decided. It hears one appeal for each ' +
    'default. The exchange gets the hash of your text; the text is saved on this device: send it ' +
    'to the authority as it is.',
  'payments.appeal.done': 'The ladder is paused.',
  'payments.appealed': 'You have appealed: the ladder is paused.',
  'payments.appealed.next':
    'If the appeal is upheld, no fine stays and a suspension is lifted. If not, the step lasts ' +
    'as much longer as the appeal took.',
  'payments.appeal.heard': 'Your appeal was decided: the ladder goes on.',
} as const
