/** Was alle vom ganzen Markt sehen: das Netz und seine Zahlen. */
export const dePublic = {
  'intervals.proof.all': 'alle',
  'intervals.proof.none': 'Keines dieser Intervalle ist mit seinem Beweis so weit.',
  'grid.title': 'Das Netz',
  'grid.hint':
    'Jeder Balken ist eine Zone mit eigenem Preis, jede Linie eine Brücke zur Zone darüber. ' +
    'Pfeile zeigen, wohin in {interval} Energie floss, wie die Zähler sagen; je dicker, desto ' +
    'voller.',
  'grid.none': 'Flüsse sind mit der ersten Abrechnung bekannt, wenn die Zähler gesprochen haben.',
  'grid.empty': 'Noch ist keine Zone eingetragen.',
  'grid.picture': 'Zonen und Brücken in {interval}',
  'grid.unsettled': 'noch nicht abgerechnet',
  'grid.metered': '{used} verbraucht · {fed} eingespeist',
  'grid.loading': '{share} ausgelastet',
  'grid.bridge.up': '{energy} nach oben',
  'grid.bridge.down': '{energy} nach unten',
  'grid.bridge.still': 'nichts geflossen',
  'grid.bridge.unknown': 'noch nicht bekannt',
  'grid.outside.up': '{energy} nach außen',
  'grid.outside.down': '{energy} von außen',
  'grid.outside.still': 'nichts von außen',
  'grid.outside.unknown': 'von außen: noch nicht bekannt',
  'grid.column.zone': 'Zone',
  'grid.column.above': 'Zone darüber',
  'grid.column.price': 'Preis je kWh',
  'grid.column.used': 'Verbraucht',
  'grid.column.fed': 'Eingespeist',
  'grid.column.self': 'Selbst versorgt',
  'grid.column.flow': 'Fluss nach oben',
  'grid.column.capacity': 'Brücke trägt',
  'grid.column.loading': 'Ausgelastet',
} as const
