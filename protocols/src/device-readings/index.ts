export * from './device-reading.ts'
