import type { enProposals } from './en-proposals.ts'

/** German, of what a proposal says, field by field. */
export const deProposals: Readonly<Record<keyof typeof enProposals, string>> = {
  'proposals.until': 'Bis zum Intervall',
  'proposals.key': 'Öffentlicher Schlüssel',
  'proposals.address': 'Adresse auf der Kette',
  'proposals.approval': 'Eigene Zustimmung',
  'proposals.approval.none': 'nicht gegeben',
  'proposals.threshold': 'So viele öffnen zusammen',
  'proposals.threshold.text': '{threshold} von {count}',
  'proposals.committeeKey': 'Schlüssel des Komitees',
  'proposals.member': 'Mitglied',
  'proposals.memberKey': 'Sein Schlüssel',
  'proposals.between': 'Zwischen',
  'proposals.default': 'Verzug',
  'proposals.appeal': 'Der Einspruch',
  'proposals.appeal.upheld': 'hat Erfolg: Der Verzug entfällt',
  'proposals.appeal.not': 'hat keinen Erfolg: Der Verzug bleibt',
  'proposals.curve': 'Kurve des Schlüssels',
  'proposals.boundary': 'Ersetzt am Beginn des Intervalls',
  'proposals.registers.final': 'Das alte Gerät zeigte zuletzt',
  'proposals.registers.initial': 'Das neue zeigte zuerst',
  'proposals.registers.text': '{imported} bezogen, {exported} eingespeist',
}
