import { deHome } from './de-home.ts'
import { deKpis } from './de-kpis.ts'
import { deNotices } from './de-notices.ts'
import { deOperator } from './de-operator.ts'
import { deSession } from './de-session.ts'
import { dePublic } from './de-public.ts'
import { deSentences } from './de-sentences.ts'
import { deWhyContracts } from './de-why-contracts.ts'
import type { FirstKey } from './en.ts'

/** German, key for key as English. */
export const de: Readonly<Record<FirstKey, string>> = {
  ...deHome,
  ...deWhyContracts,
  ...deNotices,
  ...deKpis,
  ...deSession,
  ...deOperator,
  ...dePublic,
  ...deSentences,

  'app.name': 'Busbar',
  'app.skip': 'Zum Inhalt springen',
  'app.pages': 'Seiten',
  'app.language': 'Sprache',
  'app.theme': 'Darstellung',
  'app.theme.system': 'Wie das Gerät',
  'app.theme.light': 'Hell',
  'app.theme.dark': 'Dunkel',
  'app.timeZone': 'Zeiten in der Zeitzone des Marktes, {zone}.',
  'app.interface': 'Die Schnittstelle',

  'page.market': 'Markt',
  'page.intervals': 'Intervalle',
  'page.why': 'Warum dieser Cent?',
  'page.why.short': 'Warum?',
  'page.audit': 'Prüfung',
  'page.developer': 'Entwicklung',
  'page.retailer': 'Versorger',
  'page.utility': 'Netzbetreiber',
  'page.utility.short': 'Netz',

  'live.live': 'Verbunden',
  'live.connecting': 'Verbindet …',
  'live.offline': 'Getrennt',
  'live.at': '{time}, Zeit des Marktes',

  'state.loading': 'Lädt …',
  'state.retry': 'Noch einmal versuchen',
  'state.older': 'Das ließ sich nicht neu lesen und ist vielleicht veraltet.',
  'state.error': 'Das konnte nicht geladen werden.',
  'state.error.next':
    'Code {code}. Vielleicht ist es gleich vorbei: noch einmal versuchen. Bleibt es so, dem ' +
    'Betreiber diesen Code nennen.',
  'state.refused.next': 'Code {code}: {detail}',
  'state.offline': 'Keine Verbindung zur Börse.',
  'state.offline.next':
    'Was zu sehen ist, kann veraltet sein. Die Seite kommt von selbst zurück und holt nach, ' +
    'was sie verpasst hat.',
  'state.notFound': 'Diese Seite gibt es nicht.',
  'state.notFound.next': 'Vom Markt aus geht es weiter.',
  'state.closed': 'Der Markt ist noch nicht eröffnet.',
  'state.closed.next': 'Sobald sein Betreiber ihn eröffnet, zeigt ihn diese Seite.',
  'state.crashed': 'Diese Seite ist wegen eines Fehlers in ihr stehen geblieben.',
  'state.crashed.next': 'Noch einmal laden. Geändert wurde nichts: Seiten zeigen nur.',
  'state.reload': 'Noch einmal laden',

  'action.copy': 'Kopieren',
  'action.copied': 'Kopiert',
  'action.csv': 'Als CSV sichern',
  'action.table': 'Als Tabelle zeigen',
  'table.more': 'Mehr zeigen',
  'action.sign': 'Unterschreiben und senden',
  'action.chart': 'Als Diagramm zeigen',
  'action.earlier': 'Früher',
  'action.later': 'Später',

  'health.ready': 'Die Börse arbeitet.',
  'health.degraded': 'Die Börse arbeitet mit Einschränkungen.',
  'health.stopping': 'Die Börse hält gerade an; sie kommt von selbst wieder.',
  'health.starting': 'Die Börse startet.',
  'health.failing': 'Nicht in Ordnung: {names}.',
  'health.journal': '{count} Einträge in ihrem Journal',
  'health.unknown': 'Wie es der Börse geht, ist nicht bekannt.',

  'market.title': 'Der Markt jetzt',
  'market.intro':
    'Hier handelt eine Nachbarschaft ihre Energie: eine Auktion für je {length}, ein Preis für ' +
    'alle, bezahlt nach dem, was die Zähler zeigen. Wer teilnimmt, meldet sich an; wer es ' +
    'möchte, bittet seinen Versorger um eine Einladung.',
  'market.gate': 'Bis Handelsschluss',
  'market.gate.next': 'Aufträge für {interval} werden bis {time} angenommen.',
  'market.phase.orders': 'Nimmt Aufträge an',
  'market.phase.delivery': 'Liefert',
  'market.phase.settling': 'Wird abgerechnet',
  'market.phase.provisional': 'Vorläufig abgerechnet',
  'market.phase.final': 'Endgültig abgerechnet',
  'market.phase.opening': 'Wird geöffnet und geräumt',
  'market.phase.horizon': 'auch für spätere, bis {time}',
  'market.phase.until': 'bis {time}',
  'market.progress': 'Zeit bis Handelsschluss',

  'auction.title': 'Letzte Auktion',
  'auction.none': 'Noch wurde keine Auktion geräumt.',
  'auction.none.next':
    'Die erste wird gleich nach Handelsschluss geräumt; diese Seite zeigt sie von selbst.',
  'auction.noTrade': 'Kein Handel',
  'auction.noTrade.why':
    'Kein Limit eines Käufers erreichte das eines Verkäufers. Niemand zahlt etwas.',
  'auction.noTrade.before': 'Der letzte Preis war {price} je kWh, in {interval}.',
  'auction.perKwh': 'je kWh',
  'auction.traded': 'gehandelt',
  'auction.orders.one': '{count} Auftrag',
  'auction.orders.other': '{count} Aufträge',
  'auction.voids.one': '{count} davon ungültig',
  'auction.voids.other': '{count} davon ungültig',
  'auction.picture':
    'Die Auktion für {interval}: {energy} wechselten zu {price} den Besitzer. Jeder Käufer ' +
    'darunter hatte diesen Preis oder mehr geboten, jeder Verkäufer diesen Preis oder weniger ' +
    'verlangt.',
  'auction.buyers': 'Käufer: so viel oder mehr',
  'auction.sellers': 'Verkäufer: so viel oder weniger',
  'auction.demand': 'Nachfrage',
  'auction.supply': 'Angebot',
  'auction.rest': 'privat',
  'auction.steps':
    'Jede Stufe der Kurven ist das Mittel von mindestens drei Teilnehmern, von denen keiner ' +
    'mehr als die Hälfte davon hat.',
  'auction.steps.none':
    'Es handelten so wenige, dass schon ein Mittel jemanden verriete: Die Kurven bleiben privat.',
  'auction.why':
    'Ein Preis für alle: {energy} ist das meiste, was den Besitzer wechseln konnte, und {price} ' +
    'der Preis dafür. Welches Limit jeder hatte und wer nichts bekam, bleibt bei ihnen: Aufträge ' +
    'sind versiegelt, öffentlich ist nur, was zugeteilt wurde. Der Beweis auf der Kette zeigt, ' +
    'dass es aus allen Aufträgen folgt.',
  'auction.why.open':
    'Ein Preis für alle: {energy} ist das meiste, was den Besitzer wechseln konnte, und ' +
    '{price} der Preis dafür. Einzelne Aufträge sehen nur ihre Eigentümer.',
  'auction.more': 'Das Leben dieses Intervalls',

  'series.title': 'Preis, Energie, Selbstversorgung',
  'series.day': 'Tag',
  'series.week': 'Woche',
  'series.empty': 'In dieser Zeit wurde nichts gehandelt.',
  'series.empty.next': 'Zahlen erscheinen mit der ersten Auktion.',
  'series.price': 'Preis',
  'series.price.unit': 'je kWh',
  'series.traded': 'Gehandelt',
  'series.energy': 'Energie an den Zählern',
  'series.consumed': 'Verbraucht',
  'series.injected': 'Eingespeist',
  'series.self': 'Selbst versorgt',
  'series.average': 'Mittlerer Preis',
  'series.average.hint': 'nach Energie gewichtet',
  'series.sum': 'Insgesamt gehandelt',
  'series.share': 'Selbstversorgung',
  'series.share.hint': 'vom Verbrauch, in denselben Minuten in der Nähe eingespeist',
  'series.time': 'Zeit',
  'series.chart': 'Ein Diagramm: mit den Pfeiltasten die Zahlen jedes Augenblicks.',
  'series.since': 'Die Zahlen beginnen um {time}: ältere stehen im Journal.',

  'batches.title': 'Bündel und ihre Beweise',
  'batches.hint':
    'Jede Auktion ist ein Bündel. Ihr Beweis sagt, geprüft auf der Kette, dass Preis und ' +
    'Zuteilungen nach der Regel aus genau den festgelegten Aufträgen folgen.',
  'batches.empty': 'Noch kein Bündel.',
  'batches.link': 'Intervall {interval}: {state}',
  'batches.all': 'Alle Intervalle',

  'proof.none': 'kein Beweis verlangt',
  'proof.awaited': 'Beweis erwartet',
  'proof.proven': 'bewiesen',
  'proof.overdue': 'Beweis überfällig',
  'proof.faulty': 'als fehlerhaft gezeigt',

  'intervals.title': 'Intervalle',
  'intervals.hint':
    'Je {length}, von den Aufträgen bis zum endgültigen Geld. Jedes zeigt sein Leben, ' +
    'seine Wurzeln und seine Transaktionen.',
  'intervals.empty': 'Noch ist für kein Intervall Handelsschluss.',
  'intervals.column.interval': 'Intervall',
  'intervals.column.state': 'Stand',
  'intervals.column.price': 'Preis je kWh',
  'intervals.column.energy': 'Gehandelt',
  'intervals.column.orders': 'Aufträge',
  'intervals.column.proof': 'Beweis',
  'intervals.earlier': 'Frühere Intervalle',
  'intervals.newest': 'Die neuesten',

  'interval.title': 'Intervall {span}',
  'interval.number': '{day}, Nummer {interval}, Zone {zone}',
  'interval.missing': 'Von diesem Intervall ist nichts bekannt.',
  'interval.missing.next':
    'Entweder liegt noch kein Auftrag dafür vor, oder es ist so lange her, dass nur das ' +
    'Journal es noch hat. Der Markt zeigt, welche Intervalle es gibt.',
  'interval.life': 'Sein Leben',
  'interval.step.open': 'Aufträge kommen',
  'interval.step.open.sealed': 'Versiegelt: niemand kann sie lesen, auch die Börse nicht.',
  'interval.step.open.book': 'Von der Börse gelesen, wie sie kommen.',
  'interval.step.gate': 'Handelsschluss',
  'interval.step.gate.done.one': '{count} Auftrag festgelegt; seine Wurzel geht auf die Kette.',
  'interval.step.gate.done.other': '{count} Aufträge festgelegt; ihre Wurzel geht auf die Kette.',
  'interval.step.clear': 'Ein Preis für alle',
  'interval.step.clear.done': '{energy} zu {price} je kWh.',
  'interval.step.clear.none': 'Keine Limits trafen sich: nichts wurde gehandelt.',
  'interval.step.deliver': 'Energie fließt',
  'interval.step.deliver.done': 'Zähler unterschreiben, was sie zählen.',
  'interval.step.settle': 'Geld fließt',
  'interval.step.settle.done.one': '{count} Konto hat vorläufig gezahlt oder Geld bekommen.',
  'interval.step.settle.done.other': '{count} Konten haben vorläufig gezahlt oder Geld bekommen.',
  'interval.step.final': 'Endgültig',
  'interval.step.final.done':
    'Der endgültige Lauf ist gebucht. Eine berichtigte Ablesung kann noch einen Unterschied ' +
    'bringen.',
  'interval.step.final.wait': 'Nach der Frist des Regelwerks für späte Ablesungen.',
  'interval.at': 'um {time}',
  'interval.estimated.one': 'die Energie von {count} Zähler ist geschätzt',
  'interval.estimated.other': 'die Energie von {count} Zählern ist geschätzt',
  'interval.proof': 'Sein Beweis',
  'interval.proof.none': 'Die Regeln dieses Marktes verlangen keinen Beweis seiner Auktionen.',
  'interval.proof.awaited':
    'Die Auktion ist geräumt, ihr Beweis entsteht. Bis er da ist, ist das Geld vorläufig.',
  'interval.proof.proven':
    'Die Kette hat geprüft, dass Preis und Zuteilungen nach der Regel aus genau den Aufträgen ' +
    'folgen, die bei Handelsschluss festgelegt wurden.',
  'interval.proof.overdue':
    'Der Beweis hätte kommen sollen und kam nicht. Er kann noch kommen; bis dahin wird dieses ' +
    'Intervall nicht endgültig.',
  'interval.proof.faulty':
    'Auf der Kette wurde gezeigt, dass die Börse in diesem Intervall eine Regel gebrochen ' +
    'hat.',
  'interval.proof.reference': 'Die Kette sagt es in',
  'interval.roots': 'Wurzeln',
  'interval.roots.hint':
    'Jede Wurzel steht auf der Kette für eine ganze Liste: Wer eine Zeile davon hat, kann ' +
    'zeigen, dass sie darin ist, und niemand kann eine ungesehen ändern.',
  'interval.root.orders': 'Aufträge bei Handelsschluss',
  'interval.root.clearing': 'Ergebnis',
  'interval.root.fills': 'Was jeder Auftrag bekam',
  'interval.root.readings': 'Ablesungen, Lauf {run}',
  'interval.root.postings': 'Geld, Lauf {run}',
  'interval.root.rulebook': 'Regelwerk',
  'interval.root.none': 'noch nicht',
  'interval.transactions': 'Transaktionen auf der Kette',
  'interval.transactions.none': 'Von diesem Intervall steht noch nichts auf der Kette.',
  'interval.transaction.what': 'Was',
  'interval.transaction.status': 'Stand',
  'interval.transaction.block': 'Block',
  'interval.transaction.gas': 'Gas',
  'interval.transaction.hash': 'Hash',
  'interval.energy': 'Jede Wattstunde',
  'interval.energy.in': 'Herein',
  'interval.energy.out': 'Hinaus',
  'interval.energy.injected': 'eingespeist an Zählern',
  'interval.energy.imported': 'von Versorgern',
  'interval.energy.bought': 'aus dem Ausgleich',
  'interval.energy.consumed': 'verbraucht an Zählern',
  'interval.energy.exported': 'an Versorger',
  'interval.energy.sold': 'in den Ausgleich',
  'interval.energy.exact': 'Beide Seiten sind gleich, auf die Wattstunde.',
  'interval.energy.open': '{energy} sind ungeklärt.',
  'interval.energy.none': 'Bekannt mit der ersten Abrechnung, wenn die Zähler gesprochen haben.',

  'transaction.queued': 'wartet',
  'transaction.signed': 'unterschrieben',
  'transaction.sent': 'gesendet',
  'transaction.mined': 'in einem Block',
  'transaction.final': 'endgültig',
  'transaction.failed': 'gescheitert',

  'status.open': 'nimmt Aufträge an',
  'status.fixed': 'Aufträge festgelegt',
  'status.cleared': 'geräumt',
  'status.provisional': 'vorläufig abgerechnet',
  'status.final': 'endgültig',
}
