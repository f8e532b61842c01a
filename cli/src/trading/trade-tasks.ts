import { proof } from './contract-proof-task.ts'
import {
  accept,
  cancel,
  card,
  counter,
  decline,
  exit,
  modify,
  propose,
  withdraw,
} from './negotiation-tasks.ts'
import { board, offer, offers } from './offer-tasks.ts'
import { appeal, consent, defaults, payments, postpone } from './payment-tasks.ts'
import { deliveries, list, show } from './reading-tasks.ts'

/** What `busbar trade` can be told to do; each resolves with the exit code. */
export const tradeTasks = {
  ...{ card, propose, counter, accept, decline, modify, cancel, withdraw, exit },
  ...{ offer, offers, board },
  ...{ list, show, proof, deliveries },
  ...{ payments, postpone, consent, defaults, appeal },
}
