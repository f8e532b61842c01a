/**
 * What the server says in sentences of its own, by their form, so that a page can say it in the
 * reader's language. Where no form fits, a page shows what was said.
 */
export type Said<Name extends string> = {
  readonly name: Name
  /** The parts of the sentence that differ, by name. */
  readonly values: Readonly<Record<string, string>>
}

type Forms<Name extends string> = Readonly<Record<Name, RegExp>>

function saidBy<Name extends string>(text: string, forms: Forms<Name>): Said<Name> | undefined {
  for (const [name, form] of Object.entries(forms) as [Name, RegExp][]) {
    const found = form.exec(text)
    if (found !== null) return { name, values: { ...found.groups } }
  }
  return undefined
}

const at = 'zone (?<zone>\\d+), interval (?<interval>\\d+)'
const part = '(?<part>\\d+) of (?<parts>\\d+)'
const ofRun = `run (?<run>\\d+) of ${at}`

const transactionForms = {
  fix: new RegExp(`^fix the orders of ${at}$`),
  commit: new RegExp(`^commit to the clearing of ${at}$`),
  prove: new RegExp(`^prove the clearing of ${at}$`),
  provePart: new RegExp(`^prove part (?<part>\\d+) of ${at}$`),
  settle: new RegExp(`^settle ${ofRun}$`),
  stage: new RegExp(`^stage ${part} of ${ofRun}$`),
  apply: new RegExp(`^apply ${part} of ${ofRun}$`),
  show: new RegExp(`^show an order's place in ${at}$`),
  overdue: new RegExp(`^say that the proof of ${at} is overdue$`),
} as const

/** What a transaction does, by its description. */
export const transactionSaid = (text: string): Said<keyof typeof transactionForms> | undefined =>
  saidBy(text, transactionForms)

/** `more` is what names members, transactions or errors: it stays as it was said. */
const healthForms = {
  journal: /^at (?<count>\d+)$/,
  outbox: /^(?<count>\d+) not final$/,
  refused: /^none refused$/,
  withdrawals: /^(?<count>\d+) paid by the chain and not covered by the ledger$/,
  settlement:
    /^(?<count>\d+) intervals before their final run, (?<late>\d+) of them overdue$/,
  committee: /^(?<count>\d+) intervals to be opened(?<more>.*)$/,
  proving:
    /^(?<count>\d+) not proven, (?<waiting>\d+) wait for a prover, the oldest for (?<age>\d+) s$/,
  demands: /^(?<count>\d+) for the place of an order that is in no set$/,
  disputes: /^(?<count>\d+) before the auditor(?<more>.*)$/,
  railWaits: /^(?<count>\d+) payments wait for it(?<more>.*)$/,
  railMissing: /^not offered: it is not set up$/,
  railTransfers: /^(?<count>\d+) transfers that no bank has answered(?<more>.*)$/,
  webhooks: /^(?<count>\d+) webhooks, (?<waiting>\d+) notices wait(?<more>.*)$/,
} as const

/** What the server says of a part of itself. */
export const healthSaid = (text: string): Said<keyof typeof healthForms> | undefined =>
  saidBy(text, healthForms)

const checkForms = {
  ...{ journal: /^journal$/, outbox: /^outbox$/, refused: /^refused transactions$/ },
  ...{ withdrawals: /^withdrawals$/, settlement: /^settlement$/, committee: /^committee$/ },
  ...{ proving: /^proving$/, demands: /^demands$/, disputes: /^disputes$/ },
  ...{ rail: /^rail (?<rail>.+)$/, webhooks: /^webhooks$/ },
} as const

/** How the server calls that part. */
export const checkSaid = (name: string): Said<keyof typeof checkForms> | undefined =>
  saidBy(name, checkForms)

const reasonForms = {
  ...{ exit: /^exit$/, modification: /^modification$/, expired: /^expired$/ },
  ...{ declined: /^declined$/, withdrawn: /^withdrawn$/ },
  reservation: /^reservation_(?:missed|failed)$/,
  renewal: /^renewal_failed$/,
  payment: /^payment_(?:failed|overdue)$/,
} as const

/** Why a trade has ended, by the code that it has. */
export const tradeReasonSaid = (code: string): Said<keyof typeof reasonForms> | undefined =>
  saidBy(code, reasonForms)

const protocolForms = {
  batch: /^signed-batch\/(?<curve>.+)$/,
  unknown: /^unknown$/,
} as const

const curveNames: Readonly<Record<string, string>> = { p256: 'P-256' }

/** What gateways speak, by the name that the measures have for it. */
export function protocolSaid(name: string): Said<keyof typeof protocolForms> | undefined {
  const said = saidBy(name, protocolForms)
  const curve = said?.values.curve
  if (said === undefined || curve === undefined) return said
  return { ...said, values: { curve: curveNames[curve] ?? curve } }
}

const readingRefusalForms = {
  ...{ conflicting: /^conflicting$/, superseded: /^superseded$/, implausible: /^implausible$/ },
  ...{ range: /^out_of_range$/, meter: /^meter_unknown$/, foreign: /^gateway_foreign$/ },
  ...{ early: /^too_early$/, late: /^too_late$/, signature: /^signature_invalid$/ },
  ...{ gateway: /^gateway_unknown$/, suspended: /^account_suspended$/, empty: /^readings_empty$/ },
} as const

/** Why a batch of readings or one of them was not taken, by the code that it has. */
export const readingRefusalSaid = (code: string): keyof typeof readingRefusalForms | undefined =>
  saidBy(code, readingRefusalForms)?.name

const paymentForms = {
  ...{ funds: /^funds_insufficient$/, renewal: /^renewal_declined$/, overdue: /^overdue$/ },
  ...{ refused: /^(?:payer_refused|declined_by_payer)$/, word: /^(?<reason>.+)$/ },
} as const

/** Why a payment was not made, by the word that its rail has for it; where it has none, nothing. */
export const paymentReasonSaid = (code: string): Said<keyof typeof paymentForms> | undefined =>
  saidBy(code, paymentForms)
