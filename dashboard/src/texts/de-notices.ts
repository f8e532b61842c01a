import type { enNotices } from './en-notices.ts'

export const deNotices: Readonly<Record<keyof typeof enNotices, string>> = {
  'page.notices': 'Mitteilungen',
  'notices.title': 'Was Ihnen gesagt wurde',
  'notices.empty': 'Noch nichts.',
  'notices.empty.next':
    'Vorschläge, Zahlungen und alles andere, was dieses Konto betrifft, steht hier und ' +
    'kommt von selbst.',
  'notices.new': 'neu',
  'notices.unread.one': '{count} ist neu',
  'notices.unread.other': '{count} sind neu',
  'notices.read.one': 'Ich habe sie gelesen',
  'notices.read.other': 'Ich habe alle {count} gelesen',
  'notice.trade.signed': 'Handel {trade}: Eine Seite hat einen Vertrag unterschrieben.',
  'notice.trade.countered': 'Handel {trade}: Andere Bedingungen sind vorgeschlagen.',
  'notice.trade.modification_requested': 'Handel {trade}: Um eine Änderung wird gebeten.',
  'notice.trade.modified': 'Handel {trade}: Eine Änderung ist in Kraft.',
  'notice.trade.refused': 'Handel {trade}: Eine Änderung wurde abgelehnt.',
  'notice.trade.invited': 'Handel {trade}: Ein Vertrag ist vorgeschlagen.',
  'notice.trade.agreed': 'Handel {trade} ist in Kraft: Beide haben unterschrieben.',
  'notice.trade.completed': 'Handel {trade} ist erfüllt.',
  'notice.trade.declined': 'Handel {trade} wurde abgelehnt.',
  'notice.trade.withdrawn': 'Handel {trade}: Der Vorschlag wurde zurückgenommen.',
  'notice.trade.expired': 'Handel {trade}: Der Vorschlag ist verfallen.',
  'notice.trade.cancelled': 'Handel {trade} wurde von beiden beendet.',
  'notice.trade.exited': 'Handel {trade}: Eine Seite hat ihn verlassen.',
  'notice.trade.terminated': 'Handel {trade} endete früher: Geld fehlte.',
  'notice.offer.open': 'Angebot {offer} hängt am Brett.',
  'notice.offer.matched':
    'Angebot {offer} hat ein anderes getroffen: Ein Vertrag wartet auf beide Unterschriften.',
  'notice.offer.filled': 'Angebot {offer} ist bedient.',
  'notice.offer.withdrawn': 'Angebot {offer} ist vom Brett.',
  'notice.offer.expired': 'Angebot {offer} ist verfallen.',
  'notice.delivery_limited': 'Handel {trade}: Der Netzbetreiber hat seine Lieferung begrenzt.',
  'notice.payment.reserving': 'Zahlung {payment} zu Handel {trade}: {amount} werden zurückgelegt.',
  'notice.payment.reserved': 'Zahlung {payment} zu Handel {trade}: {amount} sind zurückgelegt.',
  'notice.payment.renewing':
    'Zahlung {payment} zu Handel {trade}: {amount} werden für länger zurückgelegt.',
  'notice.payment.billing':
    'Zahlung {payment} zu Handel {trade}: Über {amount} wird eine Rechnung ausgestellt.',
  'notice.payment.capturing': 'Zahlung {payment} zu Handel {trade}: {amount} sind angefordert.',
  'notice.payment.postponed': 'Zahlung {payment} zu Handel {trade}: {amount} sind später fällig.',
  'notice.payment.releasing':
    'Zahlung {payment} zu Handel {trade}: {amount}, die zurückgelegt waren, werden frei.',
  'notice.payment.captured': 'Zahlung {payment} zu Handel {trade}: {amount} sind bezahlt.',
  'notice.payment.released':
    'Zahlung {payment} zu Handel {trade}: {amount} sind nicht mehr zurückgelegt.',
  'notice.payment.expired':
    'Zahlung {payment} zu Handel {trade}: {amount} waren nicht lange genug zurückgelegt.',
  'notice.payment.failed':
    'Zahlung {payment} zu Handel {trade}: {amount} konnten nicht bezahlt werden.',
  'notice.default.elsewhere': 'ein Kunde eines anderen Versorgers',
  'notice.default.own.open':
    'Handel {trade}: Sie sind mit {amount} im Verzug, geschuldet an {creditor}.',
  'notice.default.own.appealed':
    'Handel {trade}: Sie haben Einspruch gegen den Verzug von {amount} erhoben, geschuldet an ' +
    '{creditor}. Bis die Aufsicht entschieden hat, folgt keine Stufe.',
  'notice.default.own.cured':
    'Handel {trade}: Ihr Verzug von {amount}, geschuldet an {creditor}, ist beglichen. Keine ' +
    'Stufe folgt.',
  'notice.default.own.overturned':
    'Handel {trade}: Ihr Verzug von {amount} war keiner. Keine Strafe bleibt; was {creditor} ' +
    'zusteht, wird neu gefordert.',
  'notice.default.own.exhausted':
    'Handel {trade}: Sie sind auch nach der letzten Stufe mit {amount} im Verzug, geschuldet an ' +
    '{creditor}.',
  'notice.default.other.open':
    'Handel {trade}: {debtor} ist mit {amount} im Verzug, geschuldet an {creditor}.',
  'notice.default.other.appealed':
    'Handel {trade}: {debtor} bestreitet den Verzug von {amount}, geschuldet an {creditor}. Bis ' +
    'die Aufsicht entschieden hat, folgt keine Stufe.',
  'notice.default.other.cured':
    'Handel {trade}: Der Verzug von {debtor} mit {amount}, geschuldet an {creditor}, ist ' +
    'beglichen.',
  'notice.default.other.overturned':
    'Handel {trade}: Der Verzug von {debtor} mit {amount} war keiner. Was {creditor} zusteht, ' +
    'wird neu gefordert.',
  'notice.default.other.exhausted':
    'Handel {trade}: {debtor} ist auch nach der letzten Stufe mit {amount} im Verzug, geschuldet ' +
    'an {creditor}.',
  'notice.step.warning': 'Es ist gemahnt: Am {until} folgt eine Strafe.',
  'notice.step.fine': 'Eine Strafe ist verhängt: Am {until} folgt die Sperre.',
  'notice.step.suspension':
    'Der Handel ist gesperrt: Am {until} folgt die Ankündigung der Abschaltung.',
  'notice.step.disconnection_notice': 'Die Abschaltung ist angekündigt, am {until}.',
  'notice.do.payment_overdue':
    'Zahlen beendet ihn, wie spät auch immer. Wie, und wie man Einspruch erhebt, steht auf Ihrer ' +
    'Seite.',
  'notice.do.payment_failed':
    'Zahlen Sie Ihrem Versorger: Das beendet ihn. Wie, und wie man Einspruch erhebt, steht auf ' +
    'Ihrer Seite.',
  'notice.do.reservation_failed':
    'Halten Sie so viel verfügbar, wie fehlte: Das beendet ihn. Wie man Einspruch erhebt, steht ' +
    'auf Ihrer Seite.',
  'notice.do.renewal_failed':
    'Lassen Sie wieder so viel zurücklegen: Das beendet ihn. Wie man Einspruch erhebt, steht auf ' +
    'Ihrer Seite.',
  'notice.agreement.open': 'Eine Vereinbarung mit {name} gilt ab {from}.',
  'notice.agreement.ends': 'Die Vereinbarung mit {name} gilt bis {until}.',
  'notice.netting.ordered': 'Eine Überweisung von {amount} von {from} an {to} ist beauftragt.',
  'notice.netting.paid': 'Eine Überweisung von {amount} von {from} an {to} ist bezahlt.',
  'notice.netting.returned': 'Eine Überweisung von {amount} von {from} an {to} kam zurück.',
  'notice.run_posted': 'Handel von {interval} wurde abgerechnet.',
  'notice.meter_data_requested':
    'Messwerte ab {interval} fehlen: Die Börse hat nach ihnen gefragt.',
  'notice.participant.active': '{name} nimmt wieder teil.',
  'notice.participant.suspended': '{name} ist gesperrt.',
  'notice.key_replaced':
    'Ein anderer Schlüssel spricht jetzt für dieses Konto. Kennen Sie ihn nicht, sagen ' +
    'Sie es dem Betreiber.',
  'notice.passkey_registered':
    'Der Passkey {label} spricht ab {from} für dieses Konto. Kennen Sie ihn nicht, nehmen ' +
    'Sie ihn weg.',
  'notice.passkey_revoked': 'Der Passkey {label} spricht nicht mehr für dieses Konto.',
  'notice.passkey_lost':
    '{by} wurde gesagt, das Gerät {label} sei verloren: Es spricht nicht mehr für dieses Konto. ' +
    'Haben Sie es, melden Sie sich damit an und widersprechen Sie.',
  'notice.objection.own':
    'Ein Gerät, das {by} als verloren gemeldet wurde, hat widersprochen: Was {by} verlangt hat, ' +
    'ist hinfällig, und der Betreiber des Markts entscheidet.',
  'notice.objection.elsewhere':
    '{name} sagt, ein Gerät sei nicht verloren, und widerspricht dem, was {by} verlangt hat: Der ' +
    'Betreiber des Markts entscheidet.',
  'notice.join_code_issued':
    '{by} hat eine Einladung ausgestellt: Bis {until} kann ein Gerät damit auf {host} einen ' +
    'Passkey bekommen. Haben Sie nicht darum gebeten, nehmen Sie sie zurück.',
  'notice.join_code_revoked': 'Eine Einladung gilt nicht mehr.',
  'notice.mandate_granted':
    'Der Agent {label} darf bis {until} für dieses Konto handeln, bis zu {energy} am Tag. ' +
    'Kennen Sie ihn nicht, beenden Sie sein Mandat.',
  'notice.mandate_revoked': 'Ein Agent handelt nicht mehr für dieses Konto.',
  'notice.proposal.open':
    '{what}: Vorschlag {proposal} von {by} wartet bis {until} auf jemand anderen.',
  'notice.proposal.approved': '{what}: Vorschlag {proposal} von {by} wurde angenommen.',
  'notice.proposal.refused': '{what}: Vorschlag {proposal} von {by} wurde abgelehnt.',
  'notice.proposal.expired': '{what}: Vorschlag {proposal} von {by} ist verfallen.',
}
