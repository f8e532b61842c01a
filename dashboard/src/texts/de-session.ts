import type { enSession } from './en-session.ts'

export const deSession: Readonly<Record<keyof typeof enSession, string>> = {
  'app.signIn': 'Anmelden',
  'app.signOut': 'Abmelden',
  'app.more': 'Mehr',
  'app.allPages': 'Alle Seiten',
  'page.account': 'Konto',

  'role.operator': 'Betreiber',
  'role.authority': 'Behörde',
  'role.prosumer': 'Haushalt',
  'role.trader': 'Händler',
  'role.retailer': 'Versorger',
  'role.aggregator': 'Aggregator',
  'role.distribution-utility': 'Netzbetreiber',
  'role.balancing-authority': 'Ausgleichsstelle',
  'role.bank': 'Bank',
  'role.auditor': 'Prüfer',
  'role.prover': 'Beweiser',

  'state.signIn': 'Diese Seite zeigt, was nur der Eigentümer sehen darf.',
  'state.signIn.next':
    'Melden Sie sich mit dem Passkey Ihres Telefons oder Rechners an. Wer noch keinen hat, ' +
    'bekommt eine Einladung von seinem Versorger.',
  'state.notYours': 'Diese Seite ist für andere.',
  'state.notYours.next': 'Sie ist für: {roles}. Ihr Konto ist nichts davon.',

  'signin.title': 'Anmelden',
  'signin.hint':
    'Mit einem Passkey: Ihr Gerät fragt nach Finger, Gesicht oder Code. Es gibt kein Passwort, ' +
    'das gestohlen werden könnte.',
  'signin.known': 'Auf diesem Gerät',
  'signin.first': 'Ihr Passkey',
  'signin.any': 'Mit einem Passkey anmelden',
  'signin.as': 'Als {name} anmelden',
  'signin.forget': '{name} auf diesem Gerät vergessen',
  'signin.another': 'Mit einem anderen Passkey',
  'signin.another.hint':
    'Er kann auf dem Telefon sein, auf einem Sicherheitsschlüssel oder diesem Browser neu: Dann ' +
    'fragt Ihr Gerät zweimal, erst wem er gehört, dann zum Unterschreiben.',
  'signin.none': 'Noch kein Passkey?',
  'signin.none.next':
    'Ihr Versorger schickt Ihnen einen Link, der einen anlegt; alle anderen bekommen ihn vom ' +
    'Betreiber des Marktes. Um den Markt zu lesen, braucht es keinen.',
  'signin.company': 'Unternehmen',
  'signin.company.with': 'Mit {label} anmelden',
  'signin.company.hint':
    'Sie melden sich dort an, wo Sie arbeiten, und lesen, was Ihr Unternehmen Sie lesen lässt. ' +
    'Zum Unterschreiben braucht es einen Passkey des Kontos.',
  'signin.company.sign_in_refused':
    'Der Antwort des Anbieters war nicht zu trauen, oder sie kam zu spät. Versuchen Sie es noch ' +
    'einmal.',
  'signin.company.sign_in_unknown':
    'Der Anbieter kennt Sie, aber kein Konto dieses Marktes hat Sie oder eine Ihrer Gruppen ' +
    'genannt.',
  'signin.company.network_foreign': 'Ihr Unternehmen lässt Sie nur aus dem eigenen Netz ein.',
  'signin.company.any': 'Der Anbieter war nicht zu erreichen. Versuchen Sie es gleich noch einmal.',
  'signin.word': 'Mit einem unterschriebenen Ausweis',
  'signin.word.hint':
    'Für alle, die einen Schlüssel in einer Datei haben: „busbar key credential“ stellt einen ' +
    'aus. Er liest, bis er endet; unterschrieben wird mit einem Passkey oder an der ' +
    'Kommandozeile.',
  'signin.word.label': 'Ausweis',
  'signin.word.send': 'Damit anmelden',
  'signin.working': 'Ihr Gerät fragt …',
  'signin.done': 'Sie sind angemeldet als {name}.',
  'signin.failed': 'Sie sind nicht angemeldet.',
  'signin.code.credential_invalid':
    'Die Börse kennt diesen Passkey nicht, nicht mehr, oder noch nicht: einer, den Ihr Versorger ' +
    'beantragt hat, wartet einen Tag.',
  'signin.code.unexpected': 'Ihr Gerät konnte es nicht: {detail}',
  'signin.code.any': 'Code {code}: {detail}',
  'signin.refused': 'Sie haben abgelehnt, oder es hat zu lange gedauert. Nichts wurde gesendet.',
  'signin.otherMarket': 'Dieser Passkey gehört nicht zu diesem Markt.',
  'signin.noName':
    'Passkeys gehören zu einem Namen. Öffnen Sie diese Seite unter ihrem Namen statt unter einer ' +
    'bloßen Adresse: auf diesem Rechner ist das {url}.',
  'signin.noPasskeys':
    'Dieser Browser kann keine Passkeys halten, oder die Seite ist nicht sicher.',

  'join.title': 'Willkommen im Markt',
  'join.hint':
    'Sie wurden zu einem Konto eingeladen. Dieses Gerät legt einen Passkey dafür an: Von da an ' +
    'genügen Ihr Finger, Ihr Gesicht oder Ihr Code.',
  'join.none': 'Dieser Link enthält keine Einladung.',
  'join.none.next':
    'Er wurde vielleicht unterwegs abgeschnitten: öffnen Sie ihn ganz, oder bitten Sie um einen ' +
    'neuen. Wer schon einen Passkey hat, meldet sich an.',
  'join.over': 'Diese Einladung gilt nicht mehr.',
  'join.over.next':
    'Sie wurde benutzt, zurückgenommen, ist abgelaufen, oder gilt für Seiten unter einem anderen ' +
    'Namen. Bitten Sie um eine neue, wo Sie sie bekommen haben.',
  'join.as': 'Konto {name}',
  'join.atOnce': 'Der Passkey spricht sofort für das Konto.',
  'join.later':
    'Das Konto hat schon andere Schlüssel: Damit der Eigentümer es merkt, spricht dieser Passkey ' +
    'erst {hours} Stunden, nachdem er angelegt ist, für das Konto.',
  'join.make': 'Einen Passkey auf diesem Gerät anlegen',
  'join.failed': 'Sie sind noch nicht im Markt.',
  'join.waits': 'Ihr Passkey ist angelegt. In {hours} Stunden spricht er für das Konto.',
  'join.waits.next': 'Bis dahin ist nichts zu tun. Danach melden Sie sich damit an.',
  'join.until': 'Die Einladung gilt einmal, bis {time}.',

  'account.title': 'Konto',
  'account.who': '{name}, Konto {account}',
  'account.roles': 'Rollen',
  'account.until': 'Angemeldet bis',
  'account.key': 'Eingetragener Schlüssel',
  'account.address': 'Adresse auf der Kette',
  'account.retailer': 'Versorger',
  'account.signOut.failed':
    'Die Börse war nicht zu erreichen: dieser Browser behält Ihre Sitzung noch. Versuchen Sie es ' +
    'noch einmal.',
  'choice.title': 'Für welches Konto?',
  'choice.hint':
    'Mehrere Konten haben Sie oder Ihre Gruppe benannt. Sie lesen immer für eines, und können ' +
    'auf der Seite Ihres Kontos zu einem anderen wechseln.',
  'choice.as': 'Für {name} lesen',
  'choice.last': 'letztes Mal',
  'choice.over': 'Es gibt nichts mehr zu wählen. Melden Sie sich noch einmal beim Unternehmen an.',
  'choice.switch': 'Andere Konten, die Sie benannt haben',
  'choice.switch.hint':
    'Mit dem Wechsel lesen Sie nicht mehr für dieses. Er gilt nicht länger als Ihre Anmeldung.',
  'account.forget': 'Dieses Gerät vergessen',
  'account.forget.what':
    'Für ein Gerät, das auch andere benutzen. An der Börse ändert sich nichts: Ihre Aufträge, ' +
    'Ihr Geld und Ihre Mitteilungen bleiben, wie sie sind. In diesem Browser ist das für ' +
    'immer weg:',
  'account.forget.orders.one':
    'Was den {count} Auftrag öffnet, den Sie hier aufgegeben haben. Dieser Browser kann nicht ' +
    'mehr zeigen, was er war; was er brachte, steht weiter in Ihrem Auszug.',
  'account.forget.orders.other':
    'Was die {count} Aufträge öffnet, die Sie hier aufgegeben haben. Dieser Browser kann nicht ' +
    'mehr zeigen, was sie waren; was sie brachten, steht weiter in Ihrem Auszug.',
  'account.forget.noOrders': 'Nichts von Aufträgen: Hier wurden keine aufgegeben.',
  'account.forget.name':
    'Ihr Name auf der Seite zum Anmelden, und welche Mitteilungen Sie gelesen haben.',
  'account.forget.passkey':
    'Nicht der Passkey selbst: Er liegt im Gerät, und dessen Einstellungen nehmen ihn heraus. ' +
    'Gehört Ihnen das Gerät nicht, nehmen Sie ihm vorher unten das Wort.',
  'account.forget.unopened.one': '{count} dieser Aufträge ist noch nicht geöffnet.',
  'account.forget.unopened.other': '{count} dieser Aufträge sind noch nicht geöffnet.',
  'account.forget.reveal':
    'Nur dieser Browser kann sie nach Handelsschluss öffnen. Vergisst er sie, sind sie ' +
    'nichtig, und jeder kostet sein Pfand.',
  'account.forget.committee':
    'Sie werden trotzdem geöffnet und ausgeführt. Was sie wollten, können Sie nicht mehr ' +
    'zeigen, falls einer ausgelassen wird.',
  'account.forget.sure': 'Ja, vergessen und abmelden',
  'account.forget.keep': 'Behalten',
  'account.forget.failed':
    'Der Browser gab es nicht her: Nichts wurde vergessen, und Sie sind noch angemeldet. ' +
    'Schließen Sie andere Fenster dieser Seite und versuchen Sie es noch einmal.',
  'account.passkeys': 'Passkeys',
  'account.passkeys.hint':
    'Jedes dieser Geräte unterschreibt für das Konto. Nehmen Sie einem das Wort, das Sie ' +
    'verloren haben oder nicht kennen.',
  'account.passkeys.none': 'Noch unterschreibt kein Gerät für dieses Konto.',
  'account.passkey.signs': 'unterschreibt',
  'account.passkey.from': 'unterschreibt ab {time}',
  'account.passkey.by': 'beantragt von Konto {account}',
  'account.passkey.own': 'von Ihnen selbst beantragt',
  'account.passkey.elsewhere': 'für Seiten unter {host}',
  'account.passkey.tradesOnly': 'lässt kein Geld hinaus, bis Sie selbst ihn beantragen',
  'account.passkey.since': 'hier seit {time}',
  'account.passkey.addedBy': 'hinzugefügt von {label}',
  'account.passkey.ends':
    'Was es zuletzt hinzugefügt hat, endet mit ihm, außer dem Gerät, mit dem Sie dies ' +
    'unterschreiben: {labels}.',
  'account.passkey.stays':
    'Vor längerer Zeit hat es auch {labels} hinzugefügt. Nehmen Sie auch das weg, wenn Sie es ' +
    'nicht kennen.',
  'account.passkey.revoke': 'Wegnehmen',
  'account.passkey.revoke.sure': 'Ja, wegnehmen',
  'account.passkey.revoked': 'Er unterschreibt nicht mehr.',
  'account.passkey.add': 'Passkey hinzufügen',
  'account.passkey.add.hint':
    'Auf diesem Gerät oder einem anderen. Ein zweiter Passkey hilft, wenn der erste verloren ' +
    'geht.',
  'account.passkey.label': 'Wie Sie das Gerät nennen',
  'account.passkey.label.rule': '1 bis 32 aus a-z, 0-9 und -',
  'account.passkey.added': 'Er unterschreibt ab jetzt.',

  'account.grants': 'Wer für Sie liest',
  'account.grants.hint':
    'Programme und Menschen, die sehen, was Sie sehen, und nichts tun können. Beenden Sie, was ' +
    'Sie nicht kennen oder nicht mehr brauchen. „busbar key“ lässt auch Zertifikate und die ' +
    'Anmeldung eines Unternehmens ein.',
  'account.grants.none': 'Niemand liest für Sie.',
  'account.grant.api_key': 'mit einem API-Schlüssel',
  'account.grant.certificate': 'mit einem Zertifikat',
  'account.grant.sign_in': 'durch die Anmeldung eines Unternehmens',
  'account.grant.scope.read': 'liest',
  'account.grant.scope.prove': 'beweist',
  'account.grant.from': 'nur von {from}',
  'account.grant.never': 'nie benutzt',
  'account.grant.used': 'zuletzt benutzt {time}',
  'account.grant.status.active': 'bis {until}',
  'account.grant.status.revoked': 'beendet',
  'account.grant.status.suspended': 'mit einer Sperre beendet',
  'account.grant.status.key_replaced': 'sein Schlüssel unterschreibt nicht mehr',
  'account.grant.status.expired': 'seit {until} abgelaufen',
  'account.grant.revoke': 'Beenden',
  'account.grant.revoke.sure': 'Ja, beenden',
  'account.grant.revoked': 'Es liest nichts mehr.',
  'account.grant.new': 'Ein neuer API-Schlüssel',
  'account.grant.new.hint':
    'Für ein Programm, das liest, was Sie lesen: Rechnungen, Ablesungen und Verträge. Es kann ' +
    'nichts aufgeben und kein Geld bewegen.',
  'account.grant.label': 'Wie Sie ihn nennen',
  'account.grant.days': 'Er gilt',
  'account.grant.days.count': '{count} Tage',
  'account.grant.make': 'Unterschreiben und Schlüssel machen',
  'account.grant.made': 'Der Schlüssel {label} gilt.',
  'account.grant.made.next':
    'Bis {until}. Bewahren Sie ihn jetzt auf: er wird nicht noch einmal gezeigt. Ein Programm ' +
    'schickt ihn in der Kopfzeile „Authorization: Bearer“.',
  'account.grant.api_key.once': 'Der Schlüssel',

  'act.asking': 'Ihr Gerät fragt …',
  'act.sending': 'Unterschrieben. Es ist unterwegs …',
  'act.done': 'Erledigt.',
  'act.refused': 'Nichts wurde unterschrieben.',
  'act.refused.next':
    'Sie haben abgelehnt, Ihr Gerät hat keinen Passkey dieses Kontos, oder es hat zu lange ' +
    'gedauert.',
  'act.noPasskey': 'Kein Passkey hier kann für dieses Konto unterschreiben.',
  'act.noPasskey.next': 'Fügen Sie dem Konto einen hinzu, von einem Gerät, das einen hat.',
  'act.failed': 'Die Börse hat es nicht angenommen.',
  'act.failed.next': '{detail} Nichts wurde geändert.',
  'act.unknown.next':
    '{detail} Ob es angekommen ist, ist nicht bekannt: dasselbe noch einmal gesendet wirkt ' +
    'einmal.',
  'act.again': 'Dasselbe noch einmal senden',
}
