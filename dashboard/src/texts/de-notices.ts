import type { enNotices } from './en-notices.ts'

export const deNotices: Readonly<Record<keyof typeof enNotices, string>> = {
  'page.notices': 'Mitteilungen',
  'notices.title': 'Was Ihnen gesagt wurde',
  'notices.empty': 'Noch nichts.',
  'notices.empty.next':
    'Vorschläge, Zahlungen und alles andere, was dieses Konto betrifft, steht hier und ' +
    'kommt von selbst.',
  'notices.new': 'neu',
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
  'notice.payment_changed':
    'Zahlung {payment} zu Handel {trade}, {amount}: Sie steht jetzt anders.',
  'notice.default_changed': 'Handel {trade}: {amount} sind im Verzug, oder nicht mehr.',
  'notice.run_posted': 'Handel von {interval} wurde abgerechnet.',
  'notice.meter_data_requested': 'Messwerte fehlen: Die Börse hat nach ihnen gefragt.',
  'notice.participant_changed': 'Ein Konto wurde gesperrt oder wieder zugelassen.',
  'notice.key_replaced':
    'Ein anderer Schlüssel spricht jetzt für dieses Konto. Kennen Sie ihn nicht, sagen ' +
    'Sie es dem Betreiber.',
  'notice.passkey_registered':
    'Der Passkey {label} spricht für dieses Konto. Kennen Sie ihn nicht, nehmen Sie ihn weg.',
  'notice.passkey_revoked': 'Ein Passkey spricht nicht mehr für dieses Konto.',
  'notice.unknown': 'Etwas an diesem Konto hat sich geändert.',
}
