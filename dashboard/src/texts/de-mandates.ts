import type { enMandates } from './en-mandates.ts'

export const deMandates: Readonly<Record<keyof typeof enMandates, string>> = {
  'mandates.title': 'Ihr Agent',
  'mandates.hint':
    'Ein Mandat lässt ein Programm von Ihnen Aufträge für Sie aufgeben, in diesen Grenzen und ' +
    'mit einem eigenen Schlüssel. Sonst kann es nichts, und Sie können es sofort beenden.',
  'mandates.empty': 'Kein Agent handelt für Sie.',
  'mandates.until': 'bis {until}',
  'mandates.over': 'vorbei seit {until}',
  'mandates.buys': 'Kauft bis {price}.',
  'mandates.sells': 'Verkauft ab {price}.',
  'mandates.day': 'Heute sind {left} von {most} übrig.',
  'mandates.key': 'Sein Schlüssel:',
  'mandates.revoke': 'Jetzt beenden',
  'mandates.revoked': 'Es ist beendet: Was er unterschreibt, zählt nicht mehr.',
  'mandates.grant': 'Ein neues Mandat',
  'mandates.label': 'Wie Sie ihn nennen',
  'mandates.of': 'Der öffentliche Schlüssel des Agenten',
  'mandates.most': 'Zahlt höchstens, je Kilowattstunde (leer: kauft nicht)',
  'mandates.least': 'Nimmt mindestens, je Kilowattstunde (leer: verkauft nicht)',
  'mandates.each': 'Höchstens in einem Auftrag',
  'mandates.daily': 'Höchstens an einem Tag',
  'mandates.days': 'Für wie viele Tage',
  'mandates.wrong':
    'Ein Name hat 1 bis 32 von a-z, 0-9 und -; ein Schlüssel 0x02 oder 0x03 und 64 Ziffern; ein ' +
    'Preis ist wie 0,25; Energie wie 200 Wh oder 1 kWh; 1 bis 365 Tage.',
  'mandates.sign': 'Unterschreiben und erteilen',
  'mandates.granted': 'Ihr Agent darf ab jetzt darin handeln.',
}
