export * from './mapping.ts'
export * from './reading.ts'
