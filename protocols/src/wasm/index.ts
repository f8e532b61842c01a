export * from './binary.ts'
export * from './function-code.ts'
export * from './module.ts'
