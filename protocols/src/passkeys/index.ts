export * from './device.ts'
export * from './form.ts'
export * from './verify.ts'
