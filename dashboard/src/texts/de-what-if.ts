import type { enWhatIf } from './en-what-if.ts'

/** German, of what other rules would have made of the past. */
export const deWhatIf: Readonly<Record<keyof typeof enWhatIf, string>> = {
  'whatIf.title': 'Was hätten sie bewirkt?',
  'whatIf.hint':
    'Dieselben Aufträge und Zähler dieser Tage, nach diesen Regeln abgerechnet, aus dem ' +
    'Journal. Der Markt läuft währenddessen weiter.',
  'whatIf.first': 'Erster Tag',
  'whatIf.last': 'Letzter Tag',
  'whatIf.zone': 'Zone',
  'whatIf.zone.all': 'alle Zonen',
  'whatIf.noSpan': 'Der letzte Tag liegt vor dem ersten.',
  'whatIf.waiting': 'Wartet auf die Frage davor …',
  'whatIf.before': 'Spielt nach, was davor war: {done} von {total} Einträgen',
  'whatIf.progress': 'Tag {day} von {days}: {intervals} Intervalle',
  'whatIf.stopped': 'Angehalten.',
  'whatIf.again': 'Neu fragen',
  'whatIf.failed': 'Es ließ sich nicht ausrechnen: {code}.',
  'whatIf.none': 'Kein Intervall dieser Tage ist abgerechnet.',
  'whatIf.reproduced':
    'Nach ihren eigenen Regeln nachgespielt, ergaben alle {count} Intervalle und jeder ' +
    'Kontostand, was gebucht wurde.',
  'whatIf.unheard': 'Diese Felder ändern, wann etwas geschieht, und keine dieser Summen: {fields}',
  'whatIf.energy': 'Gehandelte Energie',
  'whatIf.price': 'Mittlerer Preis',
  'whatIf.fees': 'Gebühren der Börse',
  'whatIf.instead': 'statt {value}',
  'whatIf.moved': 'Geld woanders',
  'whatIf.moved.hint': 'was die einen mehr hätten und andere weniger',
  'whatIf.refused': 'Abgelehnte Aufträge',
  'whatIf.days': 'Nach Tagen',
  'whatIf.measure.energy': 'Energie',
  'whatIf.measure.price': 'Preis',
  'whatIf.measure.fees': 'Gebühren',
  'whatIf.measure.moved': 'Woanders',
  'whatIf.zones': 'Nach Zonen',
  'whatIf.column.day': 'Tag',
  'whatIf.column.own': 'Wie es war',
  'whatIf.column.new': 'Nach diesen Regeln',
  'whatIf.column.difference': 'Unterschied',
  'whatIf.same': 'Niemandes Geld wäre anders.',
  'whatIf.whose': 'Wessen Geld',
  'whatIf.most': 'Die {shown}, deren Geld sich am meisten unterscheidet, von {count}.',
  'whatIf.others':
    'Das Geld von {count} Konten wäre anders. Wessen, sehen Betreiber und Prüfer.',
  'whatIf.notReached': 'Was nicht darin ist',
  'whatIf.notReached.no_auction': '{zone}: {count} Intervalle ohne Auktion oder vor dem Markt',
  'whatIf.notReached.not_settled': '{zone}: {count} Intervalle, die noch nicht abgerechnet sind',
  'whatIf.notReached.correction_waits': '{zone}: {count} Intervalle, deren Berichtigung wartet',
  'whatIf.caveat':
    'Mit diesen Regeln hätten Menschen anders geboten. Verträge zwischen zweien und ' +
    'verfallene Pfänder sind nicht darin.',
  'whatIf.system.rounding': 'Rundung',
  'whatIf.system.fees': 'Gebühren der Börse',
  'whatIf.system.guarantee': 'Garantie',
}
