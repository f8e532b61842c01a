import type { enUtility } from './en-utility.ts'

/** German, of the grid operator's page. */
export const deUtility: Readonly<Record<keyof typeof enUtility, string>> = {
  'utility.title': 'Netzbetreiber',
  'utility.zone': 'Zone',
  'utility.chart': 'Diagramm',
  'utility.table': 'Tabelle',
  'utility.injected': 'Eingespeist',
  'utility.withdrawn': 'Entnommen',
  'utility.limited': 'begrenzt',
  'utility.rejected': 'abgelehnt',
  'utility.schedule': 'Was Geschäfte tun werden',
  'utility.schedule.of': 'Geschäfte in {zone}',
  'utility.schedule.hint':
    'Was für die kommenden Intervalle in Ihren Zonen vereinbart ist, nach Ihren Grenzen. Was ' +
    'Zähler daneben tun, weiß niemand voraus.',
  'utility.schedule.empty': 'Kein Geschäft wird Ihre Leitungen nutzen, soweit vereinbart.',
  'utility.schedule.empty.next': 'Ein Geschäft steht hier, sobald beide unterschrieben haben.',
  'utility.schedule.until': 'Gezählt ist bis {time}. Für später ist noch mehr vereinbart.',
  'utility.peak': 'Am meisten in einem Intervall',
  'utility.peak.at': 'in einer Richtung, {time}',
  'utility.peak.without': 'in einer Richtung, {time}; ohne {zones}, die andere betreiben',
  'utility.peak.of': 'in einer Richtung, {time}: {share} der Brücke',

  'utility.trades': 'Geschäfte über Ihre Leitungen',
  'utility.trades.hint':
    'Zähler und Zeiträume: wer es ist und zu welchem Preis, bleibt unter den beiden. Öffnen, um ' +
    'vor dem Handelsschluss zu begrenzen oder abzulehnen.',
  'utility.trades.empty': 'Noch nutzte kein Geschäft Ihre Leitungen.',
  'utility.trades.empty.next': 'Was zwischen Zählern Ihrer Zonen vereinbart wird, steht hier.',
  'utility.from': 'Von',
  'utility.to': 'Nach',
  'utility.elsewhere': 'anderswo',
  'utility.limits': 'Grenzen',
  'utility.open': '{trade} öffnen',
  'utility.open.shown': 'Öffnen',
  'utility.limits.of': 'Geschäft {trade}, Intervall für Intervall',
  'utility.limits.over': 'Nichts davon ist noch zu begrenzen.',
  'utility.deliveries.none': 'Kein Intervall davon liegt noch vor uns.',
  'utility.through': 'Durchgelassen',
  'utility.word': 'Ihr Wort',
  'utility.word.limit': 'Begrenzen',
  'utility.word.reject': 'Ablehnen',
  'utility.word.permit': 'Erlauben',
  'utility.word.limit.hint':
    'Abgerechnet wird zur Grenze, ohne Vertragsstrafe: Wer verkauft, zahlt nicht für das, was ' +
    'die Leitungen nicht nehmen.',
  'utility.word.reject.hint': 'Nichts davon wird geliefert, und niemand zahlt dafür.',
  'utility.word.permit.hint':
    'Nimmt Ihr eigenes früheres Wort zurück. Von zwei Netzbetreibern zählt das niedrigere.',
  'utility.word.start': 'Von',
  'utility.word.count': 'Intervalle',
  'utility.word.energy': 'Höchstens, kWh in jedem',
  'utility.word.reason': 'Grund',
  'utility.word.done':
    'Es zählt ab dem nächsten Handelsschluss, und beide Seiten können lesen, warum.',

  'utility.wheeling': 'Netzentgelt',
  'utility.wheeling.hint':
    'Was Ihre Leitungen für das bekommen, was Geschäfte lieferten, von jeder Seite. Versorger ' +
    'setzen es auf ihre Rechnungen.',
  'utility.wheeling.empty':
    'Noch ist kein Geschäft über Ihre Leitungen abgerechnet. Was es bringt, steht hier mit der ' +
    'ersten Abrechnung.',
  'utility.rate': 'Ihr Satz jetzt',
  'utility.rate.next': '{rate} ab {time}',
  'utility.rate.new': 'Ein neuer Satz je kWh, ab {time}',
  'utility.rate.done': 'Er gilt ab {time}.',
  'utility.retailer': 'Über {name}',
  'utility.retailer.some': 'der Zeilen, die hier stehen',
  'utility.retailer.none': 'Ohne Versorger',
}
