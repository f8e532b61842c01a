import type { OperatorViews } from '../../app/ports/operator-views.ts'

/* Fixed answers for those who run a market: what the routes must carry over. */

const hex = (byte: string, count: number): string => `0x${byte.repeat(count)}`

export const operator: OperatorViews = {
  proposals: () => ({
    proposals: [
      {
        ...{ proposal: 2, status: 'refused', sequence: 40, atMs: 1_700_000_000_000 },
        ...{ expiresAtMs: 1_700_003_600_000, reason: 'not him' },
        decided: { account: 4, sequence: 41, atMs: 1_700_000_001_000 },
        instruction: {
          ...{ id: hex('1d', 16), account: 3, kind: 'suspend_participant' },
          ...{ content: { participant: 5 }, digest: hex('d1', 32), signature: hex('51', 65) },
        },
      },
    ],
    deadlineSeconds: 3_600,
  }),
}
