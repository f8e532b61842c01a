export * from './exposure.ts'
