export * from './named-signature.ts'
