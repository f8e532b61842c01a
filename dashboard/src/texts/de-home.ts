import type { enHome } from './en-home.ts'

export const deHome: Readonly<Record<keyof typeof enHome, string>> = {
  'page.home': 'Zuhause',

  'home.title': 'Heute zu Hause',
  'home.title.day': 'Zu Hause, {day}',
  'home.sections': 'Ihr Zuhause',
  'home.earlier': 'Der Tag davor',
  'home.later': 'Der Tag danach',
  'home.none': 'Zu diesem Konto gehört kein Zähler.',
  'home.none.next':
    'Zuhause zeigt, was Zähler messen. Der Netzbetreiber trägt einen Zähler für ein Konto ein; ' +
    'was sein Geld sonst bewegt, steht unter „Warum dieser Cent?“.',
  'home.empty': 'An diesem Tag ist noch nichts abgerechnet.',
  'home.empty.next':
    'Die ersten Zahlen kommen Sekunden, nachdem das erste Intervall gemessen ist. Diese Seite ' +
    'zeigt sie von selbst.',

  'today.earned': 'Ihre Energie hat eingebracht',
  'today.cost': 'Ihre Energie hat gekostet',
  'today.saved': 'besser als Ihr Tarif',
  'today.lost': 'schlechter als Ihr Tarif',
  'today.tariff.earned':
    'Ohne den Markt hätte dieselbe Energie {tariff} eingebracht, zum Tarif Ihres Versorgers.',
  'today.tariff.cost':
    'Ohne den Markt hätte dieselbe Energie {tariff} gekostet, zum Tarif Ihres Versorgers.',
  'today.noTariff':
    'Der Tarif Ihres Versorgers ist hier nicht bekannt: Es gibt nichts zum Vergleichen.',
  'today.given': 'Abgegeben',
  'today.taken': 'Bezogen',
  'today.settled.one': '{count} Intervall abgerechnet',
  'today.settled.other': '{count} Intervalle abgerechnet',
  'today.last': 'Das letzte Intervall, {interval}',
  'today.why': 'Warum dieser Betrag?',

  'money.title': 'Ihr Geld auf seinem Weg',
  'money.awaited': 'Noch nicht abgerechnet',
  'money.awaited.hint.one': '{count} Intervall wartet auf Ablesungen',
  'money.awaited.hint.other': '{count} Intervalle warten auf Ablesungen',
  'money.provisional': 'Vorläufig',
  'money.provisional.hint.one': '{count} Intervall, bis zu seinem endgültigen Lauf',
  'money.provisional.hint.other': '{count} Intervalle, bis zu ihrem endgültigen Lauf',
  'money.final': 'Endgültig',
  'money.final.hint.one': '{count} Intervall, das noch berichtigt werden kann',
  'money.final.hint.other': '{count} Intervalle, die noch berichtigt werden können',
  'money.corrected': 'Berichtigt',
  'money.corrected.hint.one': 'durch {count} Berichtigung',
  'money.corrected.hint.other': 'durch {count} Berichtigungen',
  'money.bound':
    'Höchstens {rise} können noch hinzukommen und {fall} abgehen, bis {until}.',
  'money.bound.none': 'Nichts kann sich mehr bewegen.',
  'money.bound.hint':
    'So weit käme es, wenn jede Ablesung, die noch berichtigt werden kann, so falsch wäre, wie ' +
    'Ihr Anschluss es zulässt. Weiter kann keine Berichtigung gehen; die meisten ändern nichts.',
  'money.estimated.one':
    '{count} Intervall ist geschätzt: Es kann sich bewegen, bis sein Zähler abgelesen ist, und ' +
    'dann ebenso lange.',
  'money.estimated.other':
    '{count} Intervalle sind geschätzt: Sie können sich bewegen, bis ihre Zähler abgelesen sind, ' +
    'und dann ebenso lange.',

  'day.title': 'Mein Tag',
  'day.energy': 'Durch den Zähler',
  'day.given': 'Abgegeben',
  'day.taken': 'Bezogen',
  'day.traded': 'Gekauft und verkauft',
  'day.bought': 'Gekauft',
  'day.sold': 'Verkauft',
  'day.price': 'Preis der Auktion',
  'day.money': 'Was es ergeben hat',
  'day.worth': 'Mit dem Markt',
  'day.tariff': 'Nur zum Tarif',
  'day.time': 'Zeit',
  'day.status': 'Wie weit',
  'day.corrected': 'berichtigt',
  'day.estimated': 'geschätzt',

  'partners.title': 'Mit wem',
  'partners.who': 'Mit',
  'partners.what': 'Was',
  'partners.energy': 'Energie',
  'partners.price': 'Mittlerer Preis',
  'partners.contract': '{name}, nach Vertrag',
  'partners.auction': 'Die Auktion von {zone}',
  'partners.rest': 'Ihr Versorger und die Ausgleichsstelle',
  'partners.buy': 'gekauft',
  'partners.sell': 'verkauft',
  'partners.rest.buy': 'der Rest, bezogen',
  'partners.rest.sell': 'der Rest, abgegeben',
  'partners.hint':
    'In der Auktion erfährt niemand, wessen Energie es war. Ein Vertrag nennt die andere Seite.',
  'partners.empty': 'An diesem Tag hat noch nichts den Besitzer gewechselt.',
}
