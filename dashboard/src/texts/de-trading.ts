import type { enTrading } from './en-trading.ts'

export const deTrading: Readonly<Record<keyof typeof enTrading, string>> = {
  'page.trading': 'Handel',
  'trading.title': 'Kaufen und verkaufen',

  'order.title': 'Ein Auftrag in der Auktion',
  'order.hint.sealed':
    'Auf diesem Gerät versiegelt: Niemand, auch nicht die Börse, kann ihn vor dem Handelsschluss ' +
    'lesen.',
  'order.hint.open': 'Die Börse liest ihn, sobald er kommt; andere Händler nie.',
  'order.side': 'Welche Seite',
  'order.buy': 'Kaufen',
  'order.sell': 'Verkaufen',
  'order.interval': 'Für das Intervall',
  'order.energy': 'Wie viel',
  'order.limit.buy': 'Höchstens zahlen, je Kilowattstunde',
  'order.limit.sell': 'Mindestens nehmen, je Kilowattstunde',
  'order.wrong.energy':
    'Energie wird als 200 Wh oder 0,2 kWh geschrieben, höchstens {most}.',
  'order.wrong.price': 'Ein Preis liegt zwischen {min} und {max}, in Schritten von {tick}.',
  'order.aside':
    'Bis zur Abrechnung zurückgelegt: {aside}, was ein Auftrag Ihres Zählers höchstens ' +
    'kosten kann. ' +
    'Frei sind {available}.',
  'order.aside.open':
    'Was er höchstens kosten kann, wird bis zur Abrechnung zurückgelegt. Frei sind {available}.',
  'order.place': 'Unterschreiben und aufgeben',
  'order.done': 'Ihr Auftrag ist aufgegeben. Er steht unten und sagt von selbst, wie weit er ist.',
  'order.meter': 'Für Ihren Zähler {meter}.',

  'orders.title': 'Ihre Aufträge',
  'orders.empty': 'Von diesem Gerät wurde noch kein Auftrag aufgegeben.',
  'orders.hint':
    'Aufträge dieses Geräts. Was einen versiegelten Auftrag öffnet, liegt hier und sonst ' +
    'nirgends; ' +
    'was alle bewegt haben, steht unter „Warum dieser Cent?“.',
  'orders.buy': '{energy} kaufen, bis {limit}',
  'orders.sell': '{energy} verkaufen, ab {limit}',
  'orders.track': 'Wie weit er ist',
  'orders.step.placed': 'Aufgegeben',
  'orders.step.filled': 'Bedient',
  'orders.step.delivered': 'Geliefert',
  'orders.step.paid': 'Bezahlt',
  'orders.stage.void': 'Nichtig',
  'orders.stage.unfilled': 'Nicht bedient',
  'orders.filled': '{energy} bedient zu {price}.',
  'orders.paid': 'Das Intervall ergab {net}.',
  'orders.cancel': 'Zurücknehmen',
  'orders.cancelled': 'Er ist zurückgenommen.',
  'orders.reveal': 'Jetzt öffnen',
  'orders.void.cancelled': 'Er wurde zurückgenommen.',
  'orders.void.suspended': 'Das Konto war bei Handelsschluss gesperrt.',
  'orders.void.not_opened': 'Niemand konnte ihn öffnen.',
  'orders.void.mismatch': 'Seine Öffnung ist nicht die seiner Festlegung.',
  'orders.void.meter_foreign': 'Der Zähler gehört jemand anderem.',
  'orders.void.energy_exceeded': 'Er war für mehr Energie, als ein Auftrag haben darf.',
  'orders.void.capacity_exceeded': 'Er war für mehr, als der Anschluss des Zählers trägt.',
  'orders.void.price_out_of_bounds': 'Sein Preis lag außerhalb der Grenzen.',
  'orders.void.price_off_tick': 'Sein Preis lag zwischen zwei Schritten.',
  'orders.void.mandate_exceeded': 'Ein Agent hat ihn außerhalb seines Mandats aufgegeben.',
  'orders.void.collateral_short': 'Für ihn war nicht genug zurückgelegt.',

  'trades.title': 'Verträge',
  'trades.hint':
    'Zwischen Ihnen und jemandem, den Sie kennen. In Kraft, wenn beide dieselben Worte ' +
    'unterschrieben haben; bezahlt wird, was die Zähler zeigen.',
  'trades.empty':
    'Noch kein Vertrag und kein Vorschlag. Antworten Sie am Brett, oder bieten Sie etwas an.',
  'trades.none': 'Dieser Markt hat keine Verträge zwischen Genannten.',
  'trades.none.next': 'Sein Regelwerk kennt nur die Auktion.',
  'trades.seller': 'Sie verkaufen an {name} (Geschäft {trade})',
  'trades.buyer': 'Sie kaufen von {name} (Geschäft {trade})',
  'trades.asked': 'bittet um Ihre Antwort',
  'trades.status.invited': 'wartet auf Antwort',
  'trades.status.agreed': 'in Kraft',
  'trades.status.completed': 'erfüllt',
  'trades.status.declined': 'abgelehnt',
  'trades.status.withdrawn': 'zurückgenommen',
  'trades.status.expired': 'verfallen',
  'trades.status.cancelled': 'gemeinsam beendet',
  'trades.status.exited': 'verlassen',
  'trades.status.terminated': 'beendet: Geld fehlte',
  'trades.terms':
    '{energy} insgesamt, {each} je Intervall, zu {price} je Kilowattstunde, von {from} bis ' +
    '{until}. Bezahlt {rail}.',
  'trades.terms.none': 'Keine Energie von {from} bis {until}: Das beendet den Vertrag.',
  'trades.more.meter': 'Über Ihren Zähler {meter}.',
  'trades.more.meterOf': 'Über Zähler {meter} von Konto {account}.',
  'trades.more.short':
    'Wem mehr als {tolerance} eines Intervalls fehlen, zahlt für das Fehlende {penalty} des ' +
    'Preises.',
  'trades.more.contracted':
    'Der Käufer bezahlt alles Vereinbarte, auch wenn er weniger abnimmt.',
  'trades.more.exit': 'Jede Seite kann ihn für {fee} verlassen.',
  'trades.more.platform': 'Konto {platform} erhält als Plattform {fee} je Kilowattstunde.',
  'trades.delivered': 'Bisher {energy} geliefert, {money}.',
  'trades.do.accept': 'Unterschreiben',
  'trades.do.counter': 'Andere Bedingungen',
  'trades.do.decline': 'Ablehnen',
  'trades.do.withdraw': 'Zurücknehmen',
  'trades.do.cancel': 'Um das Ende bitten',
  'trades.do.exit': 'Verlassen, gegen die Gebühr',
  'trades.done': 'Die Börse hat es.',
  'trades.counter.sign': 'Unterschreiben und vorschlagen',
  'trades.energy.each': 'Energie je Intervall',
  'trades.energy.total': 'Energie des ganzen Zeitraums',
  'trades.price': 'Preis je Kilowattstunde',
  'trades.wrong': 'Energie wird als 200 Wh oder 0,2 kWh geschrieben, ein Preis als 0,25.',
  'trades.rail.clearing-house': 'durch die Börse selbst',
  'trades.rail.money-block': 'aus Geld, das ein Zahlungsdienst zurücklegt',
  'trades.rail.prepaid': 'aus Vorausbezahltem',
  'trades.rail.bill-seller': 'auf Rechnung des Verkäufers',
  'trades.rail.bill-platform': 'auf Rechnung der Plattform',

  'consent.title': 'Vor Ihrem ersten Vertrag: was folgt, wenn jemand nicht zahlt',
  'consent.text':
    'Zahle ich nicht, was ein Vertrag von mir verlangt, oder lege ich nicht zurück, was er ' +
    'braucht, so werde ich zuerst gewarnt. Dann steht ein Bußgeld auf der Rechnung meines ' +
    'Versorgers; dann bin ich vom Handel gesperrt; und zuletzt darf mein Versorger mir die ' +
    'Abschaltung ankündigen. Jeder Schritt hat seine Frist, Zahlen beendet ihn jederzeit, und ' +
    'ich darf einmal Einspruch erheben.',
  'consent.sign': 'Unterschreiben, dass ich zustimme',
  'consent.signed': 'Sie können ab jetzt Verträge unterschreiben.',

  'propose.title': 'Ein Vertrag mit jemandem, den Sie kennen',
  'propose.hint':
    'Lassen Sie sich die Karte geben, und geben Sie Ihre: Sie nennt Konto, Zähler und Versorger, ' +
    'die ein Vertrag nennen muss.',
  'propose.own':
    'Ihre Karte, zum Kopieren: Konto {account}, Zähler {meter}, Versorger {retailer}.',
  'propose.card': 'Die andere Karte',
  'propose.intervals': 'Wie viele Intervalle',
  'propose.wrong': 'Das ist keine Karte: ganz einfügen, von der ersten Klammer bis zur letzten.',

  'board.title': 'Das Brett',
  'board.empty':
    'Im Augenblick bietet niemand etwas an oder sucht etwas. Hängen Sie unten ein eigenes ' +
    'Angebot aus.',
  'board.sell': '{name} verkauft',
  'board.buy': '{name} kauft',
  'board.status.open': 'offen',
  'board.status.matched': 'wartet auf zwei Unterschriften',
  'board.terms': '{energy} je Intervall, {source}, in {zone}, von {from} bis {until}.',
  'board.answer.buy': 'Unterschreiben und kaufen wollen',
  'board.answer.sell': 'Unterschreiben und verkaufen wollen',
  'board.answered': '{name} ist gefragt. Haben beide unterschrieben, gilt es.',
  'source.any': 'aus beliebiger Quelle',
  'source.solar': 'von der Sonne',
  'source.wind': 'vom Wind',
  'source.storage': 'aus einem Speicher',

  'offers.title': 'Ihre Angebote',
  'offers.hint':
    'Ein Angebot bindet niemanden. Seine Leiter sagt, mit wem Sie lieber handeln, die erste Wahl ' +
    'zuerst; es wird einmal bedient.',
  'offers.empty': 'Sie haben nichts am Brett.',
  'offers.new': 'Ein neues Angebot',
  'offers.from': 'Von',
  'offers.length': 'Für',
  'offers.minutes': '{minutes} Minuten',
  'offers.source': 'Woher sie kommt',
  'offers.place': 'Unterschreiben und ans Brett',
  'offers.placed':
    'Es hängt am Brett. Trifft es auf ein anderes, wird beiden ein Vertrag vorgeschlagen.',
  'offers.withdraw': 'Abnehmen',
  'offers.withdrawn': 'Es ist vom Brett.',

  'ladder.label': 'Mit wem, und zu welchem Preis',
  'ladder.form':
    'Stufen mit Kommas: ein Name, zone:NAME, account:N oder anyone; vielleicht /solar, ' +
    '/wind oder ' +
    '/storage; dann @ und der Preis. Etwa „home-3@0.28, zone:street/solar@0.25, anyone@0.20“.',
  'ladder.wrong': 'Noch nicht: {detail}',
  'ladder.first': 'Zuerst {who}, {source}, zu {price}',
  'ladder.then': 'Sonst {who}, {source}, zu {price}',
  'ladder.anyone': 'irgendjemand',
  'ladder.zone': 'jemand in {zone}',
  'ladder.account': 'Konto {account}',
  'ladder.worth': '{worth} oder mehr besser als Ihr Tarif',
  'ladder.worth.less': 'bis zu {worth} schlechter als Ihr Tarif',
}
