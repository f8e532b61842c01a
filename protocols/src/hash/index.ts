export * from './hex.ts'
export * from './keccak.ts'
export * from './text.ts'
export * from './writers.ts'
