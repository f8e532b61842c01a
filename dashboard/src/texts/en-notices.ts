/** What an account was told. */
export const enNotices = {
  'page.notices': 'Notices',
  'notices.title': 'What you were told',
  'notices.empty': 'Nothing yet.',
  'notices.empty.next':
    'Proposals, payments and everything else that concerns this account is told here, ' +
    'and comes by itself.',
  'notices.new': 'new',
  'notices.read.one': 'I have read it',
  'notices.read.other': 'I have read all {count}',
  'notice.trade.signed': 'Trade {trade}: a contract was signed by one side.',
  'notice.trade.countered': 'Trade {trade}: other terms were proposed.',
  'notice.trade.modification_requested': 'Trade {trade}: a change is asked for.',
  'notice.trade.modified': 'Trade {trade}: a change is in force.',
  'notice.trade.refused': 'Trade {trade}: a change was refused.',
  'notice.trade.invited': 'Trade {trade}: a contract is proposed.',
  'notice.trade.agreed': 'Trade {trade} is in force: both have signed.',
  'notice.trade.completed': 'Trade {trade} is completed.',
  'notice.trade.declined': 'Trade {trade} was declined.',
  'notice.trade.withdrawn': 'Trade {trade}: the proposal was taken back.',
  'notice.trade.expired': 'Trade {trade}: the proposal has lapsed.',
  'notice.trade.cancelled': 'Trade {trade} was ended by both.',
  'notice.trade.exited': 'Trade {trade}: one side has left.',
  'notice.trade.terminated': 'Trade {trade} ended early: money was missing.',
  'notice.offer.open': 'Offer {offer} is on the board.',
  'notice.offer.matched': 'Offer {offer} has met another: a contract waits for both signatures.',
  'notice.offer.filled': 'Offer {offer} is filled.',
  'notice.offer.withdrawn': 'Offer {offer} is off the board.',
  'notice.offer.expired': 'Offer {offer} has lapsed.',
  'notice.delivery_limited': 'Trade {trade}: the grid operator has limited its delivery.',
  'notice.payment_changed':
    'Payment {payment} of trade {trade}, {amount}: it stands differently now.',
  'notice.default_changed': 'Trade {trade}: {amount} are in default, or no longer.',
  'notice.run_posted': 'Trades of {interval} were settled.',
  'notice.meter_data_requested': 'Readings are missing: the exchange has asked for them.',
  'notice.participant_changed': 'An account was suspended or reinstated.',
  'notice.key_replaced':
    'Another key speaks for this account now. If you do not know it, tell the operator.',
  'notice.passkey_registered':
    'The passkey {label} speaks for this account. If you do not know it, take it away.',
  'notice.passkey_revoked': 'A passkey speaks for this account no longer.',
  'notice.unknown': 'Something of this account has changed.',
} as const
