/**
 * The process in which the journal is replayed for what other rules would have come to: its own
 * state, its own engine, and of the market only what the market's process reads to it.
 */
import { writeFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { Fault } from '@busbar/core/errors'
import type { Domain } from '@busbar/protocols/eip712'
import type { WhatIfBegin, WhatIfMessage, WhatIfReply } from './adapters/what-if/what-if-process.ts'
import { createVault } from './adapters/vault/vault.ts'
import { enginesFor } from './app/engines.ts'
import type { ChainDeployment } from './app/ports/chain.ts'
import type { Snapshot } from './app/ports/journal.ts'
import type { ReplayedJournal, WhatIfOutcome } from './app/ports/what-if.ts'
import { lockedVault } from './app/sealing.ts'
import { whatIfReplay } from './app/what-if/what-if-replay.ts'

export type WhatIfWorkerData = {
  readonly deployment: ChainDeployment
  readonly domain: Domain
  readonly vaultKeys: readonly Uint8Array[]
}

type Begin = WhatIfBegin<WhatIfWorkerData>

const tell = (message: WhatIfMessage): void => void process.send?.(message)

let nextId = 0
type Asked = { readonly texts: string[]; readonly answer: (reply: Answer) => void }
type Answer = Exclude<WhatIfReply, { readonly text: string }>
const waiting = new Map<number, Asked>()

function hear(reply: WhatIfReply): void {
  const asked = waiting.get(reply.id)
  if ('text' in reply) return void asked?.texts.push(reply.text)
  waiting.delete(reply.id)
  asked?.answer(reply)
}

/** What the market's process answers, and what text came before. */
async function ask<Value>(
  what: (id: number) => WhatIfMessage,
): Promise<{ readonly value: Value; readonly text: string }> {
  const id = (nextId += 1)
  const texts: string[] = []
  const reply = await new Promise<Answer>((answer) => {
    waiting.set(id, { texts, answer })
    tell(what(id))
  })
  if ('error' in reply) throw new Fault('WHAT_IF_STOPPED', { reason: reply.error })
  return { value: reply.value as Value, text: texts.join('') }
}

const journal: ReplayedJournal = {
  read: async (after, limit) =>
    (await ask<Awaited<ReturnType<ReplayedJournal['read']>>>((id) =>
      ({ kind: 'read', id, after, limit }))).value,
  async snapshotBefore(atMs) {
    const asked = (id: number): WhatIfMessage => ({ kind: 'snapshot', id, atMs })
    const { value, text } = await ask<Snapshot | undefined>(asked)
    return value && { ...value, body: text + value.body }
  },
}

async function outcome({ question, data }: Begin): Promise<WhatIfOutcome> {
  const { deployment, domain, vaultKeys } = data
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

/** What a system knows nothing of is left: the question is answered all the same. */
function tryTo(work: () => void): void {
  try {
    work()
  } catch {
    // It is a courtesy.
  }
}

// The market comes first; and where the machine's memory ends, Linux ends this one before others.
tryTo(() => setPriority(constants.priority.PRIORITY_LOW))
tryTo(() => writeFileSync('/proc/self/oom_score_adj', '1000'))
// Whoever asked is gone: a market that was killed leaves nobody behind.
process.on('disconnect', () => process.exit())
process.once('message', (begin: Begin) => {
  process.on('message', hear)
  void outcome(begin).then((found) => tell({ kind: 'ended', outcome: found }))
})
