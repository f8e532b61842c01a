/**
 * Bill network and bank as a program of their own: `node main.ts OPTIONS` in this folder, with the
 * options as JSON. `busbar bill-network` does the same with more words.
 */
import { runService } from '../services/service-program.ts'
import { networkDefaults } from './local-network.ts'
import { type NetworkOptions, startBillNetwork } from './network.ts'

await runService<NetworkOptions>((given) => startBillNetwork({ ...networkDefaults, ...given }))
