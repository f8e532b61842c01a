export * from './entry-hash.ts'
