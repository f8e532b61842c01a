/** What somebody is told whose device is said to be lost. */
export const enLost = {
  'lost.title': 'Your retailer was told that this device is lost',
  'lost.what':
    '{name} took away the word of {label} on {time}. It signs nothing more for you, and shows ' +
    'nothing of your money.',
  'lost.until': 'Until {until} you can say that it is not lost.',
  'lost.waits': 'Asked for in its place',
  'lost.waits.device': 'asked for {asked} by {name}, for pages at {host}',
  'lost.waits.from': 'signs for your account from {from}',
  'lost.waits.code': 'A link for another device',
  'lost.waits.until': 'counts until {until}',
  'lost.nothing': 'Nobody has asked for another device.',
  'lost.nothing.next':
    'Call your retailer by a number that you know. Should somebody ask for one, you see it here ' +
    'and can object.',
  'lost.object': 'This device is mine: I object',
  'lost.object.sure': 'Yes, I object',
  'lost.object.hint':
    'If it was you who asked, do nothing and wait. If it was somebody else, object: what was ' +
    'asked for is over, and whoever runs the market decides whose the account is.',
  'lost.object.done': 'What was asked for is over.',
  'lost.objected': 'You objected on {time}.',
  'lost.objected.next':
    'What was asked for is over, and nobody gets a device for your account until whoever runs ' +
    'the market has decided. Call them, and your retailer, by a number that you know.',
  'lost.told': 'What your account was told of keys',
} as const
