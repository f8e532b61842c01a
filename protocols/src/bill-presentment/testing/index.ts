export * from './hostile-envelopes.ts'
export * from './sample-messages.ts'
