import type { enBills } from './en-bills.ts'

export const deBills: Readonly<Record<keyof typeof enBills, string>> = {
  'bills.title': 'Was abzurechnen ist',
  'bills.hint':
    'Was Zähler gezählt haben, ohne das Gehandelte, zu Ihrem Tarif, mit Netzentgelt, Gebühren ' +
    'und Strafen: hier gerechnet, wie „busbar bills“ es tut, nach dem Wort der Börse.',
  'bills.period': 'Zeitraum',
  'bills.period.month': 'Ein Monat',
  'bills.period.days': 'Einige Tage',
  'bills.day.from': 'Erster Tag',
  'bills.day.through': 'Letzter Tag',
  'bills.days.wrong': 'Der letzte Tag liegt vor dem ersten.',
  'bills.stopped': 'Diese Tage sind nicht zu Ende gelesen.',
  'bills.stopped.next':
    'Ihre Rechnungen brauchen jedes Intervall: Was bisher gelesen ist, genügt nicht.',
  'bills.again': 'Noch einmal lesen',
  'bills.file.tariff': 'Ihr Tarif (tariff.json)',
  'bills.file.previous': 'Die Rechnungen davor (run.json)',
  'bills.file.collected': 'Gesammeltes (evidence)',
  'bills.tariff.set':
    'Ohne Datei gelten die Preise, die Sie bei der Börse gesetzt haben, und keine Gebühren. ' +
    'Dateien bleiben in diesem Browser.',
  'bills.tariff.own': 'Zu den Preisen und Gebühren Ihrer Datei. Sie bleibt in diesem Browser.',
  'bills.tariff.none': 'Sie haben keinen Tarif gesetzt.',
  'bills.tariff.none.next': 'Wählen Sie oben Ihre tariff.json: Mit ihr gibt es Rechnungen.',
  'bills.market': 'Hier bleibt nichts abzurechnen.',
  'bills.market.next':
    'Dieser Markt rechnet selbst ab, was sonst Versorger abrechnen: siehe sein Regelwerk.',
  'bills.empty': 'Nichts aus diesem Zeitraum ist endgültig.',
  'bills.empty.next':
    'Rechnungen kommen mit dem ersten Intervall, das endgültig abgerechnet ist. Was älter ist, ' +
    'als die Börse sich erinnert, wird aus dem Gesammelten abgerechnet: Wählen Sie oben die ' +
    'Dateien.',
  'bills.all': 'Rechnungen',
  'bills.draft': 'Bis jetzt: Der Zeitraum ist nicht vollständig.',
  'bills.draft.extent':
    'Von {all} Intervallen sind {final} endgültig und auf diesen Rechnungen; {open} können sich ' +
    'noch ändern. Was fehlt, kommt noch oder ist älter, als die Börse sich erinnert: Wählen Sie, ' +
    'was Sie davon gesammelt haben.',
  'bills.whole': 'Jedes Intervall des Zeitraums ist endgültig und auf diesen Rechnungen.',
  'bills.payable': 'Zu zahlen',
  'bills.payable.hint': 'von allen Kunden zusammen; unter null bekommen sie es',
  'bills.energy': 'Energie',
  'bills.feedIn': 'Einspeisung',
  'bills.fees': 'Gebühren',
  'bills.fines': 'Strafen',
  'bills.carriedIn': 'Übernommen',
  'bills.carriedOut': 'Übertragen',
  'bills.save': 'bills.csv sichern',
  'bills.save.lines': 'Alle Posten sichern',
  'bills.save.bill': 'Posten sichern',
  'bills.save.intervals': 'Intervalle sichern',
  'bills.of': 'Die Rechnung von {name}',
  'bills.plan': 'Nach dem Plan „{plan}“.',
  'bills.plan.set': 'Zu den Preisen, die Sie bei der Börse gesetzt haben.',
  'bills.check': 'Gegen die Beweise halten',
  'bills.line': 'Posten',
  'bills.line.text': 'Was es ist',
  'bills.line.energy_import': 'gelieferte Energie',
  'bills.line.energy_export': 'abgenommene Energie',
  'bills.line.wheeling_sold': 'Netzentgelt, verkauft',
  'bills.line.wheeling_bought': 'Netzentgelt, gekauft',
  'bills.line.fee': 'Gebühr',
  'bills.line.fine': 'Strafe',
  'bills.line.fine_lifted': 'erlassene Strafe',
  'bills.line.carried_in': 'unter einem Cent, von der Rechnung davor',
  'bills.line.carried_out': 'unter einem Cent, für die nächste Rechnung',
  'bills.line.payable': 'zu zahlen',
  'bills.price': 'Preis je kWh',
  'bills.fault.file': '{file} ist nicht zu gebrauchen.',
  'bills.fault.field': '{field} muss sein: {limit}.',
  'bills.fault.meter': 'Es gibt keine Rechnungen: Zähler {meter}, {time}, geht nicht auf.',
  'bills.fault.reason':
    '{reason} ({code}). Nichts wird abgerechnet, solange eine Zahl einer anderen widerspricht.',
  'bills.command': 'Die Rechnungen selbst',
  'bills.command.hint':
    'Sammeln Sie die unterschriebenen Antworten jeden Tag: Die Börse vergisst ein Intervall, das ' +
    'nicht mehr berichtigt werden kann. Rechnungen daraus sind auf die Wattstunde bewiesen und ' +
    'werden als CSV- und Green-Button-Dateien geschrieben.',
}
