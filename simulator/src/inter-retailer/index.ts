export { castOf, scenarioRulebook } from './cast.ts'
export { type Homes, seededHomes } from './homes.ts'
export { runTradeDay, type TradeDayOptions, type TradeDaySummary } from './trade-day.ts'
