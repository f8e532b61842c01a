export * from './choose-verifier.ts'
export * from './native-verifier.ts'
export * from './pure-verifier.ts'
export type { SignatureVerifier } from './verifier.ts'
