/** How a program talks to the exchange. */
export const enDeveloper = {
  'page.developer': 'Developer',
  'developer.title': 'For those who write programs',
  'developer.hint':
    'All that these pages show comes by the same interface that is open to every program.',
  'developer.first': 'A first trade in ten lines',
  'developer.first.hint':
    'It waits for its auction, sealed: what comes back is the exchange’s signature that it ' +
    'will be in the set. The typed client is @busbar/client; it also runs in browsers.',
  'developer.reference': 'The interface',
  'developer.document': 'OpenAPI 3.1',
  'developer.find': 'Find a route',
  'developer.found.one': '{count} route',
  'developer.found.other': '{count} routes',
  'developer.private': 'private',
  'developer.parameters': 'Parameters',
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
  'developer.try.signIn': 'Private: sign in first, or see how it is refused.',
  'developer.try.as': 'Asked as {name}.',
  'developer.took': '{ms} ms',
  'developer.events': 'Events of the stream',
  'developer.events.hint':
    'GET /v1/stream: server-sent events, as they become durable. A client that comes back ' +
    'with Last-Event-ID misses none.',
  'developer.event': 'Event',
} as const
