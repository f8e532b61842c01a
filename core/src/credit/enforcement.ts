import type { Micros } from '../units/index.ts'

/** In this order; each only when the one before has passed its deadline without a cure. */
export const enforcementSteps = [
  'warning',
  'fine',
  'suspension',
  'disconnection_notice',
] as const
export type EnforcementStep = (typeof enforcementSteps)[number]

/** One step that was taken, with what it rests on. */
export type StepTaken = {
  readonly step: EnforcementStep
  readonly at: number
  readonly sequence: number
  /** By when the default must be cured, or the next step follows. */
  readonly deadline: number
  /** On the bill; zero but for a fine. */
  readonly fine: Micros
  /** What the retailer shows for having acted: a hash of its notice; empty until it has. */
  readonly evidence: string
  /** The consent it rests on, by its digest. */
  readonly consent: string
}

export type Appeal = {
  readonly at: number
  readonly grounds: string
  /** Whether it was right; null while nobody has decided. */
  readonly upheld: boolean | null
}

/** Whether a default stands: neither cured nor overturned. */
export const isStanding = ({ status }: Default): boolean =>
  status === 'open' || status === 'appealed' || status === 'exhausted'

/** Somebody did not pay, or did not set aside what a trade needs. */
export type Default = {
  /** From 1. */
  readonly number: number
  readonly account: number
  readonly creditor: number
  readonly trade: number
  /** Null where it was not a payment that failed. */
  readonly payment: number | null
  readonly cause: 'payment_failed' | 'payment_overdue' | 'reservation_failed' | 'renewal_failed'
  readonly amount: Micros
  /** What came in since, for the creditor. */
  recovered: Micros
  /** `exhausted`: every step was taken, and it is not cured. */
  status: 'open' | 'appealed' | 'cured' | 'overturned' | 'exhausted'
  /** None where the debtor has consented to nothing: then it is recorded and no more. */
  steps: readonly StepTaken[]
  /** Its grounds as a hash, and since when it pauses the ladder. One is heard for each default. */
  appeal: Appeal | null
  /** Whether it was this default for which its debtor was suspended. */
  suspends: boolean
  readonly at: number
  readonly sequence: number
}

/** What binds one retailer to act for another's customers. */
export type RetailerAgreement = {
  /** The lower account first. */
  readonly retailers: readonly [number, number]
  readonly basis: 'bilateral' | 'regulatory'
  /** Of the document, `0x` and 64 hex. */
  readonly documentHash: string
  readonly fromInterval: number
  /** The first interval it no longer holds for; null while it has no end. */
  untilInterval: number | null
}
