export * from './der-to-cash.ts'
export * from './rulebook.ts'
