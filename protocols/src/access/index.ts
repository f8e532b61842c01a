export * from './api-key.ts'
export * from './grant.ts'
