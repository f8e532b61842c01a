import type { enWhyContracts } from './en-why-contracts.ts'

/** German, of why a contract between named parties came to what it did. */
export const deWhyContracts: Readonly<Record<keyof typeof enWhyContracts, string>> = {
  'zone.contracts': 'Verträge zwischen benannten Parteien',

  'why.of.contracts': 'Konto {account}, {span}, Verträge mit benannten Parteien',
  'why.ahead': 'Noch nicht abgerechnet',
  'why.gains': 'Sie bekommen {amount}',
  'why.costs': 'Sie zahlen {amount}',
  'why.places': 'Wo dieses Geld ist',
  'why.place.ledger': 'Im Hauptbuch der Börse',
  'why.place.ledger.hint': 'Es ist schon im Guthaben.',
  'why.place.outside': 'Auf den Zahlungswegen der Verträge',
  'why.place.outside.hint':
    'Außerhalb des Hauptbuchs: über einen Zahlungsdienst, aus Vorausbezahltem oder auf Rechnung.',
  'why.place.billed': 'Auf der Rechnung des Versorgers',
  'why.place.billed.hint': 'Was kein Vertrag hatte, zu seinem Tarif.',
  'why.place.debts': 'Schulden im Hauptbuch, daneben',
  'why.place.debts.hint':
    'Wer für wen einsprang und was zurückgezahlt wurde: Es bringt und kostet nichts.',

  'why.order.none.contracts':
    'Es gab keinen Auftrag. Energie ohne Auftrag oder Vertrag gehört dem Versorger, zu seinem ' +
    'Tarif.',
  'why.contract.step.order': 'Was vereinbart wurde',
  'why.contract.step.clearing': 'Wessen Preis gilt',
  'why.contract.step.reading': 'Was geliefert wurde',
  'why.contract.step.money': 'Was es kostet, und wie es bezahlt wird',
  'why.contract.step.chain': 'Wo es für immer steht',
  'why.contract.none': 'Keiner dieser Verträge ist der dieses Kontos.',
  'why.contract.sell': 'Geschäft {trade}: Sie verkaufen an {name} (Konto {account}).',
  'why.contract.buy': 'Geschäft {trade}: Sie kaufen von {name} (Konto {account}).',
  'why.contract.digest': 'Beide haben seinen Hash unterschrieben',
  'why.contract.all': 'Alle Verträge',
  'why.contract.price':
    'Keine Auktion: Es gilt der Preis, den beide unterschrieben haben. Wie abgerechnet wird, ' +
    'sagt das Regelwerk.',
  'why.contract.owed': 'Geschäft {trade} schuldete in diesem Intervall {energy}.',
  'why.contract.limit': 'Der Netzbetreiber (Konto {utility}) ließ {energy} fließen: {reason}',
  'why.contract.awaited': 'Was daraus wurde, ist bekannt, wenn die Zähler abgelesen sind.',
  'why.contract.delivered.complete': 'Geliefert: {energy}, alles.',
  'why.contract.delivered.partial': 'Geliefert: {energy}.',
  'why.contract.delivered.failed': 'Nichts wurde geliefert.',
  'why.contract.estimated': 'Einer der beiden Zähler ist geschätzt: Es kann berichtigt werden.',
  'why.contract.missing':
    'Vom Fehlenden sind {seller} der Teil des Verkäufers und {buyer} der des Käufers.',
  'why.contract.short':
    'Für diesen Vertrag fehlten dem Zähler des Verkäufers {seller}, dem des Käufers {buyer}.',
  'why.contract.tariffs':
    'Was das die andere Seite kostet, richtet sich danach, was ihr Versorger einem Verkäufer ' +
    'zahlt ({feedIn} je kWh) und von einem Käufer verlangt ({retail} je kWh).',
  'why.contract.fee': 'Die Gebühr der Börse für Verträge ist {fee} je kWh, von jeder Seite.',
  'why.rail.clearing-house': 'Geschäft {trade} wird von der Börse selbst bezahlt, im Hauptbuch.',
  'why.rail.money-block':
    'Geschäft {trade} wird aus Geld bezahlt, das ein Zahlungsdienst zurücklegt.',
  'why.rail.prepaid':
    'Geschäft {trade} wird aus dem bezahlt, was bei den Versorgern vorausbezahlt ist.',
  'why.rail.bill-seller': 'Geschäft {trade} wird auf Rechnung des Verkäufers bezahlt.',
  'why.rail.bill-platform': 'Geschäft {trade} wird auf Rechnung der Plattform bezahlt.',
  'why.payment.none':
    'Es wird am Ende seines Zeitraums verlangt, zusammen mit dem, was bis dahin fällig ist.',
  'why.payment.out': 'Zahlung {payment}, an Konto {account}: {amount}, {state}.',
  'why.payment.in': 'Zahlung {payment}, von Konto {account}: {amount}, {state}.',
  'why.payment.reserving': 'wird zurückgelegt',
  'why.payment.reserved': 'zurückgelegt, für dieses und andere Intervalle',
  'why.payment.renewing': 'wird länger zurückgelegt',
  'why.payment.capturing': 'verlangt',
  'why.payment.postponed': 'später fällig',
  'why.payment.releasing': 'wird freigegeben',
  'why.payment.captured': 'bezahlt, mit anderen Intervallen',
  'why.payment.released': 'freigegeben',
  'why.payment.expired': 'zu kurz zurückgelegt',
  'why.payment.failed': 'konnte nicht bezahlt werden',
  'why.run.none': '{run}: nichts wurde im Hauptbuch gebucht.',
  'why.run.dues': '{run}, außerhalb des Hauptbuchs',
  'why.billed': 'Auf der Rechnung des Versorgers, nach dem letzten Lauf',
  'line.trade': '(Geschäft {trade})',

  'verdict.told': 'Was sich zeigen lässt, stimmt; manches ist das Wort der Börse.',
  'verdict.told.more':
    '{count} Prüfungen wurden hier gemacht, in diesem Browser. {told} davon betreffen andere, ' +
    'was nicht mehr aufbewahrt wird, oder was nur ein Knoten der Kette zeigen kann: Das sagt die ' +
    'Börse, und nichts hier kann es zeigen. „busbar verify“ rechnet das ganze Journal noch ' +
    'einmal und vergleicht es mit der Kette.',
  'check.told': 'sagt die Börse, hier nicht geprüft',
  'check.reading-in-run': 'Die Energie von Zähler {of} wartet auf ihren ersten Lauf.',
  'check.money-told':
    'Manche Zeilen werden hier nicht noch einmal abgerechnet: Sie stehen für viele, oder ' +
    'folgen aus anderen Intervallen.',
  'check.contract-digest':
    'Die Bedingungen von Geschäft {of} sind die, die sein Hash nennt, und schulden hier genau das.',
  'check.seller-signed': 'Der Verkäufer hat die Bedingungen von Geschäft {of} unterschrieben.',
  'check.buyer-signed': 'Der Käufer hat die Bedingungen von Geschäft {of} unterschrieben.',
  'check.contract-in-set':
    'Der Vertrag von Geschäft {of} ist in einer Menge, deren Wurzel bei einem Handelsschluss auf ' +
    'die Kette kam (Merkle-Pfad).',
  'check.traded-in-tree':
    'Was die Verträge von Zähler {of} bekamen, hat die Börse unterschrieben, unter der Wurzel ' +
    'des letzten Laufs.',
  'check.own-share':
    'Was geliefert ist, und was wem fehlt, passt zu Zähler {of} und zu allem, was er schuldet.',
  'check.others-share': 'Wie viel dem Zähler der anderen Seite für Geschäft {of} fehlte.',
  'check.contract-money':
    'Geschäft {of}, hier nach seinen Bedingungen noch einmal abgerechnet, kommt auf den Mikro ' +
    'genau heraus.',

  'why.other.received': 'Konto {account} hat {amount} erhalten',
  'why.other.paid': 'Konto {account} hat {amount} gezahlt',
  'why.other.gains': 'Konto {account} bekommt {amount}',
  'why.other.costs': 'Konto {account} zahlt {amount}',
  'why.other.sell': 'Geschäft {trade}: Konto {owner} verkauft an {name} (Konto {account}).',
  'why.other.buy': 'Geschäft {trade}: Konto {owner} kauft von {name} (Konto {account}).',

  'interval.number.contracts': '{day}, Nummer {interval}, Verträge zwischen benannten Parteien',
  'interval.contracts.energy':
    '{energy} sind in diesem Intervall geschuldet, von allen Verträgen zusammen.',
  'interval.contracts.hint':
    'Hier gibt es keine Auktion, und keinen Beweis dafür. Energie und Grenzen werden in den ' +
    'Zonen gezählt, in denen die Zähler sind.',
  'interval.contracts': 'Verträge zwischen benannten Parteien',
  'interval.step.open.contracts.title': 'Verträge werden geschlossen',
  'interval.step.open.contracts':
    'Verträge werden geschlossen und geändert, jeder mit beiden Unterschriften.',
  'interval.step.gate.contracts': 'Was jeder Vertrag in diesem Intervall schuldet, ist festgelegt.',
  'interval.step.clear.contracts.title': 'Was geschuldet ist, steht fest',
  'interval.step.clear.contracts':
    'Nichts wird versteigert: {energy} sind geschuldet, jeder Vertrag zu seinem Preis.',
  'interval.step.clear.contracts.none': 'Kein Vertrag schuldete in diesem Intervall etwas.',
  'interval.root.contracts': 'Verträge, seit dem Handelsschluss davor aufgenommen',
  'interval.root.owed': 'Was Verträge schulden',
  'interval.root.traded': 'Was Zähler handelten, Lauf {run}',
}
