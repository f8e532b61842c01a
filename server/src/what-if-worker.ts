/**
 * The thread in which the journal is replayed for what other rules would have come to: its own
 * state, its own engine, and of the market only what the market's thread reads to it.
 */
import { readlinkSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { Fault } from '@busbar/core/errors'
import type { Domain } from '@busbar/protocols/eip712'
import type { WhatIfMessage, WhatIfReply } from './adapters/what-if/what-if-thread.ts'
import { createVault } from './adapters/vault/vault.ts'
import { enginesFor } from './app/engines.ts'
import type { ChainDeployment } from './app/ports/chain.ts'
import type { ReplayedJournal, WhatIfOutcome, WhatIfQuestion } from './app/ports/what-if.ts'
import { lockedVault } from './app/sealing.ts'
import { whatIfReplay } from './app/what-if/what-if-replay.ts'

export type WhatIfWorkerData = {
  readonly deployment: ChainDeployment
  readonly domain: Domain
  readonly vaultKeys: readonly Uint8Array[]
}

const { question, deployment, domain, vaultKeys } =
  workerData as WhatIfWorkerData & { readonly question: WhatIfQuestion }

const tell = (message: WhatIfMessage): void => parentPort?.postMessage(message)

let nextId = 0
const waiting = new Map<number, (reply: WhatIfReply) => void>()
parentPort?.on('message', (reply: WhatIfReply) => {
  waiting.get(reply.id)?.(reply)
  waiting.delete(reply.id)
})

/** What the market's thread answers. */
async function ask<Value>(what: (id: number) => WhatIfMessage): Promise<Value> {
  const id = (nextId += 1)
  const reply = await new Promise<WhatIfReply>((resolve) => {
    waiting.set(id, resolve)
    tell(what(id))
  })
  if ('error' in reply) throw new Fault('WHAT_IF_STOPPED', { reason: reply.error })
  return reply.value as Value
}

const journal: ReplayedJournal = {
  read: (after, limit) => ask((id) => ({ kind: 'read', id, after, limit })),
  snapshotBefore: (atMs) => ask((id) => ({ kind: 'snapshot', id, atMs })),
}

async function outcome(): Promise<WhatIfOutcome> {
  try {
    const found = await whatIfReplay({
      ...{ question, journal },
      engine: enginesFor(deployment, domain).fast,
      vault: vaultKeys.length === 0 ? lockedVault : createVault(vaultKeys),
      progress: (progress) => tell({ kind: 'progress', progress }),
    })
    return { kind: 'found', found }
  } catch (error) {
    const code = error instanceof Fault ? error.code : 'WHAT_IF_STOPPED'
    return { kind: 'failed', code, detail: String(error instanceof Error ? error.message : error) }
  }
}

/** Linux gives a thread a priority of its own; elsewhere it has that of the market's. */
function giveWay(): void {
  try {
    const [, thread] = /(\d+)$/.exec(readlinkSync('/proc/thread-self')) ?? []
    if (thread !== undefined) setPriority(Number(thread), constants.priority.PRIORITY_LOW)
  } catch {
    // It is a courtesy: where a system knows nothing of it, the question is answered all the same.
  }
}

giveWay()
tell({ kind: 'ended', outcome: await outcome() })
