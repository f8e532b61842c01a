import type { enRefusals } from './en-refusals.ts'

/** German, of what was refused, by its code. */
export const deRefusals: Readonly<Record<keyof typeof enRefusals, string>> = {
  'refusal.market_not_open': 'Der Markt ist noch nicht eröffnet.',
  'refusal.id_exists':
    'Unter dieser Nummer wurde schon etwas anderes gesendet. Bitte neu beginnen.',
  'refusal.passkey_unknown': 'Dieser Passkey gehört nicht mehr zu dem Konto.',
  'refusal.join_code_unknown':
    'Diese Einladung wurde benutzt, ist abgelaufen oder zurückgenommen. Bitten Sie um eine ' +
    'neue.',
  'refusal.mandate_unknown': 'Dieses Mandat gibt es nicht mehr.',
  'refusal.registered_key_needed':
    'Das darf nur der eingetragene Schlüssel des Kontos unterschreiben.',
  'refusal.passkey_too_new':
    'Dieser Passkey gilt erst nach einer Frist, damit sein Konto widersprechen kann. Später ' +
    'noch einmal, oder mit einem älteren.',
  'refusal.mandate_too_new': 'Das Mandat hat noch nicht begonnen.',
  'refusal.account_unknown': 'Dieses Konto gibt es nicht.',
  'refusal.account_disputed':
    'Ein Gerät des Kontos hat widersprochen. Erst entscheidet der Betreiber des Markts.',
  'refusal.account_suspended':
    'Das Konto ist gesperrt. Sein Versorger oder der Betreiber weiß, warum.',
  'refusal.role_missing': 'Das Konto hat keine Rolle, die das darf.',
  'refusal.key_too_new': 'Der Schlüssel darf noch keine Verträge unterschreiben.',
  'refusal.consent_missing': 'Stimmen Sie zuerst zu, was geschehen darf, wenn nicht gezahlt wird.',
  'refusal.party_foreign': 'Dieses Geschäft ist zwischen anderen.',
  'refusal.utility_foreign': 'Diese Leitungen betreibt ein anderer Netzbetreiber.',
  'refusal.proposal_unknown': 'Diesen Vorschlag gibt es nicht.',
  'refusal.proposal_own': 'Was Sie vorgeschlagen haben, muss jemand anderes billigen.',
  'refusal.proposal_differs':
    'Der Vorschlag ist ein anderer, als Sie gesehen haben. Sehen Sie ihn noch einmal an.',
  'refusal.proposal_not_open': 'Darüber ist entschieden, oder die Zeit ist abgelaufen.',
  'refusal.zone_unknown': 'Diese Zone gibt es nicht.',
  'refusal.meter_unknown': 'Diesen Zähler gibt es nicht.',
  'refusal.meter_foreign': 'Der Zähler gehört jemand anderem.',
  'refusal.name_exists':
    'Dieser Name, diese Adresse oder dieser Schlüssel ist vergeben. Wählen Sie einen anderen.',
  'refusal.field_invalid': 'Etwas ist so geschrieben, wie es nicht sein kann.',
  'refusal.tariff_missing': 'Der Versorger hat für diese Zeit noch keinen Tarif.',
  'refusal.effective_in_past':
    'Eine Regel kann offene Intervalle nicht ändern. Wählen Sie einen späteren Beginn.',
  'refusal.interval_beyond_horizon':
    'Für dieses Intervall werden noch keine Aufträge angenommen. Wählen Sie ein früheres.',
  'refusal.gate_closed': 'Für dieses Intervall ist Handelsschluss. Wählen Sie ein späteres.',
  'refusal.committee_missing':
    'Einen Auftrag dieses Intervalls könnte noch niemand öffnen. Wählen Sie ein anderes.',
  'refusal.commitment_exists': 'Denselben Auftrag gibt es schon.',
  'refusal.energy_exceeded': 'Das ist mehr Energie, als ein Auftrag nennen darf.',
  'refusal.capacity_exceeded':
    'Mit Ihren offenen Aufträgen ist das mehr, als Ihr Anschluss trägt. Weniger, oder einen ' +
    'zurücknehmen.',
  'refusal.price_out_of_bounds': 'Der Preis liegt außerhalb dessen, was der Markt zulässt.',
  'refusal.price_off_tick': 'Der Preis ist feiner, als der Markt zählt.',
  'refusal.mandate_exceeded': 'Das Mandat des Agenten deckt das nicht.',
  'refusal.mandate_used_up': 'Die Energie des Mandats für den Tag ist verbraucht.',
  'refusal.orders_exceeded':
    'Es gibt so viele offene Aufträge, wie es geben darf. Bis zum Handelsschluss warten, oder ' +
    'einen zurücknehmen.',
  'refusal.passkeys_exceeded':
    'Das Konto hat so viele Passkeys, wie es haben darf. Nehmen Sie zuerst einem das Wort.',
  'refusal.join_codes_exceeded': 'Es gibt so viele offene Einladungen, wie es geben darf.',
  'refusal.mandates_exceeded':
    'Das Konto hat so viele Mandate, wie es haben darf. Beenden Sie zuerst eines.',
  'refusal.order_unknown': 'Diesen offenen Auftrag gibt es nicht mehr.',
  'refusal.trades_not_offered': 'Solche Verträge gibt es in diesem Markt nicht.',
  'refusal.trade_unknown': 'Dieses Geschäft gibt es nicht.',
  'refusal.offer_unknown': 'Dieses Angebot gibt es nicht mehr.',
  'refusal.payment_unknown': 'Diese Zahlung gibt es nicht.',
  'refusal.default_unknown': 'Diesen Verzug gibt es nicht.',
  'refusal.contract_exists': 'Derselbe Vertrag wurde schon vorgeschlagen.',
  'refusal.contract_superseded': 'An seiner Stelle steht eine andere Fassung. Sehen Sie diese an.',
  'refusal.proposal_open': 'Das Geschäft wartet auf die Antwort auf einen anderen Vorschlag.',
  'refusal.proposal_expired': 'Der Vorschlag ist abgelaufen. Machen Sie einen neuen.',
  'refusal.parties_equal': 'Beide Seiten sind dieselbe.',
  'refusal.retailer_mismatch':
    'Eine Seite hat inzwischen einen anderen Versorger. Schreiben Sie den Vertrag neu.',
  'refusal.window_closed':
    'Die Lieferung hat schon begonnen oder liegt zu weit voraus. Wählen Sie eine andere Zeit.',
  'refusal.terms_out_of_bounds': 'Eine Bedingung liegt außerhalb dessen, was die Regeln zulassen.',
  'refusal.trades_exceeded': 'Das Konto hat so viele Verträge, wie es haben darf.',
  'refusal.exit_not_agreed': 'Diesen Vertrag darf niemand verlassen.',
  'refusal.offers_exceeded':
    'Das Konto hat so viele Angebote, wie es haben darf. Nehmen Sie zuerst eines vom Brett.',
  'refusal.payment_not_awaited': 'Die Zahlung ist inzwischen in einem anderen Zustand.',
  'refusal.payment_exists': 'Es wurde schon anders verbucht.',
  'refusal.postponement_exceeded': 'Diese Zahlung kann nicht noch einmal aufgeschoben werden.',
  'refusal.default_not_open': 'Der Verzug wartet auf keine solche Stufe.',
  'refusal.proposals_exceeded':
    'Es gibt so viele offene Vorschläge, wie es geben darf. Entscheiden Sie zuerst einen.',
  'refusal.withdrawal_exists': 'Es wurde schon anders verlangt.',
  'refusal.address_foreign': 'Geld geht nur an die eigene Adresse des Kontos.',
  'refusal.funds_insufficient':
    'Es ist weniger Geld verfügbar, als der schlimmste Fall braucht. Zahlen Sie ein, oder ' +
    'weniger.',
  'refusal.signature_invalid': 'Diese Unterschrift ist keine des Kontos.',
  'refusal.rulebook_incomparable':
    'Was geschah, lässt sich nach diesen Regeln nicht beurteilen: mit ihnen wäre anders ' +
    'gehandelt worden.',
  'refusal.access_denied': 'Das gehört jemand anderem.',
  'refusal.not_found': 'Das gibt es nicht, oder es ist nicht Ihres.',
  'refusal.rate_limited': 'Das war zu viel in zu kurzer Zeit. In einer Minute noch einmal.',
  'refusal.server_busy': 'Die Börse hat so viel, wie sie tragen kann. Gleich noch einmal.',
  'refusal.server_stopping': 'Die Börse hält gerade an. Gleich noch einmal.',
  'refusal.network_failed': 'Die Börse ist nicht zu erreichen.',
  'refusal.proof_invalid':
    'Was die Börse geantwortet hat, ist nicht von ihrem Betreiber unterschrieben. Heben Sie es ' +
    'auf und fragen Sie ihn.',
  'refusal.timed_out': 'Die Börse hat nicht rechtzeitig geantwortet.',
  'refusal.any': 'Die Börse hat abgelehnt: {detail}.',
}
