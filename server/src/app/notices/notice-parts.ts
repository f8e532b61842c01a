import type { NoticeDelivery } from './notice-delivery.ts'
import type { WebhookDesk } from './webhook-desk.ts'

/** What accounts are told, and how it reaches them. */
export type NoticeParts = { readonly desk: WebhookDesk; readonly delivery: NoticeDelivery }
