export * from './der-to-cash.ts'
export * from './rulebook.ts'
export * from './inter-retailer.ts'
export * from './trade-rules.ts'
