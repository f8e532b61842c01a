import type { enMoney } from './en-money.ts'

/** German, of the pages on money and its checks. */
export const deMoney: Readonly<Record<keyof typeof enMoney, string>> = {
  'why.title': 'Warum dieser Cent?',
  'why.hint':
    'Was das Geld von Konto {account} bewegt hat, das Neueste zuerst. Ein Intervall öffnen, ' +
    'um zu sehen, warum, und es hier prüfen zu lassen.',
  'why.empty': 'Auf diesem Konto hat sich noch kein Geld bewegt.',
  'why.empty.next':
    'Sobald ein Intervall abgerechnet ist, in dem es handelte oder Energie verbrauchte, steht ' +
    'es hier.',
  'why.account': 'Konto',
  'why.account.show': 'Zeigen',
  'why.column.what': 'Was',
  'why.column.amount': 'Betrag',
  'why.balance': 'danach {balance}',
  'why.line.deposit': 'Einzahlung',
  'why.line.withdrawal': 'Auszahlung',
  'why.line.run': 'Intervall {interval}, {kind}',
  'why.missing': 'Dieses Konto war an diesem Intervall nicht beteiligt.',
  'why.missing.next': 'Ein anderes Intervall aus seinem Auszug wählen.',
  'why.received': '{amount} erhalten',
  'why.paid': '{amount} gezahlt',
  'why.nothing': 'Nichts wurde gezahlt',
  'why.of': 'Konto {account}, {span}, Zone {zone}',
  'why.interval': 'Was alle von diesem Intervall erfahren',

  'why.step.order': 'Was verlangt wurde',
  'why.step.clearing': 'Was die Auktion gab',
  'why.step.reading': 'Was der Zähler zählte',
  'why.step.money': 'Was es kostet',
  'why.step.chain': 'Wo es für immer steht',

  'why.order.none':
    'Es gab keinen Auftrag. Energie ohne Auftrag gehört dem Versorger, zu seinem Tarif.',
  'why.order.sell': '{energy} verkaufen für mindestens {price} je kWh: {got}.',
  'why.order.buy': '{energy} kaufen für höchstens {price} je kWh: {got}.',
  'why.order.sealed':
    'Versiegelter Auftrag {name}: {got}. Was darin steht, ist noch nicht oder wurde nie geöffnet.',
  'why.order.opened': 'Bis Handelsschluss war er versiegelt ({name}).',
  'why.got.all': 'alles bekommen',
  'why.got.some': '{energy} bekommen',
  'why.got.none': 'nichts bekommen',
  'why.got.void': 'nichtig',
  'why.got.sealed': 'noch nicht geöffnet',
  'why.clearing.price':
    'Ein Preis für alle: {price} je kWh. Dieses Konto kaufte {bought} und verkaufte {sold}.',
  'why.clearing.none': 'Niemand handelte: kein Limit eines Käufers erreichte das eines Verkäufers.',
  'why.clearing.ahead': 'Die Auktion ist noch nicht geräumt.',
  'why.meter': 'Zähler {meter}: {imported} hinein, {exported} hinaus, {assurance}.',
  'why.meter.registers':
    'Seine Register: hinein {importFrom} → {importTo} Wh, hinaus {exportFrom} → {exportTo} ' +
    'Wh.',
  'why.meter.none': 'Dieses Konto hat hier keinen Zähler.',
  'why.run': 'Lauf {run}, {kind}, um {time}',
  'why.run.same': '{run}: nichts änderte sich.',
  'why.money.none': 'Noch nicht abgerechnet: erst müssen die Zähler sprechen.',
  'why.money.fees':
    'Die Gebühr der Börse ist {fee} je kWh; Abweichungen kosten {spread} Abstand zum Preis ' +
    'der Auktion.',
  'why.money.tariff':
    'Der Tarif des Versorgers (Konto {retailer}): {retail} je verbrauchter kWh, {feedIn} je ' +
    'eingespeister kWh.',
  'why.chain.none': 'Noch nicht auf der Kette.',

  'assurance.metered': 'vom Zähler abgelesen',
  'assurance.interpolated': 'zwischen zwei Ablesungen geschätzt',
  'assurance.repeated': 'aus dem Intervall davor geschätzt',
  'assurance.absent': 'nie abgelesen, als nichts gezählt',
  'assurance.contracted': 'virtuell: er liefert seinen Vertrag',

  'verdict.holds': 'Alles davon stimmt zusammen.',
  'verdict.holds.more':
    '{count} Prüfungen wurden hier gemacht, in diesem Browser, mit den Wurzeln, die alle ' +
    'sehen. Niemand wurde gefragt.',
  'verdict.open': 'Was sich prüfen lässt, stimmt; der Rest ist unterwegs.',
  'verdict.open.more':
    '{count} Prüfungen wurden hier gemacht, in diesem Browser. Noch auf die Kette oder auf ' +
    'einen Lauf warten: {open}.',
  'verdict.fails': 'Das kann nicht alles wahr sein.',
  'verdict.fails.more':
    '{fails} von {count} Prüfungen scheitern. Diese Seite aufheben und den Betreiber oder ' +
    'einen Prüfer fragen: die Antwort widerspricht sich oder ihren Wurzeln.',
  'verdict.checking': 'Prüft …',

  'check.holds': 'stimmt',
  'check.fails': 'scheitert',
  'check.open': 'noch nicht',
  'check.answer-in-form':
    'Die Antwort hat eine Form, die diese Seite zeigen und prüfen kann.',
  'check.order-in-set':
    'Der Auftrag {of} ist in der Menge, die bei Handelsschluss festgelegt wurde (Merkle-Pfad ' +
    'zu ihrer Wurzel).',
  'check.order-digest':
    'Der Auftrag {of} ist, was sein Name sagt (sein Typed-Data-Hash), und bekam nicht mehr als ' +
    'das und zu keinem schlechteren Preis.',
  'check.order-signed':
    'Dieses Konto hat den Auftrag {of} unterschrieben: mit seinem Schlüssel oder Passkey, oder ' +
    'ein Agent mit seinem Mandat (hier nachgerechnet, mit dem Schlüssel des öffentlichen ' +
    'Verzeichnisses).',
  'check.order-opened':
    'Geöffnet ergibt der Auftrag {of} die Festlegung, die bei Handelsschluss feststand, und was ' +
    'er bekam, bleibt in seiner Energie und seinem Preis.',
  'check.order-void': 'Der Ausgang von {of} widerspricht sich nicht.',
  'check.fill-in-tree':
    'Was {of} bekam, ist im Baum der Zuteilungen, an seinem eigenen Platz (Merkle-Pfad).',
  'check.fills-are-contracts': 'Was die Aufträge bekamen, ist, was die Zähler schulden.',
  'check.clearing-same': 'Preis, Stand und Läufe sind die, die alle erfahren.',
  'check.clearing-proven': 'Die Kette hat den Beweis dieser Auktion geprüft.',
  'check.rules-are-hash': 'Gebühr und Abstand sind aus dem Regelwerk, das der Hash nennt.',
  'check.registers-subtract': 'Die Energie von Zähler {of} ist der Unterschied seiner Register.',
  'check.reading-signed':
    'Zähler {of} zeigte dies am Anfang und am Ende, nach der Unterschrift des Gateways, das das ' +
    'Verzeichnis nennt (hier nachgerechnet, über die Wurzel, zu der jede Ablesung führt).',
  'check.reading-in-tree':
    'Die Energie von Zähler {of} ist in den Ablesungen von Lauf {run} (Merkle-Pfad).',
  'check.money-by-rule':
    'Hier nach den Regeln noch einmal abgerechnet, kommt es auf den Mikro genau heraus.',
  'check.lines-sum': 'Die Zeilen ergeben den Betrag.',
  'check.zones-sum': 'Alle Summen dieser Seite gehen auf.',
  'check.posting-in-tree': 'Lauf {of} hat genau diese Zeilen gebucht (Merkle-Pfad).',
  'check.times-are-interval': 'Die Zeiten sind die des Intervalls.',
  'check.transactions-same': 'Die Transaktionen sind die, die alle sehen.',
  'check.transactions-final': 'Sie sind in endgültigen Blöcken der Kette.',
  'check.transaction-signed':
    'Der Betreiber hat die Wurzeln von Menge und Ergebnis unterschrieben, für diese Kette (aus ' +
    'den Bytes der Transaktionen).',
  'check.run-signed':
    'Der Betreiber hat die Wurzeln von Lauf {of} unterschrieben, für diese Kette (aus den ' +
    'Bytes der Transaktionen).',

  'reason.auction_buy': 'In der Auktion gekauft',
  'reason.auction_sell': 'In der Auktion verkauft',
  'reason.exchange_fee': 'Gebühr der Börse',
  'reason.over_production': 'Mehr geliefert als verkauft: nahm die Ausgleichsstelle',
  'reason.under_production': 'Weniger geliefert als verkauft: glich die Ausgleichsstelle aus',
  'reason.over_consumption': 'Mehr verbraucht als gekauft: lieferte die Ausgleichsstelle',
  'reason.under_consumption': 'Weniger verbraucht als gekauft: nahm die Ausgleichsstelle zurück',
  'reason.retail_import': 'Ohne Vertrag verbraucht: der Tarif des Versorgers',
  'reason.retail_export': 'Ohne Vertrag eingespeist: der Tarif des Versorgers',
  'reason.balancing_purchase': 'Übernahm, was andere zu viel hatten',
  'reason.balancing_sale': 'Lieferte, was anderen fehlte',
  'reason.retail_supply': 'Belieferte Kunden zum Tarif',
  'reason.retail_intake': 'Nahm Energie von Kunden zum Tarif',
  'reason.fee_income': 'Gebühren dieses Intervalls',
  'reason.rounding': 'Was das Runden übrig ließ',
  'reason.arrears_covered': 'Fehlendes Geld, von anderen vorgestreckt',
  'reason.arrears_cover': 'Für fehlendes Geld eines anderen eingestanden',
  'reason.arrears_repaid': 'Rückstand zurückgezahlt',
  'reason.arrears_received': 'Rückstand erhalten',
  'reason.bond_lost': 'Pfand für nicht geöffnete Aufträge',
  'reason.bond_received': 'Pfänder für nicht geöffnete Aufträge',
  'reason.trade_buy': 'Durch ein Geschäft gekauft',
  'reason.trade_sell': 'Durch ein Geschäft verkauft',
  'reason.trade_loss_paid': 'Der anderen Seite eines Geschäfts den Schaden ersetzt',
  'reason.trade_loss_received':
    'Von der anderen Seite eines Geschäfts den Schaden ersetzt bekommen',
  'reason.trade_penalty_paid': 'Vertragsstrafe eines Geschäfts',
  'reason.trade_penalty_received': 'Vertragsstrafe eines Geschäfts, erhalten',
  'reason.platform_fee': 'Gebühr der Plattform',
  'reason.platform_income': 'Gebühren der Plattform, erhalten',
  'reason.modification_paid': 'Ein Geschäft geändert',
  'reason.modification_received': 'Ein Geschäft wurde von der anderen Seite geändert',
  'reason.exit_paid': 'Ein Geschäft verlassen',
  'reason.exit_received': 'Die andere Seite verließ ein Geschäft',
  'reason.escrow_in': 'Für ein Geschäft zurückgelegt',
  'reason.escrow_out': 'Aus einem Geschäft freigegeben',
  'reason.collateral_paid': 'Sicherheit eines Geschäfts, in Anspruch genommen',
  'reason.collateral_received': 'Sicherheit eines Geschäfts, erhalten',
  'reason.remainder_paid': 'Unter einem Cent aus Rechnungen eines Geschäfts',
  'reason.remainder_received': 'Unter einem Cent aus Rechnungen eines Geschäfts, erhalten',

  'line.sum': 'Zusammen',
  'line.factors': '{energy} × {price} je kWh',
  'line.amount': 'Betrag',

  'run.provisional': 'vorläufig',
  'run.final': 'endgültig',
  'run.resettled': 'Berichtigung',

  'audit.title': 'Prüfung',
  'audit.hint':
    'Was immer gelten muss, als Zahlen. Jedes „Ungeklärt“ muss nichts sein, auf den Mikro und ' +
    'die Wattstunde.',
  'audit.again': 'Noch einmal rechnen',
  'audit.at': 'Gerechnet bei Eintrag {sequence} des Journals.',
  'audit.money': 'Geld',
  'audit.money.deposited': 'Kam herein',
  'audit.money.withdrawn': 'Ging hinaus',
  'audit.money.balances': 'Steht auf Konten',
  'audit.energy': 'Energie',
  'audit.energy.in': 'Kam herein',
  'audit.energy.out': 'Ging hinaus',
  'audit.energy.intervals': 'Über {count} abgerechnete Intervalle.',
  'audit.chain': 'Kette und Hauptbuch',
  'audit.chain.ledger': 'Im Hauptbuch',
  'audit.chain.custody': 'Auf der Kette',
  'audit.chain.pending': 'Unterwegs',
  'audit.chain.equal': 'Die Kette hat, was das Hauptbuch sagt, Konto für Konto.',
  'audit.chain.pending.more': 'Transaktionen sind unterwegs; was endgültig ist, stimmt überein.',
  'audit.chain.differs': '{count} Konten unterscheiden sich zwischen Kette und Hauptbuch.',
  'audit.chain.silent': 'Die Kette antwortet nicht: über sie wird nichts behauptet.',
  'audit.unexplained': 'Ungeklärt',
  'audit.exact': 'Nichts ist ungeklärt.',
  'audit.exceptions': 'Intervalle mit Ausnahmen',
  'audit.exceptions.hint':
    'Des Tages: überfällige oder fehlerhafte Beweise, ungültige Aufträge, geschätzte Zähler, ' +
    'Berichtigungen.',
  'audit.exceptions.none': 'Heute keine.',
  'audit.exception.proof': 'Beweis',
  'audit.exception.voids': 'Ungültige Aufträge',
  'audit.exception.estimated': 'Geschätzte Zähler',
  'audit.exception.corrections': 'Berichtigungen',
  'audit.proving': 'Bündel ohne Beweis',
  'audit.proving.none': 'Jedes Bündel ist bewiesen.',
  'audit.proving.since': 'Seit',
  'audit.proving.orders': 'Aufträge',
  'audit.proving.attempts': 'Versuche',
  'audit.proving.waiting': 'wartet',
  'audit.proving.claimed': 'wird bewiesen',
  'audit.proving.sent': 'an die Kette gesendet',
  'audit.proving.failed': 'gescheitert',
  'audit.private':
    'Prüfer und Betreiber sehen hier mehr: welche Bündel auf einen Beweis warten, und warum.',
}
