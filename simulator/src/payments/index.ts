export { type ClockKind, clockKinds } from '../services/clock.ts'
export {
  type FaultKind,
  faultKinds,
  type FaultRates,
  type PlannedFault,
} from '../services/misbehaviour.ts'
export {
  type LocalProvider,
  type Move,
  providerDefaults,
  startProviderProcess,
} from './local-provider.ts'
export { declinable, type Declinable, type Party } from './parties.ts'
export { type ProviderOptions, type RunningProvider, startPaymentProvider } from './provider.ts'
export { type Credentials, credentialsFile, credentialsIn } from './store.ts'
