/** Wie ein Programm mit der Börse spricht. */
export const deDeveloper = {
  'page.developer': 'Entwicklung',
  'developer.title': 'Für alle, die Programme schreiben',
  'developer.hint':
    'Alles, was diese Seiten zeigen, kommt über dieselbe Schnittstelle, die jedem Programm ' +
    'offensteht.',
  'developer.first': 'Ein erster Handel in zehn Zeilen',
  'developer.first.hint':
    'Er wartet versiegelt auf seine Auktion: Zurück kommt die Unterschrift der Börse, dass er ' +
    'in der Menge sein wird. Der Client mit Typen ist @busbar/client; er läuft auch in ' +
    'Browsern.',
  'developer.reference': 'Die Schnittstelle',
  'developer.document': 'OpenAPI 3.1',
  'developer.find': 'Route suchen',
  'developer.found.one': '{count} Route',
  'developer.found.other': '{count} Routen',
  'developer.private': 'privat',
  'developer.parameters': 'Parameter',
  'developer.body': 'Was gesendet wird',
  'developer.answer': 'Was zurückkommt',
  'developer.answer.plain': 'Zurück kommt {type}.',
  'developer.refusals': 'Was sie ablehnen kann',
  'developer.field': 'Feld',
  'developer.fields': 'Felder',
  'developer.type': 'Typ',
  'developer.about': 'Was es ist',
  'developer.optional': 'wahlweise',
  'developer.try': 'Fragen',
  'developer.try.signIn': 'Privat: erst anmelden, oder sehen, wie abgelehnt wird.',
  'developer.try.as': 'Gefragt als {name}.',
  'developer.took': '{ms} ms',
  'developer.events': 'Ereignisse des Stroms',
  'developer.events.hint':
    'GET /v1/stream: Ereignisse vom Server, sobald sie dauerhaft sind. Wer mit Last-Event-ID ' +
    'wiederkommt, verpasst keines.',
  'developer.event': 'Ereignis',
} as const
