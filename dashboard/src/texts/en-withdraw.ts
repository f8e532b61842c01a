/** Taking money out of the exchange. */
export const enWithdraw = {
  'withdraw.title': 'Take money out',
  'withdraw.balance': 'On the account',
  'withdraw.held': 'Set aside',
  'withdraw.held.hint': 'for orders and contracts',
  'withdraw.free': 'Free to take out',
  'withdraw.free.hint': 'The rest waits until the chain has proven what earned it.',
  'withdraw.suspended': 'The account is suspended: no money leaves until it is let in again.',
  'withdraw.cannot.none': 'No passkey of this page can sign here.',
  'withdraw.cannot.none.next':
    'Add one under “Account”, with a device that signs for it already, or use the ' +
    'registered key on the command line.',
  'withdraw.cannot.other-word': 'Your passkey trades, and lets no money leave.',
  'withdraw.cannot.other-word.next':
    'Your retailer asked for it. Have it asked for once more by the registered key, or by a ' +
    'passkey of your own: then it can.',
  'withdraw.amount': 'How much',
  'withdraw.all': 'All that is free',
  'withdraw.wrong.malformed': 'Write an amount of money, as 20 or 20.50.',
  'withdraw.wrong.too-much': 'At most {most} are free to take out.',
  'withdraw.to': 'It goes to the address of your registered key, and nowhere else:',
  'withdraw.next': 'Take it out …',
  'withdraw.sure': '{amount} leaves the exchange.',
  'withdraw.sure.hint':
    'The chain pays it to the address of your registered key, and nobody can call it back. ' +
    'Whoever has that key has the money:',
  'withdraw.sign': 'Sign and take it out',
  'withdraw.back': 'Back',
  'withdraw.done': 'It is off your account. Below you see when the chain has paid it.',
  'withdraw.last': 'Last taken out',
  'withdraw.none': 'Nothing was taken out yet.',
  'withdraw.paid.waits': 'not yet paid',
  'withdraw.paid.paid': 'paid',
  'withdraw.paid.refused': 'refused by the chain',
  'withdraw.paid.own': 'taken from the chain',
  'withdraw.transaction': 'Transaction',
  'withdraw.refused.next':
    'This must not happen: the exchange has booked what the chain did not pay. Tell the ' +
    'operator the transaction.',
  'withdraw.silent': 'If the exchange ever falls silent',
  'withdraw.silent.says':
    'Your money is on the chain. The registered key takes it from there with no help of the ' +
    'exchange, after a delay; a passkey alone cannot. Keep that key, or know who keeps it for you.',
} as const
