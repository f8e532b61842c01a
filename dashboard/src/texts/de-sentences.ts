import type { enSentences } from './en-sentences.ts'

/** Was der Server mit eigenen Worten sagt. */
export const deSentences: Readonly<Record<keyof typeof enSentences, string>> = {
  'transaction.zone': 'Zone {zone}',
  'transaction.what.fix': 'Legt die Aufträge fest: {where}, Intervall {interval}',
  'transaction.what.commit': 'Legt das Ergebnis der Auktion fest: {where}, Intervall {interval}',
  'transaction.what.prove': 'Beweist die Auktion: {where}, Intervall {interval}',
  'transaction.what.provePart': 'Beweist Teil {part} der Auktion: {where}, Intervall {interval}',
  'transaction.what.settle': 'Rechnet Lauf {run} ab: {where}, Intervall {interval}',
  'transaction.what.stage':
    'Bringt Teil {part} von {parts} von Lauf {run}: {where}, Intervall {interval}',
  'transaction.what.apply':
    'Bucht Teil {part} von {parts} von Lauf {run}: {where}, Intervall {interval}',
  'transaction.what.show': 'Zeigt den Platz eines Auftrags: {where}, Intervall {interval}',
  'transaction.what.overdue': 'Sagt, dass ein Beweis überfällig ist: {where}, Intervall {interval}',

  'health.name.journal': 'Journal',
  'health.name.outbox': 'Ausgang',
  'health.name.refused': 'Abgelehnte Transaktionen',
  'health.name.withdrawals': 'Auszahlungen',
  'health.name.settlement': 'Abrechnung',
  'health.name.committee': 'Komitee',
  'health.name.proving': 'Beweise',
  'health.name.demands': 'Nachfragen',
  'health.name.disputes': 'Streitfälle',
  'health.name.rail': 'Zahlungsweg {rail}',
  'health.name.webhooks': 'Webhooks',
  'health.says.journal': 'bei Eintrag {count}',
  'health.says.outbox': '{count} nicht endgültig',
  'health.says.refused': 'keine abgelehnt',
  'health.says.withdrawals': '{count} von der Kette bezahlt und vom Hauptbuch nicht gedeckt',
  'health.says.settlement': '{count} Intervalle vor ihrem endgültigen Lauf, {late} davon zu spät',
  'health.says.committee': '{count} Intervalle sind zu öffnen{more}',
  'health.says.proving':
    '{count} nicht bewiesen, {waiting} warten auf einen Beweiser, das älteste seit {age} s',
  'health.says.demands': '{count} nach dem Platz eines Auftrags, der in keiner Menge ist',
  'health.says.disputes': '{count} vor dem Prüfer{more}',
  'health.says.railWaits': '{count} Zahlungen warten darauf{more}',
  'health.says.railMissing': 'nicht angeboten: nicht eingerichtet',
  'health.says.railTransfers': '{count} Überweisungen, die keine Bank beantwortet hat{more}',
  'health.says.webhooks': '{count} Webhooks, {waiting} Mitteilungen warten{more}',

  'trade.reason.exit': 'weil eine Seite es verlassen hat',
  'trade.reason.modification': 'weil beide Seiten es beendet haben',
  'trade.reason.expired': 'weil niemand rechtzeitig geantwortet hat',
  'trade.reason.declined': 'weil die andere Seite abgelehnt hat',
  'trade.reason.withdrawn': 'weil es zurückgenommen wurde',
  'trade.reason.reservation': 'weil dafür kein Geld zurückgelegt wurde',
  'trade.reason.renewal': 'weil zurückgelegtes Geld nicht gehalten wurde',
  'trade.reason.payment': 'weil eine Zahlung fehlt',
  'trade.reason.unknown': 'wegen {reason}',
}
