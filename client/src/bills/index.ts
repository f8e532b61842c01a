/*
 * A retailer's bills: from what the exchange says and the chain proves, to lines and cents. No file
 * is read or written here.
 */
export * from './bill.ts'
export * from './bill-run.ts'
export * from './billable.ts'
export * from './bills-fault.ts'
export * from './draft.ts'
export * from './energy.ts'
export * from './evidence.ts'
export * from './evidence-file.ts'
export * from './fines.ts'
export * from './local-time.ts'
export * from './period.ts'
export * from './reckoning.ts'
export * from './record.ts'
export * from './tables.ts'
export * from './tariff.ts'
export * from './verified.ts'
