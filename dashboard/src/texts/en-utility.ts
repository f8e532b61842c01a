/** English, of the grid operator's page. */
export const enUtility = {
  'utility.title': 'Grid operator',
  'utility.zone': 'Zone',
  'utility.chart': 'Chart',
  'utility.table': 'Table',
  'utility.injected': 'Put in',
  'utility.withdrawn': 'Taken out',
  'utility.limited': 'limited',
  'utility.rejected': 'refused',
  'utility.schedule': 'What trades will do',
  'utility.schedule.of': 'Trades in {zone}',
  'utility.schedule.hint':
    'What is agreed for the coming intervals in your zones, after your limits. What meters do ' +
    'beside it nobody knows ahead.',
  'utility.schedule.empty': 'No trade will use your wires, as far as is agreed.',
  'utility.schedule.empty.next': 'A trade stands here as soon as both sides have signed it.',
  'utility.schedule.until': 'These count until {time}. More is agreed for later.',
  'utility.peak': 'Most in one interval',
  'utility.peak.at': 'one way, {time}',
  'utility.peak.without': 'one way, {time}; without {zones}, which others operate',
  'utility.peak.of': 'one way, {time}: {share} of the bridge',

  'utility.trades': 'Trades over your wires',
  'utility.trades.hint':
    'Meters and windows: who they are, and at what price, is between the two. Open one to limit ' +
    'or refuse it before its gate.',
  'utility.trades.empty': 'No trade has used your wires yet.',
  'utility.trades.empty.next': 'What is agreed between meters of your zones stands here.',
  'utility.from': 'From',
  'utility.to': 'To',
  'utility.elsewhere': 'elsewhere',
  'utility.limits': 'Limits',
  'utility.open': 'Open {trade}',
  'utility.open.shown': 'Open',
  'utility.limits.of': 'Trade {trade}, interval by interval',
  'utility.limits.over': 'Nothing of it is left to limit.',
  'utility.deliveries.none': 'No interval of it is ahead.',
  'utility.through': 'Let through',
  'utility.word': 'Your word',
  'utility.word.limit': 'Limit',
  'utility.word.reject': 'Refuse',
  'utility.word.permit': 'Permit',
  'utility.word.limit.hint':
    'It is settled at the limit, without a penalty: who sells does not pay for what the wires do ' +
    'not take.',
  'utility.word.reject.hint': 'Nothing of it is delivered, and nobody pays for it.',
  'utility.word.permit.hint':
    'Takes back your own earlier word. Of two utilities the lower word counts.',
  'utility.word.start': 'From',
  'utility.word.count': 'Intervals',
  'utility.word.energy': 'At most, kWh in each',
  'utility.word.reason': 'Reason',
  'utility.word.done': 'It counts from the next gate on, and both sides can read why.',

  'utility.wheeling': 'Wheeling',
  'utility.wheeling.hint':
    'What your wires are paid for what trades delivered, each side by itself. Retailers put it ' +
    'on their bills.',
  'utility.wheeling.empty':
    'No trade has been settled over your wires yet. What it brings stands here with the first ' +
    'settlement.',
  'utility.rate': 'Your rate now',
  'utility.rate.next': '{rate} from {time}',
  'utility.rate.new': 'A new rate per kWh, from {time}',
  'utility.rate.done': 'It holds from {time} on.',
  'utility.retailer': 'By {name}',
  'utility.retailer.some': 'of the lines shown so far',
  'utility.retailer.none': 'Without a retailer',
} as const
