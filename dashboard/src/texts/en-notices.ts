/** What an account was told. */
export const enNotices = {
  'page.notices': 'Notices',
  'notices.title': 'What you were told',
  'notices.empty': 'Nothing yet.',
  'notices.empty.next':
    'Proposals, payments and everything else that concerns this account is told here, ' +
    'and comes by itself.',
  'notices.new': 'new',
  'notices.unread.one': '{count} is new',
  'notices.unread.other': '{count} are new',
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
  'notice.payment.reserving': 'Payment {payment} of trade {trade}: {amount} are being set aside.',
  'notice.payment.reserved': 'Payment {payment} of trade {trade}: {amount} are set aside.',
  'notice.payment.renewing':
    'Payment {payment} of trade {trade}: {amount} are being set aside for longer.',
  'notice.payment.billing': 'Payment {payment} of trade {trade}: {amount} are being billed.',
  'notice.payment.capturing': 'Payment {payment} of trade {trade}: {amount} are asked for.',
  'notice.payment.postponed': 'Payment {payment} of trade {trade}: {amount} are due later.',
  'notice.payment.releasing':
    'Payment {payment} of trade {trade}: {amount} that were set aside are let go.',
  'notice.payment.captured': 'Payment {payment} of trade {trade}: {amount} are paid.',
  'notice.payment.released':
    'Payment {payment} of trade {trade}: {amount} are set aside no longer.',
  'notice.payment.expired': 'Payment {payment} of trade {trade}: {amount} were kept too briefly.',
  'notice.payment.failed': 'Payment {payment} of trade {trade}: {amount} could not be paid.',
  'notice.default.elsewhere': 'a customer of another retailer',
  'notice.default.own.open': 'Trade {trade}: you are in default of {amount}, owed to {creditor}.',
  'notice.default.own.appealed':
    'Trade {trade}: you have appealed against the default of {amount}, owed to {creditor}. No ' +
    'step follows until the authority has decided.',
  'notice.default.own.cured':
    'Trade {trade}: your default of {amount}, owed to {creditor}, is made good. No step follows.',
  'notice.default.own.overturned':
    'Trade {trade}: your default of {amount} was none. No fine stays; what is owed to {creditor} ' +
    'is asked for anew.',
  'notice.default.own.exhausted':
    'Trade {trade}: you are still in default of {amount}, owed to {creditor}, after the last step.',
  'notice.default.other.open':
    'Trade {trade}: {debtor} is in default of {amount}, owed to {creditor}.',
  'notice.default.other.appealed':
    'Trade {trade}: {debtor} disputes the default of {amount}, owed to {creditor}. No step ' +
    'follows until the authority has decided.',
  'notice.default.other.cured':
    'Trade {trade}: the default of {debtor} of {amount}, owed to {creditor}, is made good.',
  'notice.default.other.overturned':
    'Trade {trade}: the default of {debtor} of {amount} was none. What is owed to {creditor} is ' +
    'asked for anew.',
  'notice.default.other.exhausted':
    'Trade {trade}: {debtor} is still in default of {amount}, owed to {creditor}, after the last ' +
    'step.',
  'notice.step.warning': 'It is warned: a fine follows at {until}.',
  'notice.step.fine': 'It is fined: suspension follows at {until}.',
  'notice.step.suspension': 'It is suspended: notice of disconnection follows at {until}.',
  'notice.step.disconnection_notice': 'Notice of disconnection is given, at {until}.',
  'notice.do.payment_overdue':
    'Paying ends it, however late. How, and how to appeal, stands on your page.',
  'notice.do.payment_failed':
    'Pay your retailer: that ends it. How, and how to appeal, stands on your page.',
  'notice.do.reservation_failed':
    'Have as much available as was lacking: that ends it. How to appeal stands on your page.',
  'notice.do.renewal_failed':
    'Have as much set aside again: that ends it. How to appeal stands on your page.',
  'notice.agreement.open': 'An agreement with {name} holds from {from} on.',
  'notice.agreement.ends': 'The agreement with {name} holds until {until}.',
  'notice.netting.ordered': 'A bank transfer of {amount} from {from} to {to} is ordered.',
  'notice.netting.paid': 'A bank transfer of {amount} from {from} to {to} is paid.',
  'notice.netting.returned': 'A bank transfer of {amount} from {from} to {to} came back.',
  'notice.run_posted': 'Trades of {interval} were settled.',
  'notice.meter_data_requested':
    'Readings from {interval} on are missing: the exchange has asked for them.',
  'notice.participant.active': '{name} takes part again.',
  'notice.participant.suspended': '{name} is suspended.',
  'notice.key_replaced':
    'Another key speaks for this account now. If you do not know it, tell the operator.',
  'notice.passkey_registered':
    'The passkey {label} speaks for this account from {from} on. If you do not know it, take ' +
    'it away.',
  'notice.passkey_revoked': 'The passkey {label} speaks for this account no longer.',
  'notice.passkey_lost':
    '{by} was told that the device {label} is lost: it speaks for this account no longer. If you ' +
    'have it, sign in with it and say so.',
  'notice.objection.own':
    'A device that {by} was told is lost has objected: what {by} asked for is over, and whoever ' +
    'runs the market decides.',
  'notice.objection.elsewhere':
    '{name} says that a device is not lost, and objects to what {by} asked for: whoever runs the ' +
    'market decides.',
  'notice.join_code_issued':
    '{by} has issued an invitation: until {until} a device may get a passkey at {host} with it. ' +
    'If you did not ask for it, take it back.',
  'notice.join_code_revoked': 'An invitation counts no longer.',
  'notice.mandate_granted':
    'The agent {label} may trade for this account until {until}, up to {energy} a day. If you ' +
    'do not know it, end its mandate.',
  'notice.mandate_revoked': 'An agent trades for this account no longer.',
  'notice.proposal.open':
    '{what}: proposal {proposal} of {by} waits for somebody else until {until}.',
  'notice.proposal.approved': '{what}: proposal {proposal} of {by} was approved.',
  'notice.proposal.refused': '{what}: proposal {proposal} of {by} was refused.',
  'notice.proposal.expired': '{what}: proposal {proposal} of {by} has lapsed.',
} as const
