/** The pages of a household: its day, its trading, what it was told. */
export const enHome = {
  'page.home': 'Home',

  'home.title': 'Today at home',
  'home.title.day': 'At home, {day}',
  'home.sections': 'Of your home',
  'home.earlier': 'The day before',
  'home.later': 'The day after',
  'home.none': 'This account has no meter.',
  'home.none.next':
    'Home shows what meters measure. Its grid operator registers a meter to an account; what ' +
    'else moves its money stands under “Why this cent?”.',
  'home.empty': 'Nothing is settled on this day yet.',
  'home.empty.next':
    'The first figures come seconds after the first interval was metered. This page shows them ' +
    'by itself.',

  'today.earned': 'Your energy has earned',
  'today.cost': 'Your energy has cost',
  'today.saved': 'better than your tariff',
  'today.lost': 'worse than your tariff',
  'today.tariff.earned':
    'Without the market the same energy would have earned {tariff}, at the tariff of your ' +
    'retailer.',
  'today.tariff.cost':
    'Without the market the same energy would have cost {tariff}, at the tariff of your retailer.',
  'today.noTariff': 'Your retailer’s tariff is not known here: there is nothing to compare with.',
  'today.given': 'Given out',
  'today.taken': 'Taken in',
  'today.settled.one': '{count} interval settled',
  'today.settled.other': '{count} intervals settled',
  'today.last': 'The last interval, {interval}',
  'today.why': 'Why this amount?',

  'money.title': 'Your money on its way',
  'money.awaited': 'Not settled yet',
  'money.awaited.hint.one': '{count} interval waits for readings',
  'money.awaited.hint.other': '{count} intervals wait for readings',
  'money.provisional': 'Provisional',
  'money.provisional.hint.one': '{count} interval, until its final run',
  'money.provisional.hint.other': '{count} intervals, until their final run',
  'money.final': 'Final',
  'money.final.hint.one': '{count} interval that can still be corrected',
  'money.final.hint.other': '{count} intervals that can still be corrected',
  'money.corrected': 'Corrected',
  'money.corrected.hint.one': 'moved by {count} correction',
  'money.corrected.hint.other': 'moved by {count} corrections',
  'money.bound': 'At most {rise} may still come in and {fall} go out, until {until}.',
  'money.bound.none': 'Nothing may move any more.',
  'money.bound.hint':
    'That is if every reading that may still be corrected turned out as wrong as your connection ' +
    'allows. No correction can move more; most move nothing.',
  'money.estimated.one':
    '{count} interval is estimated: it may move until its meter was read, and then as long.',
  'money.estimated.other':
    '{count} intervals are estimated: they may move until their meters were read, and then as ' +
    'long.',

  'day.title': 'My day',
  'day.energy': 'Through the meter',
  'day.given': 'Given out',
  'day.taken': 'Taken in',
  'day.traded': 'Bought and sold',
  'day.bought': 'Bought',
  'day.sold': 'Sold',
  'day.price': 'Price of the auction',
  'day.money': 'What it came to',
  'day.worth': 'With the market',
  'day.tariff': 'At the tariff alone',
  'day.time': 'Time',
  'day.status': 'How far',
  'day.corrected': 'corrected',
  'day.estimated': 'estimated',

  'partners.title': 'With whom',
  'partners.who': 'With',
  'partners.what': 'What',
  'partners.energy': 'Energy',
  'partners.price': 'Average price',
  'partners.contract': '{name}, by contract',
  'partners.auction': 'The auction of {zone}',
  'partners.rest': 'Your retailer and the balancing authority',
  'partners.buy': 'bought',
  'partners.sell': 'sold',
  'partners.rest.buy': 'the rest, taken in',
  'partners.rest.sell': 'the rest, given out',
  'partners.hint':
    'In the auction nobody learns whose energy it was. A contract names its other side.',
  'partners.empty': 'Nothing has changed hands on this day yet.',
} as const
