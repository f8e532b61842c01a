import type { enDevices } from './en-devices.ts'

/** Was hinter dem Zähler eines Zuhauses steht. */
export const deDevices: Readonly<Record<keyof typeof enDevices, string>> = {
  'flow.title': 'Leistung jetzt',
  'flow.of': 'Von {interval}, wie gemessen',
  'flow.waits': 'Das Bild kommt mit dem ersten Intervall, das gemessen ist.',
  'flow.house': 'Ihr Zähler',
  'flow.home': 'Sie verbrauchen',
  'flow.neighbours': 'Nachbarn',
  'flow.grid': 'Netz',
  'flow.still': 'nichts fließt',
  'flow.heat_pump': 'davon Wärmepumpe {power}',
  'flow.says.in': 'Ihr Zuhause bezieht {power}: {neighbours}, {grid}.',
  'flow.says.out': 'Ihr Zuhause gibt {power} ab: {neighbours}, {grid}.',
  'flow.says.even': 'Ihr Zuhause bezieht so viel, wie es abgibt: {neighbours}, {grid}.',
  'flow.says.fromNeighbours': '{power} von Nachbarn',
  'flow.says.toNeighbours': '{power} an Nachbarn',
  'flow.says.fromGrid': '{power} aus dem Netz',
  'flow.says.toGrid': '{power} ins Netz',
  'flow.says.still': 'Durch Ihren Zähler fließt nichts.',
  'flow.says.used': 'Zu Hause werden {power} verbraucht.',
  'flow.says.solar.out': 'Die Sonne gibt {power}.',
  'flow.says.solar.in': 'Der Wechselrichter der Module nimmt {power}.',
  'flow.says.solar.still': 'Die Sonne gibt nichts.',
  'flow.says.battery.out': 'Der Speicher gibt {power}.',
  'flow.says.battery.in': 'Der Speicher wird mit {power} geladen.',
  'flow.says.battery.still': 'Der Speicher ruht.',
  'flow.says.car_charger.out': 'Das Auto gibt {power}.',
  'flow.says.car_charger.in': 'Das Auto wird mit {power} geladen.',
  'flow.says.car_charger.still': 'Kein Auto wird geladen.',
  'flow.says.heat_pump.out': 'Die Wärmepumpe gibt {power}.',
  'flow.says.heat_pump.in': 'Die Wärmepumpe nimmt davon {power}.',
  'flow.says.heat_pump.still': 'Die Wärmepumpe ruht.',
  'flow.told.hint':
    'Sonne, Speicher und Auto stehen hier, wie Ihre eigenen Geräte es sagen, nur für Sie. Danach ' +
    'wird nichts abgerechnet: Das Geld folgt Ihrem Zähler.',
  'flow.untold.hint':
    'Das ist Ihr Zähler. Von diesem Intervall haben Ihre Geräte nichts gesagt, und geraten wird ' +
    'nichts.',
  'flow.failed.hint':
    'Was Ihre Geräte sagen, ist gerade nicht zu lesen. Das ist Ihr Zähler; die Seite versucht es ' +
    'wieder.',

  'day.home': 'Zu Hause erzeugt und verbraucht',
  'day.generated': 'Erzeugt',
  'day.used': 'Verbraucht',
  'day.own': 'Vom Eigenen verbraucht',
  'day.own.hint': '{share} davon kamen nicht durch den Zähler',
  'day.charged': 'In den Speicher',
  'day.discharged': 'Aus dem Speicher',
  'day.carCharged': 'Davon ins Auto',
  'day.contradicted.one':
    'In {count} Intervall widersprechen Ihre Geräte Ihrem Zähler. Es gilt Ihr Zähler.',
  'day.contradicted.other':
    'In {count} Intervallen widersprechen Ihre Geräte Ihrem Zähler. Es gilt Ihr Zähler.',
  'day.contradicted.next':
    'Es ging mehr hinaus, als hereinkam und erzeugt wurde, um mehr, als Zählwerke auseinander ' +
    'liegen dürfen. Entweder ist ein Gerät nicht verbunden, oder eines zählt falsch: Wer es ' +
    'eingebaut hat, kann sagen, welches. Zuletzt war es um {time}.',

  'devices.title': 'Ihre Geräte',
  'devices.unknown': 'Kein Gerät Ihres Zuhauses sagt, was es tut.',
  'devices.unknown.next':
    'Damit hier Sonne, Speicher und Auto stehen, lassen Sie sie mit dem Gateway verbinden, das ' +
    'Ihren Zähler liest: Wer es eingebaut hat, oder Ihr Netzbetreiber, weiß wie. Anzumelden ist ' +
    'nichts, und was sie sagen, sehen nur Sie.',
  'devices.failed': 'Was Ihre Geräte sagen, ist gerade nicht zu lesen.',
  'devices.failed.next':
    'Ihr Geld berührt das nicht. Diese Seite versucht es von selbst wieder.',
  'devices.hint':
    'Gesagt von Ihren eigenen Geräten, 40 Tage aufbewahrt und nur Ihnen gezeigt: nicht Ihrem ' +
    'Versorger und nicht denen, die den Markt betreiben. Danach wird nichts abgerechnet.',
  'devices.solar': 'Sonne',
  'devices.battery': 'Speicher',
  'devices.car_charger': 'Auto',
  'devices.heat_pump': 'Wärmepumpe',
  'devices.numbered': '{device} {number}',
  'devices.did.solar': 'hat an diesem Tag {out} erzeugt',
  'devices.did.battery': 'hat an diesem Tag {in} aufgenommen und {out} abgegeben',
  'devices.did.car_charger': 'hat an diesem Tag {in} aufgenommen',
  'devices.did.heat_pump': 'hat an diesem Tag {in} verbraucht',
  'devices.did.nothing': 'hat an diesem Tag nichts gesagt',
  'devices.charge': '{percent} voll',
  'devices.plugged': 'zu Hause, angesteckt',
  'devices.away': 'nicht angesteckt',
  'devices.silent': 'stumm seit {time}',
  'devices.silent.hint':
    'Ein stummes Gerät ist aus, oder sein Gateway ist nicht zu hören. Sehen Sie zuerst auf seine ' +
    'Anzeige.',
  'devices.meter': 'Zähler {meter}, {name}',
  'devices.physical': 'bezieht bis zu {import}, gibt bis zu {export} ab, in {zone}',
  'devices.virtual': 'ein Zähler in den Büchern, in {zone}',
}
