export { type ChainOptions, openChain } from './open-chain.ts'
export { createOutboxSender, type OutboxSenderOptions } from './outbox-sender.ts'
export type { EvmSettlementChain } from './settlement-chain.ts'
