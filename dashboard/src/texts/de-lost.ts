import type { enLost } from './en-lost.ts'

export const deLost: Readonly<Record<keyof typeof enLost, string>> = {
  'lost.title': 'Ihrem Versorger wurde gesagt, dieses Gerät sei verloren',
  'lost.what':
    '{name} hat {label} am {time} das Wort entzogen. Es unterschreibt nichts mehr für Sie und ' +
    'zeigt nichts von Ihrem Geld.',
  'lost.until': 'Bis {until} können Sie sagen, dass es nicht verloren ist.',
  'lost.waits': 'An seiner Stelle beantragt',
  'lost.waits.device': 'beantragt {asked} von {name}, für Seiten auf {host}',
  'lost.waits.from': 'unterschreibt ab {from} für Ihr Konto',
  'lost.waits.code': 'Ein Link für ein anderes Gerät',
  'lost.waits.until': 'gilt bis {until}',
  'lost.nothing': 'Niemand hat ein anderes Gerät beantragt.',
  'lost.nothing.next':
    'Rufen Sie Ihren Versorger unter einer Nummer an, die Sie kennen. Beantragt jemand eines, ' +
    'sehen Sie es hier und können widersprechen.',
  'lost.object': 'Dieses Gerät ist meines: Ich widerspreche',
  'lost.object.sure': 'Ja, ich widerspreche',
  'lost.object.hint':
    'Haben Sie selbst darum gebeten, tun Sie nichts und warten Sie. War es jemand anderes, ' +
    'widersprechen Sie: Der Antrag ist dann hinfällig, und der Betreiber des Markts ' +
    'entscheidet, wem das Konto gehört.',
  'lost.object.done': 'Der Antrag ist hinfällig.',
  'lost.objected': 'Sie haben am {time} widersprochen.',
  'lost.objected.next':
    'Der Antrag ist hinfällig, und niemand bekommt ein Gerät für Ihr Konto, bis der Betreiber ' +
    'des Markts entschieden hat. Rufen Sie ihn und Ihren Versorger unter einer Nummer an, die ' +
    'Sie kennen.',
  'lost.told': 'Was Ihr Konto über Schlüssel erfahren hat',
}
