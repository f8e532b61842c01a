export * from './division.ts'
export * from './instant.ts'
export * from './money.ts'
export * from './watt-hours.ts'
