export { createTwinPairing, type TwinPairing } from './twin-pairing.ts'
