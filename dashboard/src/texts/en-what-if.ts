/** English, of what other rules would have made of the past. */
export const enWhatIf = {
  'whatIf.title': 'What would it have done?',
  'whatIf.hint':
    'The same orders and meters of those days, settled by these rules instead, from the ' +
    'journal. The market goes on meanwhile.',
  'whatIf.first': 'First day',
  'whatIf.last': 'Last day',
  'whatIf.zone': 'Zone',
  'whatIf.zone.all': 'all zones',
  'whatIf.noSpan': 'The last day is before the first.',
  'whatIf.waiting': 'Waits for the question before it …',
  'whatIf.before': 'Replays what came before: {done} of {total} entries',
  'whatIf.progress': 'Day {day} of {days}: {intervals} intervals',
  'whatIf.stopped': 'Stopped.',
  'whatIf.again': 'Ask again',
  'whatIf.failed': 'It could not be worked out: {code}.',
  'whatIf.none': 'No interval of these days is settled.',
  'whatIf.reproduced':
    'Replayed by their own rules, all {count} intervals and every balance came to what ' +
    'was posted.',
  'whatIf.unheard': 'These fields change when things happen, and none of these sums: {fields}',
  'whatIf.energy': 'Energy traded',
  'whatIf.price': 'Mean price',
  'whatIf.fees': 'Fees of the exchange',
  'whatIf.instead': 'in place of {value}',
  'whatIf.moved': 'Money elsewhere',
  'whatIf.moved.hint': 'what some would have more, and others less',
  'whatIf.refused': 'Orders refused',
  'whatIf.days': 'By day',
  'whatIf.measure.energy': 'Energy',
  'whatIf.measure.price': 'Price',
  'whatIf.measure.fees': 'Fees',
  'whatIf.measure.moved': 'Elsewhere',
  'whatIf.zones': 'By zone',
  'whatIf.column.day': 'Day',
  'whatIf.column.own': 'As it was',
  'whatIf.column.new': 'By these rules',
  'whatIf.column.difference': 'Difference',
  'whatIf.same': 'Nobody’s money would differ.',
  'whatIf.whose': 'Whose money',
  'whatIf.most': 'The {shown} whose money differs most, of {count}.',
  'whatIf.others':
    'Of {count} accounts the money would differ. Whose it is, operators and auditors are shown.',
  'whatIf.notReached': 'What is not in it',
  'whatIf.notReached.no_auction':
    '{zone}: {count} intervals without an auction, or before the market',
  'whatIf.notReached.not_settled': '{zone}: {count} intervals that are not settled yet',
  'whatIf.notReached.correction_waits': '{zone}: {count} intervals whose correction waits',
  'whatIf.caveat':
    'People would have ordered otherwise, had they known. Contracts between two parties ' +
    'and lost bonds are not in it.',
  'whatIf.system.rounding': 'rounding',
  'whatIf.system.fees': 'fees of the exchange',
  'whatIf.system.guarantee': 'guarantee',
} as const
