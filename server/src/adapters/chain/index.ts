export { type ChainOptions, openChain } from './open-chain.ts'
export {
  createOutboxSender,
  type OutboxSenderOptions,
  type SenderTiming,
} from './outbox-sender.ts'
export type { EvmSettlementChain } from './settlement-chain.ts'
