/** English, of a retailer's bills. */
export const enBills = {
  'bills.title': 'What to bill',
  'bills.hint':
    'What meters counted without what was traded, at your tariff, with wheeling, fees and fines: ' +
    'reckoned here as “busbar bills” does, by the exchange’s word.',
  'bills.period': 'Period',
  'bills.period.month': 'A month',
  'bills.period.days': 'Some days',
  'bills.day.from': 'First day',
  'bills.day.through': 'Last day',
  'bills.days.wrong': 'The last day comes before the first.',
  'bills.stopped': 'These days are not read to the end.',
  'bills.stopped.next': 'Their bills need every interval: what was read so far is not enough.',
  'bills.again': 'Read them again',
  'bills.file.tariff': 'Your tariff (tariff.json)',
  'bills.file.previous': 'The bills before (run.json)',
  'bills.file.collected': 'What was collected (evidence)',
  'bills.tariff.set':
    'Without a file these are the prices that you have set with the exchange, and no fees. Files ' +
    'stay in this browser.',
  'bills.tariff.own': 'At the prices and fees of your file. It stays in this browser.',
  'bills.tariff.none': 'You have set no tariff.',
  'bills.tariff.none.next': 'Choose your tariff.json above: with it there are bills.',
  'bills.market': 'There is nothing left to bill here.',
  'bills.market.next': 'This market itself settles what retailers would bill: see its rulebook.',
  'bills.empty': 'Nothing of this period is final.',
  'bills.empty.next':
    'Bills come with the first interval that is settled for good. What is older than the ' +
    'exchange remembers is billed from what you have collected: choose the files above.',
  'bills.all': 'Bills',
  'bills.draft': 'So far: the period is not whole.',
  'bills.draft.extent':
    'Of {all} intervals {final} are final and on these bills; {open} may still change. What is ' +
    'missing is still to come, or is older than the exchange remembers: choose what you have ' +
    'collected of it.',
  'bills.whole': 'Every interval of the period is final and on these bills.',
  'bills.payable': 'To be paid',
  'bills.payable.hint': 'of all customers together; below zero they get it',
  'bills.energy': 'Energy',
  'bills.feedIn': 'Feed-in',
  'bills.fees': 'Fees',
  'bills.fines': 'Fines',
  'bills.carriedIn': 'Carried in',
  'bills.carriedOut': 'Carried on',
  'bills.save': 'Save bills.csv',
  'bills.save.lines': 'Save all lines',
  'bills.save.bill': 'Save the lines',
  'bills.save.intervals': 'Save the intervals',
  'bills.of': 'The bill of {name}',
  'bills.plan': 'At the plan “{plan}”.',
  'bills.plan.set': 'At the prices that you have set with the exchange.',
  'bills.check': 'Hold it against the proofs',
  'bills.line': 'Line',
  'bills.line.text': 'What it is',
  'bills.line.energy_import': 'energy delivered',
  'bills.line.energy_export': 'energy received',
  'bills.line.wheeling_sold': 'wheeling, sold',
  'bills.line.wheeling_bought': 'wheeling, bought',
  'bills.line.fee': 'fee',
  'bills.line.fine': 'fine',
  'bills.line.fine_lifted': 'fine given back',
  'bills.line.carried_in': 'less than a cent, from the bill before',
  'bills.line.carried_out': 'less than a cent, for the next bill',
  'bills.line.payable': 'to be paid',
  'bills.price': 'Price per kWh',
  'bills.fault.file': '{file} cannot be used.',
  'bills.fault.field': '{field} has to be {limit}.',
  'bills.fault.meter': 'There are no bills: meter {meter}, {time}, does not add up.',
  'bills.fault.reason':
    '{reason} ({code}). Nothing is billed while one figure contradicts another.',
  'bills.command': 'The bills themselves',
  'bills.command.hint':
    'Collect the signed answers every day: the exchange forgets an interval that can no longer ' +
    'be corrected. Bills made from them are proven to the watt-hour, and written as CSV and ' +
    'Green Button files.',
} as const
