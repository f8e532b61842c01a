import type { Domain } from '@busbar/protocols/eip712'
import { textToBytes } from '@busbar/protocols/hash'
import { noticeDigestOf, noticeHeader, noticeSignatureHeader } from '@busbar/protocols/notices'
import { WebhookSender } from './adapters/webhooks/index.ts'
import { recordFirstWord } from './app/first-word.ts'
import type { Lane } from './app/lane.ts'
import { NoticeDelivery } from './app/notices/notice-delivery.ts'
import type { NoticeParts } from './app/notices/notice-parts.ts'
import { WebhookDesk } from './app/notices/webhook-desk.ts'
import { wireNotice } from './app/notices/wire.ts'
import type { StoredNotice } from './app/ports/notices.ts'
import type { ReceiptSigner } from './app/ports/receipts.ts'
import type { SignatureVerifier } from './app/ports/signatures.ts'
import type { Store } from './app/ports/store.ts'
import type { Config } from './settings/config.ts'
import type { Decorators } from './decorators.ts'

/** Puts together what accounts are told and how it reaches them. Brings nothing yet. */
export function joinNotices(parts: {
  readonly lane: Lane
  readonly store: Store
  readonly domain: Domain
  readonly verifier: SignatureVerifier
  /** The key that the contracts know as the operator's, as for receipts. */
  readonly receipts: ReceiptSigner
  readonly config: Config
  readonly decorate: Decorators
  readonly report: (account: number, error: unknown) => void
}): NoticeParts {
  const { lane, store, domain, verifier, receipts, config, decorate, report } = parts
  const { market, webhookReach: reach = 'public' } = config
  const sender = decorate.webhooks(new WebhookSender({ reach }))
  const { notices: book } = store
  const wallClock = (): number => Date.now()
  const dressed = (notice: StoredNotice, sentAt: number) => {
    const wire = wireNotice(market, notice)
    const body = textToBytes(JSON.stringify(wire), 'notice')
    const signature = receipts.sign(noticeDigestOf(domain, notice.account, sentAt, body))
    const headers = {
      'content-type': 'application/json',
      'busbar-notice': wire.id,
      [noticeSignatureHeader]: noticeHeader(sentAt, signature),
      'user-agent': 'busbar',
    }
    return { headers, body }
  }
  const delivery = new NoticeDelivery({ book, sender, wallClock, dressed, report })
  const stateOf = () => lane.state
  const desk = new WebhookDesk({
    ...{ stateOf, domain, market, verifier, book, sender, delivery, wallClock },
    onWord: (account) => recordFirstWord(lane, account),
  })
  return { desk, delivery }
}
