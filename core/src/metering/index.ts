export * from './energy.ts'
export * from './intake.ts'
export * from './registers.ts'
