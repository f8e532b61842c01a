export * from './leaves.ts'
export * from './rulebook-hash.ts'
