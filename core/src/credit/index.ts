export * from './enforcement.ts'
export * from './exposure.ts'
export * from './ladder.ts'
export * from './trade-exposure.ts'
