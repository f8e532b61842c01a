import { randomBytes } from 'node:crypto'
import { Fault } from '@busbar/core/errors'
import { parseRulebook } from '@busbar/core/rulebook'
import { createDomain } from '@busbar/protocols/eip712'
import { Registry } from 'prom-client'
import { createOutboxSender, openChain } from './adapters/chain/index.ts'
import { acceleratedClock, manualClock, realClock } from './adapters/clock/clocks.ts'
import { claimDataDir } from './adapters/data-dir/market-file.ts'
import { breakSeal, sealDataDir } from './adapters/data-dir/seal.ts'
import { chooseVerifier } from './adapters/signatures/index.ts'
import { openStore } from './adapters/store/open-store.ts'
import { fastEngine } from './app/engines.ts'
import { Intake, ownsItsAddress } from './app/intake.ts'
import { Lane } from './app/lane.ts'
import { exchangeMetrics } from './exchange-metrics.ts'
import type { Clock, ManualClock } from './app/ports/clock.ts'
import { recover, takeSnapshot } from './app/recover.ts'
import { Scheduler } from './app/scheduler.ts'
import { Service } from './app/service.ts'
import type { Config } from './config.ts'
import { defaultLimits } from './http/limits.ts'
import { createHttpServer } from './http/http-server.ts'

export type RunningServer = {
  readonly url: string
  readonly port: number
  readonly replayed: number
  readonly verifier: string
  readonly chain: string
  /** Finishes what was accepted, and seals the data directory. Resolves with the state hash. */
  readonly stop: () => Promise<string>
  /** Resolves if the market can no longer go on, with the reason. */
  readonly failed: Promise<Error>
}

const tickMs = 100
const depositsEveryTicks = 3
/** A snapshot after so many entries keeps a restart to seconds. */
const snapshotEntries = 250_000

/** Puts a server together from its configuration: the one place where everything meets. */
export async function startServer(
  config: Config,
  log: (message: string, details?: Readonly<Record<string, unknown>>) => void,
): Promise<RunningServer> {
  const clock = clockOf(config)
  await claimDataDir(config.dataDir, config.market)
  await breakSeal(config.dataDir)
  const { databaseUrl, dataDir, market } = config
  const store = await openStore(
    market,
    databaseUrl === undefined ? { dataDir: `${dataDir}/store` } : { databaseUrl },
  )
  const rulebook = parseRulebook(config.rulebook)
  const chain = await openChain({
    dataDir,
    market,
    intervalSeconds: rulebook.intervalSeconds,
    confirmations: config.chainConfirmations,
    chainUrl: config.chainUrl,
    chainId: config.chainId,
    operatorKey: config.chainOperatorKey,
  })
  const { state, end, replayed } = await recover(store, fastEngine, (sequence) => {
    log('replaying the journal', { sequence })
  })
  const { verifier, kind: verifierKind, reason } = chooseVerifier(config.verifier)
  if (reason !== undefined) log('signatures are verified in JavaScript', { reason })
  const domain = createDomain({
    market,
    chainId: chain.deployment.chainId,
    verifyingContract: chain.deployment.clearingHouse,
  })
  const sender = createOutboxSender({
    chain,
    outbox: store,
    onAlarm: (fault) => log('the chain needs somebody', { code: fault.code, error: fault.message }),
  })
  const fail = Promise.withResolvers<Error>()
  const lane: Lane = new Lane({
    state,
    end,
    store,
    chain,
    clock,
    engine: fastEngine,
    tell: (told, queued) => {
      scheduler.hear(told)
      service.hear(told)
      metrics.hear(told, queued)
      sender.kick()
    },
  })
  const scheduler = new Scheduler(lane, clock, chain)
  const intake = new Intake(lane, domain, verifier)
  const service = new Service({
    lane,
    intake,
    scheduler,
    store,
    chain,
    sender,
    domain,
    clock,
    clockMode: config.clock.mode,
    speed: config.clock.mode === 'accelerated' ? config.clock.speed : config.clock.mode === 'real' ? 1 : 0,
  })
  const registry = new Registry()
  const metrics = exchangeMetrics(registry, { lane, scheduler, sender })
  sender.onFinal((id, txHash, gasUsed) => {
    service.hearFinal(id, txHash)
    metrics.hearFinal(id, gasUsed)
  })
  await openMarketIfNone(lane, config)
  sender.kick()
  const limits = defaultLimits
  const http = await createHttpServer({
    service,
    registry,
    wallClock: () => Date.now(),
    epoch: randomBytes(6).toString('hex'),
    report: (error, route) => log('a request failed', { route, error: String(error) }),
    limits:
      config.requestsPerMinuteMax === undefined
        ? limits
        : { ...limits, rate: { ...limits.rate, requestsMax: config.requestsPerMinuteMax, windowMs: 60_000 } },
  })
  const { url, port } = await http.listen({ host: config.host, port: config.port })
  const ticking = config.clock.mode === 'manual' ? idle : keepTicking({ lane, scheduler, store, failed: fail.resolve, log })

  const stop = async (): Promise<string> => {
    service.stopTaking()
    await http.stop()
    await ticking.stop()
    if (lane.broken === undefined) await lane.durable()
    await Promise.race([sender.drained(), new Promise((resolve) => setTimeout(resolve, drainMs))])
    await sender.close()
    const stateHash = lane.broken === undefined ? await takeSnapshot(store, state) : ''
    await chain.close()
    await store.close()
    await sealDataDir(dataDir)
    return stateHash
  }
  return {
    url,
    port,
    replayed,
    verifier: verifierKind,
    chain: chain.description,
    stop,
    failed: fail.promise,
  }
}

