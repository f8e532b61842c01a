/** What an account lets its agents do. */
export const enMandates = {
  'mandates.title': 'Your agent',
  'mandates.hint':
    'A mandate lets a program of yours place orders for you, within these limits and with a key ' +
    'of its own. It can do nothing else, and you can end it at once.',
  'mandates.empty': 'No agent trades for you.',
  'mandates.until': 'until {until}',
  'mandates.over': 'over since {until}',
  'mandates.buys': 'Buys for up to {price}.',
  'mandates.sells': 'Sells from {price}.',
  'mandates.day': 'Today {left} of {most} are left.',
  'mandates.key': 'Its key:',
  'mandates.revoke': 'End it now',
  'mandates.revoked': 'It has ended: what it signs counts no more.',
  'mandates.grant': 'A new mandate',
  'mandates.label': 'What you call it',
  'mandates.of': 'The agent’s public key',
  'mandates.most': 'Pays at most, for a kilowatt-hour (empty: it does not buy)',
  'mandates.least': 'Takes at least, for a kilowatt-hour (empty: it does not sell)',
  'mandates.each': 'At most in one order',
  'mandates.daily': 'At most in one day',
  'mandates.days': 'For how many days',
  'mandates.wrong':
    'A name is of 1 to 32 of a-z, 0-9 and -; a key 0x02 or 0x03 and 64 digits; a price as 0.25; ' +
    'energy as 200 Wh or 1 kWh; 1 to 365 days.',
  'mandates.sign': 'Sign and grant',
  'mandates.granted': 'Your agent may trade within it from now on.',
} as const
