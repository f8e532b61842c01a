export { type ReplayCheck, type ReplayCheckName } from './check.ts'
export * from './evidence.ts'
export * from './material.ts'
export * from './replay.ts'
