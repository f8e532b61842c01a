import type { enWithdraw } from './en-withdraw.ts'

/** Deutsch: Geld aus der Börse abziehen. */
export const deWithdraw: Readonly<Record<keyof typeof enWithdraw, string>> = {
  'withdraw.title': 'Geld auszahlen',
  'withdraw.balance': 'Auf dem Konto',
  'withdraw.held': 'Gebunden',
  'withdraw.held.hint': 'für Aufträge und Verträge',
  'withdraw.free': 'Frei zum Auszahlen',
  'withdraw.free.hint': 'Der Rest wartet, bis die Kette bewiesen hat, womit er verdient wurde.',
  'withdraw.suspended': 'Das Konto ist gesperrt: bis es wieder offen ist, geht kein Geld hinaus.',
  'withdraw.cannot.none': 'Hier kann kein Passkey dieser Seite unterschreiben.',
  'withdraw.cannot.none.next':
    'Fügen Sie unter „Konto“ einen hinzu, mit einem Gerät, das schon unterschreibt, oder ' +
    'nehmen Sie den eingetragenen Schlüssel auf der Kommandozeile.',
  'withdraw.cannot.other-word': 'Ihr Passkey handelt und lässt kein Geld hinaus.',
  'withdraw.cannot.other-word.next':
    'Ihr Versorger hat ihn beantragt. Lassen Sie ihn mit dem eingetragenen Schlüssel oder einem ' +
    'eigenen Passkey noch einmal beantragen: Dann kann er es.',
  'withdraw.amount': 'Wie viel',
  'withdraw.all': 'Alles, was frei ist',
  'withdraw.wrong.malformed': 'Schreiben Sie einen Geldbetrag, etwa 20 oder 20,50.',
  'withdraw.wrong.too-much': 'Höchstens {most} sind frei zum Auszahlen.',
  'withdraw.to': 'Es geht an die Adresse Ihres eingetragenen Schlüssels und nirgends sonst hin:',
  'withdraw.next': 'Auszahlen …',
  'withdraw.sure': '{amount} verlassen die Börse.',
  'withdraw.sure.hint':
    'Die Kette zahlt sie an die Adresse Ihres eingetragenen Schlüssels, und niemand kann sie ' +
    'zurückrufen. Wer diesen Schlüssel hat, hat das Geld:',
  'withdraw.sign': 'Unterschreiben und auszahlen',
  'withdraw.back': 'Zurück',
  'withdraw.done': 'Es ist von Ihrem Konto. Unten sehen Sie, wann die Kette es gezahlt hat.',
  'withdraw.last': 'Zuletzt ausgezahlt',
  'withdraw.none': 'Noch wurde nichts ausgezahlt.',
  'withdraw.paid.waits': 'noch nicht gezahlt',
  'withdraw.paid.paid': 'gezahlt',
  'withdraw.paid.refused': 'von der Kette abgelehnt',
  'withdraw.paid.own': 'von der Kette geholt',
  'withdraw.transaction': 'Transaktion',
  'withdraw.refused.next':
    'Das darf nicht geschehen: die Börse hat gebucht, was die Kette nicht gezahlt hat. Nennen ' +
    'Sie dem Betreiber die Transaktion.',
  'withdraw.silent': 'Falls die Börse einmal schweigt',
  'withdraw.silent.says':
    'Ihr Geld liegt auf der Kette. Der eingetragene Schlüssel holt es dort ohne die Börse, nach ' +
    'einer Frist; ein Passkey allein kann das nicht. Bewahren Sie diesen Schlüssel auf, oder ' +
    'wissen Sie, wer ihn für Sie verwahrt.',
}
