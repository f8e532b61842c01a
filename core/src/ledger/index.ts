export * from './arrears.ts'
export * from './ledger.ts'
