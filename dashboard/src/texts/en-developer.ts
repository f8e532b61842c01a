/** How a program talks to the exchange. */
export const enDeveloper = {
  'developer.title': 'For those who write programs',
  'developer.hint':
    'All that these pages show comes by the same interface that is open to every program.',
  'developer.first': 'A first trade in ten lines',
  'developer.first.choose': 'By contract, or in the auction',
  'developer.first.contract': 'By contract',
  'developer.first.open': 'In the auction',
  'developer.first.sealed': 'In the auction',
  'developer.first.hint.sealed':
    'It waits for its auction, sealed: what comes back is the exchange’s signature that it ' +
    'will be in the set. The typed client is @busbar/client; it also runs in browsers.',
  'developer.first.hint.revealed':
    'It waits for its auction, sealed: what comes back is the exchange’s signature that it ' +
    'will be in the set. In this market its owner opens it after the gate, by ' +
    'client.revealOrder(revealOf(kept)), or loses the bond: keep what signing gives beside it. ' +
    'The typed client is @busbar/client; it also runs in browsers.',
  'developer.first.hint.open':
    'It waits for its auction, in an open book: what comes back is the order’s digest, by which ' +
    'its fill is known. The typed client is @busbar/client; it also runs in browsers.',
  'developer.first.hint.contract':
    'Two hands sign the same terms: one proposes, the other agrees. A card names who, by which ' +
    'meter and retailer: busbar trade card prints it, and the trading page shows one’s own. The ' +
    'typed client is @busbar/client; it also runs in browsers.',
  'developer.reference': 'The interface',
  'developer.document': 'OpenAPI 3.1',
  'developer.find': 'Find a route',
  'developer.found.one': '{count} route',
  'developer.found.other': '{count} routes',
  'developer.private': 'private',
  'developer.body': 'What is sent',
  'developer.answer': 'What comes back',
  'developer.answer.plain': 'What comes back is {type}.',
  'developer.refusals': 'What it may refuse',
  'developer.field': 'Field',
  'developer.fields': 'Fields',
  'developer.type': 'Type',
  'developer.about': 'What it is',
  'developer.optional': 'optional',
  'developer.try': 'Ask',
  'developer.send': 'Send it for real',
  'developer.real': 'This is no rehearsal.',
  'developer.real.next':
    '{method} changes something in this market, as if a program had sent it. The cookie of this ' +
    'browser counts for reading alone: what does more carries a signature of its own, so that ' +
    'no other site can send it for you.',
  'developer.try.credential':
    'Asked as {name}, by a credential that your passkey signs when you send: a cookie is not ' +
    'enough for this.',
  'developer.kind': 'Which kind',
  'developer.notJson': 'This is no JSON.',
  'developer.sign': 'Sign with your passkey',
  'developer.sign.hint': 'It signs what stands above. A change after that wants another signature.',
  'developer.unsigned': 'What stands there cannot be signed.',
  'developer.signed': 'The signature stands in the body. Nothing has been sent.',
  'developer.signs.signIn': 'It is signed by a key of its account: sign in to do that here.',
  'developer.signs.sealed':
    'The order is sealed before it is signed, by who knows what is in it: a program does both as ' +
    'in the first trade above, a person on the trading page.',
  'developer.signs.gateway':
    'It is signed by the key that a gateway is registered with, which no browser has: busbar ' +
    'retailer send-readings readings.csv --gateway 0 --gateway-key gateway.key signs and sends, ' +
    'and so does GatewaySigner.readings of the client.',
  'developer.signs.device':
    'It is signed by the key that a gateway is registered with, which no browser has: ' +
    'GatewaySigner.deviceReadings of the client signs it.',
  'developer.curl': 'On a command line',
  'developer.curl.credential':
    'BUSBAR_CREDENTIAL is what busbar key credential prints: nobody can read a browser’s cookie.',
  'developer.redirect': 'A browser is sent somewhere else.',
  'developer.redirect.open': 'Go there',
  'developer.try.signIn': 'Private: sign in first, or see how it is refused.',
  'developer.try.as': 'Asked as {name}.',
  'developer.took': '{ms} ms',
  'developer.events': 'Events of the stream',
  'developer.events.hint':
    'GET /v1/stream: server-sent events, as they become durable. A client that comes back ' +
    'with Last-Event-ID misses none.',
  'developer.event': 'Event',
  'developer.notices': 'Notices, brought by a webhook',
  'developer.notices.hint':
    'What concerns an account alone is brought to its webhook, signed by the exchange: one ' +
    '{method} each, with the notice as JSON. A kind says what stands in its data.',
  'developer.notice': 'Kind',
  'developer.webhook.shape': 'Each notice is',
  'developer.webhook.headers': 'Its headers are',
  'developer.webhook.rules': 'It is tried until it is taken',
  'developer.webhook.answer':
    'A status from 200 to 299 within {seconds} s takes it. Everything else is tried again.',
  'developer.webhook.pause':
    'After {first} s first, then after twice as long each time, at most {most} s.',
  'developer.webhook.attempts':
    'After {attempts} attempts, in about half a day, it is given up. It stays readable.',
  'developer.webhook.order':
    'Of one subject they come in order, of different ones up to {many} at a time; {statuses} ' +
    'asks for one at a time.',
  'developer.webhook.age': 'Refuse what was sent more than {seconds} s before or after now.',
} as const
