export * from './bill-data.ts'
export * from './write.ts'
