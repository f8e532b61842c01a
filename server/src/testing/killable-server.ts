/**
 * The server, with points at which it can be told to die: a test's program.
 *
 *     KILL_AT        `point:n,…`: dies at the n-th passage of a point
 *     KILL_LOG       the file that counts passages, over restarts
 *     KILL_STANDBY   `1`: loads everything, and starts when a line comes on standard input
 */
import { once } from 'node:events'
import { parseTransaction } from 'viem'
import type { Rpc } from '../adapters/chain/rpc.ts'
import type { OutboxChanges } from '../app/ports/outbox.ts'
import type { Batch } from '../app/ports/store.ts'
import type { Decorators } from '../decorators.ts'
import { runProgram } from '../program.ts'
import { countedPassages, type Pass, withPassages } from './passages.ts'

function decorators(pass: Pass): Decorators {
  return {
    store: (store) => withPassages(store, pass, storeName),
    outbox: (outbox) => withPassages(outbox, pass, outboxName),
    rpc: (rpc: Rpc) => withPassages(rpc, pass, rpcName),
    clock: (clock) =>
      withPassages(clock, pass, (method) => (method === 'advance' ? 'clock.advance' : undefined)),
    opening: (opening) =>
      withPassages(opening, pass, (method) => (method === 'open' ? 'opening.open' : undefined)),
    rails: (rails) =>
      Object.fromEntries(
        Object.entries(rails).map(([name, rail]) => [
          name,
          withPassages(rail, pass, (method) => `${name}.${method}`),
        ]),
      ),
    transfers: (transfers) =>
      transfers && withPassages(transfers, pass, (method) => `transfers.${method}`),
    webhooks: (sender) =>
      withPassages(sender, pass, (method) => (method === 'send' ? 'webhooks.send' : undefined)),
    grants: (grants) =>
      withPassages(grants, pass, (method) => `grants.${method}`),
    service: (service) =>
      withPassages(service, pass, (method) =>
        /^(submit|setClock)/.test(method) ? `service.${method}` : undefined,
      ),
  }
}

const storeMethods = new Set([
  'read', 'latestSnapshot', 'snapshotBefore', 'saveSnapshot', 'enqueue', 'close',
])

function storeName(method: string, [batch]: readonly unknown[]): string | undefined {
  if (method !== 'commit') return storeMethods.has(method) ? `store.${method}` : undefined
  const kinds = new Set((batch as Batch).entries.map(({ kind }) => kind))
  return `store.commit(${[...kinds].join('+')})`
}

function outboxName(method: string, parameters: readonly unknown[]): string | undefined {
  if (method === 'list') return 'outbox.list'
  if (method !== 'update') return undefined
  const { status = 'other' } = parameters[1] as OutboxChanges
  return `outbox.update(${status})`
}

/** Those that change the chain or decide what is done next. */
const rpcMethods = new Set(['eth_getLogs', 'anvil_dumpState', 'anvil_loadState'])

function rpcName(method: string, [called, parameters]: readonly unknown[]): string | undefined {
  if (method === 'batch') return 'rpc(receipts)'
  if (called !== 'eth_sendRawTransaction') {
    return rpcMethods.has(String(called)) ? `rpc(${String(called)})` : undefined
  }
  const [raw] = parameters as readonly [`0x${string}`]
  const isCreation = (parseTransaction(raw).to ?? null) === null
  return isCreation ? 'rpc(deploy)' : 'rpc(send)'
}

const { KILL_LOG: log = '', KILL_AT: killAt = '', KILL_STANDBY: standby } = process.env

if (standby === '1') {
  const gone = once(process.stdin, 'end').then(() => process.exit(0))
  await Promise.race([once(process.stdin, 'data'), gone])
}
await runProgram(decorators(countedPassages(log, killAt)))
