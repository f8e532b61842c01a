export * from './join-code.ts'
export * from './named-key.ts'
export * from './participant.ts'
export * from './passkey.ts'
