export * from './enforcement.ts'
export * from './exposure.ts'
