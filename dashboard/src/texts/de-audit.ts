import type { enAudit } from './en-audit.ts'

/** German, of what an auditor has worked out again. */
export const deAudit: Readonly<Record<keyof typeof enAudit, string>> = {
  'audit.checkpoints.none': 'Noch wurde nichts festgehalten.',
  'audit.checkpoint.anchored': 'endgültig',
  'audit.checkpoint.waiting': 'unterwegs',
  'audit.checkpoint.failed': 'gescheitert',
  'audit.time': 'Energie im Lauf der Zeit',
  'audit.time.chart': 'Was hereinkam und was hinausging',
  'audit.time.exact': 'In allen {count} Intervallen des Tages sind beide Seiten gleich.',
  'audit.time.open': 'In {open} von {count} Intervallen des Tages ist etwas ungeklärt.',
  'audit.snapshot':
    'Wer das Journal bis zum Eintrag {sequence} abspielt, kommt zu einem Stand mit dem Hash',
  'audit.snapshot.none': 'Noch wurde kein Stand aufgeschrieben: Es gibt keinen Hash davon.',
  'audit.exports': 'Zum Mitnehmen',
  'audit.exports.hint':
    'Wie es jetzt steht. „busbar verify“ geht das Journal selbst durch, Eintrag für Eintrag.',
  'audit.exports.balances': 'Alle Guthaben',
  'audit.exports.conservation': 'Die Summen von oben',

  'evidence.title': 'Ein Intervall, um es anderswo zu prüfen',
  'evidence.hint':
    'Alles, woraus es berechnet wurde, in einer Datei. „busbar re-execute --from“ prüft sie ' +
    'ohne Netz.',
  'evidence.save': 'Belege sichern',
  'evidence.saved': '{file} ist gesichert.',

  'replay.title': 'Ein Intervall nachrechnen',
  'replay.hint':
    'Von den Aufträgen oder Verträgen bis zum Geld, hier in Ihrem Browser, nach denselben ' +
    'Regeln: und Byte für Byte mit den Wurzeln verglichen, die allen gezeigt werden und die der ' +
    'Betreiber unterschrieben hat.',
  'replay.zone': 'Zone',
  'replay.interval': 'Intervall',
  'replay.run': 'Nachrechnen',
  'replay.none':
    'Noch ist kein Intervall abgerechnet. Nachzurechnen ist eines Minuten nachdem seine Energie ' +
    'geflossen ist.',
  'replay.progress': '{done} von {all} Schritten sind nachgerechnet',
  'replay.open': '– ist noch nicht zu zeigen',
  'replay.save': 'Sichern, woraus gerechnet wurde',
  'replay.check.rules': 'Die Regeln sind die, die das Intervall nennt',
  'replay.check.orders':
    '{count} Aufträge ergeben die Wurzel, die bei Handelsschluss festgelegt wurde',
  'replay.check.clearing':
    'Preis und Energie folgen aus {count} Aufträgen, auf die langsame Weise geräumt',
  'replay.check.fills': '{count} Zuteilungen sind diese, und unter der Wurzel des Ergebnisses',
  'replay.check.readings': '{count} Ablesungen ergeben die Wurzel jedes Laufs',
  'replay.check.byContract':
    'Was {count} Zähler nach Vertrag handelten, steht unter der Wurzel des letzten Laufs der ' +
    'Verträge',
  'replay.check.postings': '{count} Zeilen Geld ergeben die Wurzel jedes Laufs',
  'replay.check.money': 'Alle {count} Zeilen folgen nach der Regel aus Ablesungen und Zuteilungen',
  'replay.check.signed':
    '{count} Wurzeln stehen in Transaktionen, die der Betreiber für diese Kette unterschrieben hat',
  'replay.check.nets': 'Jeder Lauf ergibt über {count} Konten null',
  'replay.check.contracts':
    'Die Bedingungen von {count} Verträgen sind die, die sie benennen, und was seit dem letzten ' +
    'Handelsschluss vereinbart wurde, ergibt seine Wurzel',
  'replay.check.signatures': 'Beide Seiten haben jeden von {count} Verträgen unterschrieben',
  'replay.check.owed': 'Was {count} Verträge schulden, folgt aus ihren Bedingungen',
  'replay.check.allocation':
    '{count} Verträge bekamen die Energie ihrer Zähler nach der Regel, auf die langsame Weise ' +
    'nachgerechnet',
  'replay.check.traded': 'Was {count} Zähler gehandelt haben, ergibt die Wurzel jedes Laufs',
  'replay.check.settled':
    'Alle {count} Zeilen folgen aus Bedingungen, Lieferung, Tarifen und Kosten von Änderungen',
  'replay.verdict.holds': 'Es ist genau so, wie es sein muss.',
  'replay.verdict.holds.more':
    'Ob diese Wurzeln die auf der Kette sind, sagt die Kette: mit IntervalLog vergleichen.',
  'replay.verdict.open': 'Nichts ist falsch, und nicht alles ist schon zu zeigen.',
  'replay.verdict.open.more':
    'Etwas ist nicht abgerechnet, oder nach einem Regelwerk, das nicht mehr gilt.',
  'replay.verdict.fails': 'Das kann nicht sein.',
  'replay.verdict.fails.more':
    'Das Gezeigte ergibt nicht, was unter den Wurzeln steht. Sichern: es ist ein Beleg.',

  'sample.title': 'Eine Stichprobe nach eigenem Startwert',
  'sample.hint':
    'Ihr Startwert zieht Intervalle aller Zonen, auch Verträge, und Konten, sodass niemand ' +
    'wissen konnte, welche. Jede Zeile wird mit allen Beweisen geprüft, hier.',
  'sample.seed': 'Startwert',
  'sample.count': 'Wie viele, bis zu 50',
  'sample.back': 'Aus',
  'sample.days.one': 'dem letzten Tag',
  'sample.days.other': 'den letzten {count} Tagen',
  'sample.run': 'Ziehen und prüfen',
  'sample.running': '{done} von {all} sind geprüft',
  'sample.stopped': '{done} von {all} waren geprüft, als es abbrach.',
  'sample.holds': '{done} Zeilen sind geprüft, an jeder stimmt alles.',
  'sample.told':
    '{done} Zeilen sind geprüft: Was sich zeigen lässt, stimmt; manches ist das Wort der Börse.',
  'sample.open':
    '{done} Zeilen sind geprüft: Keine ist falsch, und von {open} lässt sich noch nicht alles ' +
    'zeigen.',
  'sample.fails': '{wrong} von {done} Zeilen können nicht wahr sein.',
  'sample.empty':
    'Keine abgerechnete Zeile wurde gezogen: Wählen Sie mehr Tage oder einen anderen Startwert.',
  'sample.short':
    'Von {all} Zeilen wurden {done} gefunden: Das meiste dieser Zeit ist nicht abgerechnet.',
  'sample.drawn':
    'Gezogen durch „{seed}“ aus der Zeit von {from} bis {to}. Mit der Datei lässt sie sich ' +
    'wiederholen.',
  'sample.draw': 'Ziehung',
  'sample.checks': 'Prüfungen',
  'sample.state': 'Gezeigt',
  'sample.state.holds': 'alles hält',
  'sample.state.told': 'soweit es sich zeigen lässt',
  'sample.state.open': 'noch nicht alles',
  'sample.state.fails': 'falsch',
}
