export * from './account-message.ts'
export * from './amounts.ts'
export * from './camt-reader.ts'
export {
  type CreditPayment,
  type CreditTransfer,
  type CreditTransferFile,
  transfersMax,
} from './credit-transfer.ts'
export { isIban } from './forms.ts'
export * from './pain001-reader.ts'
export * from './pain001-writer.ts'
