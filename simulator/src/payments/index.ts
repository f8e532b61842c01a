export { type ClockKind, clockKinds } from './clock.ts'
export { type FaultKind, faultKinds, type FaultRates, type PlannedFault } from './misbehaviour.ts'
export { declinable, type Declinable, type Party } from './parties.ts'
export { type ProviderOptions, type RunningProvider, startPaymentProvider } from './provider.ts'
export { type Credentials, credentialsFile, credentialsIn } from './store.ts'
export {
  type LocalProvider,
  type Move,
  providerDefaults,
  startProviderProcess,
} from './local-provider.ts'
