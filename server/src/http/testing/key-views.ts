import type { ObjectionView } from '../../app/ports/key-views.ts'

/** Alice’s phone, which her retailer was told is lost, and what waits in its place. */
export const objection: ObjectionView = {
  passkey: {
    ...{ publicKey: `0x02${'9a'.repeat(32)}`, credentialId: `0x${'0c'.repeat(16)}`, account: 4 },
    ...{ host: 'busbar.example', label: 'phone', signsFrom: 1_000, ownWord: true },
    ...{ registeredBy: 4, askedBy: null, sequence: 9, at: 1_000 },
    ...{ revokedBy: 3, revokedAt: 1_700_000_000_000, objectedAt: null },
  },
  until: 1_700_086_400_000,
  passkeys: [{
    ...{ publicKey: `0x02${'9d'.repeat(32)}`, host: 'busbar.example', label: 'another' },
    ...{ signsFromMs: 1_700_086_400_000, registeredBy: 3, registeredAtMs: 1_700_000_000_000 },
    askedBy: null,
  }],
  joinCodes: [{
    ...{ publicKey: `0x02${'9b'.repeat(32)}`, account: 4, host: 'busbar.example' },
    ...{ until: 1_700_050_000_000, issuedBy: 3, askedBy: null, signsFrom: 1_700_000_000_000 },
    ...{ ownWord: false, sequence: 12, at: 1_700_000_000_000 },
  }],
}
