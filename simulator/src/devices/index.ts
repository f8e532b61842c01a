export * from './home-devices.ts'
export * from './telemetry.ts'
