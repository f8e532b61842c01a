/** Wie ein Programm mit der Börse spricht. */
export const deDeveloper = {
  'developer.title': 'Für alle, die Programme schreiben',
  'developer.hint':
    'Alles, was diese Seiten zeigen, kommt über dieselbe Schnittstelle, die jedem Programm ' +
    'offensteht.',
  'developer.first': 'Ein erstes Geschäft in zehn Zeilen',
  'developer.first.choose': 'Durch Vertrag oder in der Auktion',
  'developer.first.contract': 'Durch Vertrag',
  'developer.first.open': 'In der Auktion',
  'developer.first.sealed': 'In der Auktion',
  'developer.first.hint.sealed':
    'Der Auftrag wartet versiegelt auf seine Auktion: Zurück kommt die Unterschrift der Börse, ' +
    'dass er in der Menge sein wird. Der Client mit Typen ist @busbar/client; er läuft auch in ' +
    'Browsern.',
  'developer.first.hint.revealed':
    'Der Auftrag wartet versiegelt auf seine Auktion: Zurück kommt die Unterschrift der Börse, ' +
    'dass er in der Menge sein wird. In diesem Markt öffnet ihn sein Eigentümer nach ' +
    'Handelsschluss, mit client.revealOrder(revealOf(kept)), oder verliert das Pfand: Was beim ' +
    'Unterschreiben daneben entsteht, ist aufzuheben. Der Client mit Typen ist @busbar/client; ' +
    'er läuft auch in Browsern.',
  'developer.first.hint.open':
    'Der Auftrag wartet in einem offenen Buch auf seine Auktion: Zurück kommt der Hash des ' +
    'Auftrags, an dem man seine Zuteilung erkennt. Der Client mit Typen ist @busbar/client; er ' +
    'läuft auch in Browsern.',
  'developer.first.hint.contract':
    'Zwei unterschreiben dieselben Bedingungen: Eine Seite schlägt vor, die andere stimmt zu. ' +
    'Eine Karte nennt, wer es ist, mit welchem Zähler und Versorger: busbar trade card gibt sie ' +
    'aus, und die Handelsseite zeigt die eigene. Der Client mit Typen ist @busbar/client; er ' +
    'läuft auch in Browsern.',
  'developer.reference': 'Die Schnittstelle',
  'developer.document': 'OpenAPI 3.1',
  'developer.find': 'Route suchen',
  'developer.found.one': '{count} Route',
  'developer.found.other': '{count} Routen',
  'developer.private': 'privat',
  'developer.body': 'Was gesendet wird',
  'developer.answer': 'Was zurückkommt',
  'developer.answer.plain': 'Zurück kommt {type}.',
  'developer.refusals': 'Was sie ablehnen kann',
  'developer.field': 'Feld',
  'developer.fields': 'Felder',
  'developer.type': 'Typ',
  'developer.about': 'Was es ist',
  'developer.optional': 'wahlweise',
  'developer.try': 'Fragen',
  'developer.send': 'Wirklich senden',
  'developer.real': 'Das ist keine Probe.',
  'developer.real.next':
    '{method} ändert etwas in diesem Markt, als hätte es ein Programm gesendet. Das Cookie ' +
    'dieses Browsers zählt nur zum Lesen: Was mehr tut, trägt eine eigene Unterschrift, damit ' +
    'keine andere Seite es für Sie senden kann.',
  'developer.try.credential':
    'Gefragt als {name}, mit einem Ausweis, den Ihr Passkey beim Senden unterschreibt: Ein ' +
    'Cookie reicht dafür nicht.',
  'developer.kind': 'Welche Art',
  'developer.notJson': 'Das ist kein JSON.',
  'developer.sign': 'Mit dem Passkey unterschreiben',
  'developer.sign.hint':
    'Er unterschreibt, was oben steht. Eine Änderung danach braucht eine neue Unterschrift.',
  'developer.unsigned': 'Was dort steht, lässt sich nicht unterschreiben.',
  'developer.signed': 'Die Unterschrift steht im Text. Gesendet ist noch nichts.',
  'developer.signs.signIn':
    'Es wird von einem Schlüssel seines Kontos unterschrieben: anmelden, um das hier zu tun.',
  'developer.signs.sealed':
    'Der Auftrag wird versiegelt, bevor er unterschrieben wird, von dem, der weiß, was darin ' +
    'steht: Ein Programm tut beides wie oben im ersten Geschäft, ein Mensch auf der Handelsseite.',
  'developer.signs.gateway':
    'Es wird mit dem Schlüssel unterschrieben, mit dem ein Gateway eingetragen ist und den kein ' +
    'Browser hat: busbar retailer send-readings readings.csv --gateway 0 --gateway-key ' +
    'gateway.key unterschreibt und sendet, ebenso GatewaySigner.readings des Clients.',
  'developer.signs.device':
    'Es wird mit dem Schlüssel unterschrieben, mit dem ein Gateway eingetragen ist und den kein ' +
    'Browser hat: GatewaySigner.deviceReadings des Clients unterschreibt.',
  'developer.curl': 'Auf der Kommandozeile',
  'developer.curl.credential':
    'BUSBAR_CREDENTIAL ist, was busbar key credential ausgibt: Das Cookie eines Browsers kann ' +
    'niemand lesen.',
  'developer.redirect': 'Ein Browser wird woandershin geschickt.',
  'developer.redirect.open': 'Dorthin gehen',
  'developer.try.signIn': 'Privat: erst anmelden, oder sehen, wie abgelehnt wird.',
  'developer.try.as': 'Gefragt als {name}.',
  'developer.took': '{ms} ms',
  'developer.events': 'Ereignisse des Stroms',
  'developer.events.hint':
    'GET /v1/stream: Ereignisse vom Server, sobald sie dauerhaft sind. Wer mit Last-Event-ID ' +
    'wiederkommt, verpasst keines.',
  'developer.event': 'Ereignis',
  'developer.notices': 'Mitteilungen, die ein Webhook bekommt',
  'developer.notices.hint':
    'Was nur ein Konto angeht, bringt die Börse seinem Webhook, von ihr unterschrieben: je ein ' +
    '{method} mit der Mitteilung als JSON. Die Art sagt, was in data steht.',
  'developer.notice': 'Art',
  'developer.webhook.shape': 'Jede Mitteilung ist',
  'developer.webhook.headers': 'Ihre Kopfzeilen sind',
  'developer.webhook.rules': 'Versucht wird es, bis sie angenommen ist',
  'developer.webhook.answer':
    'Ein Status von 200 bis 299 binnen {seconds} s nimmt sie an. Alles andere wird wiederholt.',
  'developer.webhook.pause':
    'Zuerst nach {first} s, danach jedes Mal nach doppelt so langer Zeit, höchstens {most} s.',
  'developer.webhook.attempts':
    'Nach {attempts} Versuchen, in etwa einem halben Tag, wird sie aufgegeben. Lesbar bleibt sie.',
  'developer.webhook.order':
    'Zu einem Gegenstand kommen sie der Reihe nach, zu verschiedenen bis zu {many} zugleich; ' +
    '{statuses} bittet darum, je eine zu versuchen.',
  'developer.webhook.age':
    'Abzulehnen ist, was mehr als {seconds} s vor oder nach jetzt gesendet wurde.',
} as const
