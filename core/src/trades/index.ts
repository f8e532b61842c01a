export * from './terms.ts'
export * from './obligation.ts'
export * from './trade.ts'
export * from './offer.ts'
