export * from './leaves.ts'
