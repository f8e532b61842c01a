export * from './arrears.ts'
export * from './claims.ts'
export * from './ledger.ts'
