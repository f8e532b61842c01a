import type { enBooks } from './en-books.ts'

/** German, of the books over time and the journal's hashes. */
export const deBooks: Readonly<Record<keyof typeof enBooks, string>> = {
  'books.title': 'Ob die Bücher stimmten',
  'books.hint':
    'Was galt, als jedes Intervall abgerechnet wurde, wie es damals mit dem Journal ' +
    'aufgeschrieben wurde: jede Wattstunde mit einem Eigentümer, jede Zahlung mit ihrer ' +
    'Gegenseite, und auf der Kette, was im Hauptbuch steht. Ein Tag öffnet sich zu seinen ' +
    'Intervallen, ein Intervall zu seinen Zahlen.',
  'books.days': 'Tage',
  'books.none': 'In diesen Tagen wurde nichts abgerechnet.',
  'books.holds':
    'Alle {runs} Abrechnungen dieser Tage stimmen, im Hauptbuch und auf der Kette.',
  'books.holds.waiting':
    'Alle {runs} Abrechnungen dieser Tage stimmen; {waiting} sind unterwegs zur Kette.',
  'books.wrong': '{wrong} von {runs} Abrechnungen dieser Tage stimmen nicht.',
  'books.wrong.next':
    'Öffnen Sie den roten Tag und darin das Intervall: Seine Zahlen sagen, was nicht stimmt.',
  'books.state.holds': 'stimmt',
  'books.state.waiting': 'unterwegs',
  'books.state.wrong': 'stimmt nicht',
  'books.state.none': 'nichts',
  'books.grid': 'Intervalle des Tages. Die Pfeiltasten gehen von einem zum anderen.',
  'books.table': 'Als Tabelle',
  'books.moved': 'Bewegtes Geld',
  'books.runs': 'Abrechnungen des Intervalls',
  'books.zone': 'Zone',
  'books.trades': 'Geschäfte',
  'books.run': 'Lauf {run}',
  'books.entry': 'Eintrag',
  'books.metered.out': 'Zähler gaben',
  'books.metered.in': 'Zähler nahmen',
  'books.unexplained.energy': 'Ungeklärte Energie',
  'books.unexplained.money': 'Ungeklärtes Geld',
  'books.outside': 'Die Welt draußen',
  'books.posted': 'Summe aller Zeilen',
  'books.ledger.then': 'Hauptbuch in dem Moment',
  'books.roots': 'Kette',
  'books.roots.yes': 'hat sie:',
  'books.roots.no': 'hat eine andere:',
  'books.roots.failed': 'wies sie ab:',
  'books.roots.waiting': 'hat sie noch nicht endgültig:',

  'journal.title': 'Ein Stück des Journals',
  'journal.hint':
    'Eintrag für Eintrag, wie es gespeichert ist, höchstens {most} auf einmal; was Aufträge ' +
    'öffnet, bleibt darin versiegelt. Jeder Hash wird hier geprüft, und ohne Netz mit ' +
    '„busbar check-journal“.',
  'journal.from': 'Von Eintrag',
  'journal.to': 'Bis Eintrag',
  'journal.save': 'Diese Einträge sichern',
  'journal.reading': '{done} Einträge sind gelesen',
  'journal.saved': '{count} Einträge sind gesichert, jeder mit dem Hash von allem davor.',
  'journal.broken':
    'Eintrag {sequence} folgt nicht auf den davor. Was gezeigt wurde, ist gesichert.',

  'heads.title': 'Das Journal, und was die Kette bezeugt',
  'heads.hint':
    'Jeder dieser Hashes deckt alles, was vor ihm geschrieben wurde. Mit ihm kam etwas auf die ' +
    'Kette, die es nie mehr ändern lässt: Wer sich einen notiert, kann ein Journal widerlegen, ' +
    'das etwas anderes sagt. Dieser Browser notiert sich, die er sieht.',
  'heads.whole': 'Alle diese {count} sind auf der Kette endgültig.',
  'heads.waiting':
    '{anchored} von diesen {count} sind auf der Kette endgültig, die anderen unterwegs.',
  'heads.failed': '{failed} davon konnten nicht auf die Kette gebracht werden.',
  'heads.rewritten': 'Eintrag {sequence} hatte einen anderen Hash, als dieser Browser ihn sah.',
  'heads.rewritten.next':
    'Das Journal wurde umgeschrieben, oder unter dieser Adresse steht jetzt ein anderer Markt. ' +
    'Sichern Sie, was Sie sehen.',
  'heads.last': 'Das Journal endet in Eintrag {sequence}, mit dem Hash',
  'heads.at': 'Wann',
  'heads.parts': 'Auf die Kette gebracht',
  'heads.part.orders': 'Aufträge von',
  'heads.part.clearing': 'Ergebnis von',
  'heads.part.proof': 'Beweis von',
  'heads.part.run': 'Geld von',
  'heads.hash': 'Hash',
  'heads.check': 'Hier geprüft',
  'heads.check.run': 'Prüfen',
  'heads.checked': 'Eintrag {sequence}, in diesem Browser geprüft',
  'heads.wrong': 'Das kann nicht sein. Sichern Sie es: Es ist ein Beleg.',
  'heads.save': 'Sichern, was geprüft wurde',
  'head.check.hash': 'Der Hash ist der des Eintrags und von allem davor',
  'head.open.hash': '– der Eintrag sagt, was jemand geschickt hat, und wird nicht gezeigt',
  'head.check.signed': 'Der Betreiber hat die Transaktionen für diese Kette unterschrieben',
  'head.open.signed': '– sie sind noch nicht unterschrieben, oder zu lang, um gezeigt zu werden',
  'head.check.roots': 'Sie enthalten die Wurzeln, die allen gezeigt werden',
  'head.open.roots': '– das Intervall wird nicht mehr gezeigt, oder noch nicht',
  'head.check.noted': 'Er ist, was dieser Browser vorher sah',
  'head.open.noted': '– zum ersten Mal gesehen',
}
