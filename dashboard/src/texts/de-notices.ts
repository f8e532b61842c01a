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
  'notice.trade.signed': 'Geschäft {trade}: Eine Seite hat einen Vertrag unterschrieben.',
  'notice.trade.countered': 'Geschäft {trade}: Andere Bedingungen sind vorgeschlagen.',
  'notice.trade.modification_requested': 'Geschäft {trade}: Um eine Änderung wird gebeten.',
  'notice.trade.modified': 'Geschäft {trade}: Eine Änderung ist in Kraft.',
  'notice.trade.refused': 'Geschäft {trade}: Eine Änderung wurde abgelehnt.',
  'notice.trade.invited': 'Geschäft {trade}: Ein Vertrag ist vorgeschlagen.',
  'notice.trade.agreed': 'Geschäft {trade} ist in Kraft: Beide haben unterschrieben.',
  'notice.trade.completed': 'Geschäft {trade} ist erfüllt.',
  'notice.trade.declined': 'Geschäft {trade} wurde abgelehnt.',
  'notice.trade.withdrawn': 'Geschäft {trade}: Der Vorschlag wurde zurückgenommen.',
  'notice.trade.expired': 'Geschäft {trade}: Der Vorschlag ist verfallen.',
  'notice.trade.cancelled': 'Geschäft {trade} wurde von beiden beendet.',
  'notice.trade.exited': 'Geschäft {trade}: Eine Seite hat es verlassen.',
  'notice.trade.terminated': 'Geschäft {trade} endete früher: Geld fehlte.',
  'notice.offer.open': 'Angebot {offer} hängt am Brett.',
  'notice.offer.matched':
    'Angebot {offer} hat ein anderes getroffen: Ein Vertrag wartet auf beide Unterschriften.',
  'notice.offer.filled': 'Angebot {offer} ist bedient.',
  'notice.offer.withdrawn': 'Angebot {offer} ist vom Brett.',
  'notice.offer.expired': 'Angebot {offer} ist verfallen.',
  'notice.delivery_limited': 'Geschäft {trade}: Der Netzbetreiber hat seine Lieferung begrenzt.',
  'notice.payment.reserving':
    'Zahlung {payment} zu Geschäft {trade}: {amount} werden zurückgelegt.',
  'notice.payment.reserved': 'Zahlung {payment} zu Geschäft {trade}: {amount} sind zurückgelegt.',
  'notice.payment.renewing':
    'Zahlung {payment} zu Geschäft {trade}: {amount} werden für länger zurückgelegt.',
  'notice.payment.billing':
    'Zahlung {payment} zu Geschäft {trade}: Über {amount} wird eine Rechnung ausgestellt.',
  'notice.payment.capturing': 'Zahlung {payment} zu Geschäft {trade}: {amount} sind angefordert.',
  'notice.payment.postponed': 'Zahlung {payment} zu Geschäft {trade}: {amount} sind später fällig.',
  'notice.payment.releasing':
    'Zahlung {payment} zu Geschäft {trade}: {amount}, die zurückgelegt waren, werden frei.',
  'notice.payment.captured': 'Zahlung {payment} zu Geschäft {trade}: {amount} sind bezahlt.',
  'notice.payment.released':
    'Zahlung {payment} zu Geschäft {trade}: {amount} sind nicht mehr zurückgelegt.',
  'notice.payment.expired':
    'Zahlung {payment} zu Geschäft {trade}: {amount} waren nicht lange genug zurückgelegt.',
  'notice.payment.failed':
    'Zahlung {payment} zu Geschäft {trade}: {amount} konnten nicht bezahlt werden.',
  'notice.default.elsewhere': 'ein Kunde eines anderen Versorgers',
  'notice.default.own.open':
    'Geschäft {trade}: Sie sind mit {amount} im Verzug, geschuldet an {creditor}.',
  'notice.default.own.appealed':
    'Geschäft {trade}: Sie haben Einspruch gegen den Verzug von {amount} erhoben, geschuldet an ' +
    '{creditor}. Bis die Behörde entschieden hat, folgt keine Stufe.',
  'notice.default.own.cured':
    'Geschäft {trade}: Ihr Verzug von {amount}, geschuldet an {creditor}, ist beglichen. Keine ' +
    'Stufe folgt.',
  'notice.default.own.overturned':
    'Geschäft {trade}: Ihr Verzug von {amount} war keiner. Keine Strafe bleibt; was {creditor} ' +
    'zusteht, wird neu gefordert.',
  'notice.default.own.exhausted':
    'Geschäft {trade}: Sie sind auch nach der letzten Stufe mit {amount} im Verzug, geschuldet ' +
    'an {creditor}.',
  'notice.default.other.open':
    'Geschäft {trade}: {debtor} ist mit {amount} im Verzug, geschuldet an {creditor}.',
  'notice.default.other.appealed':
    'Geschäft {trade}: {debtor} bestreitet den Verzug von {amount}, geschuldet an {creditor}. ' +
    'Bis die Behörde entschieden hat, folgt keine Stufe.',
  'notice.default.other.cured':
    'Geschäft {trade}: Der Verzug von {debtor} mit {amount}, geschuldet an {creditor}, ist ' +
    'beglichen.',
  'notice.default.other.overturned':
    'Geschäft {trade}: Der Verzug von {debtor} mit {amount} war keiner. Was {creditor} zusteht, ' +
    'wird neu gefordert.',
  'notice.default.other.exhausted':
    'Geschäft {trade}: {debtor} ist auch nach der letzten Stufe mit {amount} im Verzug, ' +
    'geschuldet an {creditor}.',
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
  'notice.run_posted': 'Geschäfte von {interval} wurden abgerechnet.',
  'notice.meter_data_requested':
    'Ablesungen ab {interval} fehlen: Die Börse hat nach ihnen gefragt.',
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
    'Ein Gerät, das {by} als verloren gemeldet wurde, hat widersprochen: Was {by} beantragt hat, ' +
    'ist hinfällig, und der Betreiber des Markts entscheidet.',
  'notice.objection.elsewhere':
    '{name} sagt, ein Gerät sei nicht verloren, und widerspricht dem, was {by} beantragt hat: ' +
    'Der Betreiber des Markts entscheidet.',
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
