export { WebhookSender, type WebhookOptions } from './webhook-sender.ts'
