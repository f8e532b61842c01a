/** English, of what an auditor has worked out again. */
export const enAudit = {
  'audit.checkpoints.none': 'Nothing was fixed yet.',
  'audit.checkpoint.anchored': 'final',
  'audit.checkpoint.waiting': 'on its way',
  'audit.checkpoint.failed': 'failed',
  'audit.time': 'Energy over time',
  'audit.time.chart': 'What came in and what went out',
  'audit.time.exact': 'In all {count} intervals of the day both sides are equal.',
  'audit.time.open': 'In {open} of {count} intervals of the day something is unexplained.',
  'audit.snapshot':
    'Whoever replays the journal up to entry {sequence} comes to a state with the hash',
  'audit.snapshot.none': 'No state was written down yet, so there is no hash of one.',
  'audit.exports': 'To take away',
  'audit.exports.hint':
    'As it stands now. “busbar verify” goes through the journal itself, entry by entry.',
  'audit.exports.balances': 'All balances',
  'audit.exports.conservation': 'The sums above',

  'evidence.title': 'An interval to judge elsewhere',
  'evidence.hint':
    'All that it was worked out from, in one file. “busbar re-execute --from” judges it with no ' +
    'network.',
  'evidence.save': 'Save the evidence',
  'evidence.saved': '{file} is saved.',

  'replay.title': 'Work an interval out again',
  'replay.hint':
    'From its orders or contracts to its money, here in your browser, by the same rules: and ' +
    'compared, byte for byte, with the roots that everybody is shown and the operator signed.',
  'replay.zone': 'Zone',
  'replay.interval': 'Interval',
  'replay.run': 'Work it out again',
  'replay.none':
    'No interval is settled yet. One can be worked out minutes after its energy has flowed.',
  'replay.progress': '{done} of {all} steps are worked out',
  'replay.open': '– cannot be shown yet',
  'replay.save': 'Save what it was worked out from',
  'replay.check.rules': 'The rules are those that the interval names',
  'replay.check.orders': '{count} orders make the root that was fixed at the gate',
  'replay.check.clearing': 'Price and energy follow from {count} orders, cleared the slow way',
  'replay.check.fills': '{count} fills are these, and under the root of the result',
  'replay.check.readings': '{count} readings make the root of each run',
  'replay.check.byContract':
    'What {count} meters traded by contract is under the root of the contracts’ last run',
  'replay.check.postings': '{count} lines of money make the root of each run',
  'replay.check.money': 'All {count} lines are what the rules make of readings and fills',
  'replay.check.signed':
    '{count} roots stand in transactions that the operator signed for this chain',
  'replay.check.nets': 'Each run adds up to nothing over {count} accounts',
  'replay.check.contracts':
    'The terms of {count} contracts are those that name them, and what was agreed since the gate ' +
    'before makes its root',
  'replay.check.signatures': 'Both sides have signed each of {count} contracts',
  'replay.check.owed': 'What {count} contracts owe follows from their terms',
  'replay.check.allocation':
    '{count} contracts got the energy of their meters by the rule, worked out the slow way',
  'replay.check.traded': 'What {count} meters traded makes the root of each run',
  'replay.check.settled':
    'All {count} lines are what terms, delivery, tariffs and charges make of them',
  'replay.verdict.holds': 'It is exactly as it has to be.',
  'replay.verdict.holds.more':
    'Whether these roots are those on the chain, the chain tells: compare them with IntervalLog.',
  'replay.verdict.open': 'Nothing is wrong, and not everything can be shown yet.',
  'replay.verdict.open.more':
    'Some of it is not settled, or was settled by a rulebook that is no longer the current one.',
  'replay.verdict.fails': 'This cannot be so.',
  'replay.verdict.fails.more':
    'What was shown does not give what stands under the roots. Save it: it is evidence.',

  'sample.title': 'A sample by your own seed',
  'sample.hint':
    'Your seed draws intervals of all zones, contracts too, and accounts, so that nobody could ' +
    'know which. Each line is checked with all its proofs, here.',
  'sample.seed': 'Seed',
  'sample.count': 'How many, up to 50',
  'sample.back': 'From',
  'sample.days.one': 'the last day',
  'sample.days.other': 'the last {count} days',
  'sample.run': 'Draw and check',
  'sample.running': '{done} of {all} are checked',
  'sample.stopped': '{done} of {all} were checked before it stopped.',
  'sample.holds': '{done} lines are checked, and all of each holds.',
  'sample.told': '{done} lines are checked: what can be shown holds, some is the exchange’s word.',
  'sample.open': '{done} lines are checked: none is wrong; of {open} not all can be shown yet.',
  'sample.fails': '{wrong} of {done} lines cannot be true.',
  'sample.empty': 'No settled line was drawn: choose a longer span or another seed.',
  'sample.short': 'Of {all} lines {done} were found: in most of this span nothing is settled.',
  'sample.drawn': 'Drawn by “{seed}” from {from} until {to}. Its file is enough to repeat it.',
  'sample.draw': 'Draw',
  'sample.checks': 'Checks',
  'sample.state': 'Shown',
  'sample.state.holds': 'all holds',
  'sample.state.told': 'as far as can be shown',
  'sample.state.open': 'not all yet',
  'sample.state.fails': 'wrong',
} as const
