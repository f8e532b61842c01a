export * from './participant.ts'
export * from './passkey.ts'
