/**
 * The payment provider as a program of its own: `node main.ts OPTIONS` in this folder, with the
 * options as JSON. `busbar provider-simulator` does the same with more words.
 */
import { runService } from '../services/service-program.ts'
import { providerDefaults } from './local-provider.ts'
import { type ProviderOptions, startPaymentProvider } from './provider.ts'

const start = (given: Partial<ProviderOptions>) =>
  startPaymentProvider({ ...providerDefaults, ...given })

await runService<ProviderOptions>(start)
