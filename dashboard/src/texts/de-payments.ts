import type { enPayments } from './en-payments.ts'

export const dePayments: Readonly<Record<keyof typeof enPayments, string>> = {
  'payments.title': 'Zahlungen',
  'payments.empty': 'Keine Zahlung von Ihnen geht außerhalb der Börse.',
  'payments.empty.next':
    'Was Sie über das Clearinghaus handeln, wird sofort bezahlt und steht oben. Rechnungen, ' +
    'zurückgelegtes und vorausbezahltes Geld Ihrer Verträge stehen hier.',
  'payments.due': 'Von Ihnen gefordert',
  'payments.due.none': 'jetzt ist nichts zu zahlen',
  'payments.due.first': 'das Erste davon bis {time}',
  'payments.held': 'Zurückgelegt',
  'payments.held.hint': 'für Energie, die noch kommt',
  'payments.prepaid': 'Vorausbezahlt',
  'payments.prepaid.hint': 'Ihr Geld bei Ihrem Versorger',
  'payments.paid': 'Bezahlt',
  'payments.received': '{amount} an Sie bezahlt, mit Gebühren',
  'payments.owing': 'Insgesamt schulden Sie {amount}, mit dem, was noch keine Rechnung fordert.',
  'payments.owed':
    'Insgesamt werden Ihnen {amount} geschuldet, mit dem, was noch keine Rechnung fordert.',
  'payments.to': '{amount} an {name}',
  'payments.from': '{amount} von {name}',
  'payments.trade': 'Geschäft {trade}',
  'payments.by': 'über: {rail}',
  'payments.late': 'überfällig',
  'payments.state.reserving': 'wird zurückgelegt',
  'payments.state.reserved': 'zurückgelegt',
  'payments.state.renewing': 'wird länger gehalten',
  'payments.state.capturing': 'zu zahlen',
  'payments.state.postponed': 'aufgeschoben',
  'payments.state.releasing': 'wird frei',
  'payments.state.captured': 'bezahlt',
  'payments.state.released': 'frei',
  'payments.state.expired': 'nicht gehalten',
  'payments.state.failed': 'nicht bezahlt',
  'payments.reason.funds': 'es war nicht genug Geld da',
  'payments.reason.renewal': 'es wurde nicht länger zurückgelegt',
  'payments.reason.refused': 'wer zahlen sollte, hat abgelehnt',
  'payments.reason.overdue': 'die Rechnung ist überfällig',
  'payments.reason.word': 'der Zahlungsweg sagt: {reason}',
  'payments.until': 'Zurückgelegt bis {time}.',
  'payments.dueBy': 'Zu zahlen bis {time}.',
  'payments.dueSince': 'Es war bis {time} zu zahlen.',
  'payments.bill.made': 'Die Rechnung wird gerade ausgestellt.',
  'payments.bill': 'Die Rechnung hat die Nummer {number}.',
  'payments.bill.pay': 'Zahlen Sie sie bei Ihrer Bank: Sie hat die Nummer {number}.',
  'payments.postpone': 'Später zahlen',
  'payments.postpone.costs':
    'Sie haben dann Zeit bis {time}. Das kostet {fee}, für {name}, und wird mit der nächsten ' +
    'Rechnung dieses Geschäfts gefordert.',
  'payments.postpone.sign': 'Unterschreiben und später zahlen',
  'payments.postponed': 'Sie haben mehr Zeit: Der neue Tag steht oben.',
  'payments.default.title': 'Sie sind im Verzug: {amount} an {name}',
  'payments.default.noLadder':
    'Keine Stufe folgt von selbst: Sie haben in keine eingewilligt.',
  'payments.creditor': '{name} hat Ihnen {amount} aus Geschäft {trade} nicht bezahlt.',
  'payments.creditor.open':
    'Der Versorger geht Stufe um Stufe vor, bis bezahlt ist. Was er einbringt, geht zuerst an Sie.',
  'payments.creditor.paused': 'Es wird bestritten: Die Behörde entscheidet.',
  'payments.retailer.none': 'Ihren Versorger',
  'payments.cure': 'So endet er',
  'payments.cure.bill':
    'Zahlen Sie die Rechnung {number}: {amount}. Das beendet ihn sofort, auf jeder Stufe und ' +
    'wie spät auch immer.',
  'payments.cure.retailer':
    'Zahlen Sie {amount} an {retailer}. Was dort ankommt, wird eingetragen, beendet ihn und geht ' +
    'an den, der wartet.',
  'payments.cure.funds':
    'Halten Sie {amount} hier verfügbar, oder vorausbezahlt bei {retailer}, oder noch einmal bei ' +
    'Ihrem Zahlungsdienst zurückgelegt. Es wurde nichts geliefert und dafür nichts geschuldet.',
  'payments.appeal': 'Das stimmt nicht: Einspruch',
  'payments.appeal.text': 'Warum es nicht stimmt',
  'payments.appeal.sign': 'Einspruch unterschreiben',
  'payments.appeal.hint':
    'Bis die Behörde entschieden hat, folgt keine weitere Stufe. Sie hört zu jedem Verzug einen ' +
    'Einspruch. Die Börse bekommt den Hash Ihres Textes; der Text wird auf diesem Gerät ' +
    'gespeichert: Schicken Sie ihn der Behörde, wie er ist.',
  'payments.appeal.done': 'Die Leiter ruht.',
  'payments.appealed': 'Sie haben Einspruch erhoben: Die Leiter ruht.',
  'payments.appealed.next':
    'Wird ihm stattgegeben, bleibt keine Strafe und eine Sperre wird aufgehoben. Wenn nicht, ' +
    'dauert die Stufe um so viel länger, wie der Einspruch gebraucht hat.',
  'payments.appeal.heard': 'Über Ihren Einspruch ist entschieden: Die Leiter geht weiter.',
}
