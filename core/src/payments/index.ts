export * from './legs.ts'
export * from './netting.ts'
export * from './payment.ts'
export * from './payment-machine.ts'