/** How long a stop waits for the chain; what is not final by then is sent again at the next start. */
const drainMs = 20_000

function clockOf({ clock }: Config): Clock | ManualClock {
  switch (clock.mode) {
    case 'real':
      return realClock()
    case 'manual':
      return manualClock(clock.startMs)
    case 'accelerated':
      return acceleratedClock(clock.startMs, clock.speed)
  }
}

async function openMarketIfNone(lane: Lane, config: Config): Promise<void> {
  if (lane.state.market !== null) return
  const { market, operator, rulebook } = config
  if (operator === undefined) throw new Fault('MARKET_NOT_CONFIGURED', { variable: 'BUSBAR_OPERATOR' })
  if (!ownsItsAddress(operator)) {
    throw new Fault('CONFIG_INVALID', { variable: 'BUSBAR_OPERATOR', limit: 'address of publicKey' })
  }
  const outcome = await lane.submit({ kind: 'open_market', market, rulebook, operator })
  if (outcome.kind === 'rejected') {
    const { reason, field = '', limit = '' } = outcome
    throw new Fault('CONFIG_INVALID', { variable: 'BUSBAR_OPERATOR', reason, field, limit })
  }
}

/** With a manual clock nothing happens between two moments. */
const idle = { stop: () => Promise.resolve() }

/** Looks at the clock, the chain and the length of the journal, until stopped. */
function keepTicking(parts: {
  readonly lane: Lane
  readonly scheduler: Scheduler
  readonly store: Parameters<typeof takeSnapshot>[0]
  readonly failed: (error: Error) => void
  readonly log: (message: string, details?: Readonly<Record<string, unknown>>) => void
}): { readonly stop: () => Promise<void> } {
  const { lane, scheduler, store, failed, log } = parts
  let stopped = false
  let snapshotAt = lane.state.sequence
  let ticks = 0
  const tick = async (): Promise<void> => {
    await scheduler.run()
    ticks += 1
    if (ticks % depositsEveryTicks === 0) {
      await scheduler.recordDeposits().catch((error: unknown) => {
        if (lane.broken !== undefined) throw error
        log('the chain does not answer', { error: String(error) })
      })
    }
    if (lane.state.sequence - snapshotAt >= snapshotEntries) {
      snapshotAt = lane.state.sequence
      await lane.durable()
      await takeSnapshot(store, lane.state)
    }
  }
  const loop = (async () => {
    while (!stopped) {
      try {
        await tick()
      } catch (error) {
        failed(error instanceof Error ? error : new Error(String(error)))
        return
      }
      await new Promise((resolve) => setTimeout(resolve, tickMs))
    }
  })()
  return {
    stop: async () => {
      stopped = true
      await loop
    },
  }
}
