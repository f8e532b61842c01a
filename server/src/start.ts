import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Fault } from '@busbar/core/errors'
import { parseRulebook } from '@busbar/core/rulebook'
import { createDomain, type Domain } from '@busbar/protocols/eip712'
import { hexToBytes } from '@busbar/protocols/hash'
import { labelOf } from '@busbar/protocols/timelock'
import { Registry } from 'prom-client'
import { createOutboxSender, openChain } from './adapters/chain/index.ts'
import { operatorKey } from './adapters/chain/keys.ts'
import { acceleratedClock, manualClock, realClock } from './adapters/clock/clocks.ts'
import { createCommitteeOpening } from './adapters/committee/index.ts'
import { claimDataDir } from './adapters/data-dir/market-file.ts'
import { diskOf } from './adapters/data-dir/disk.ts'
import { breakSeal, sealDataDir } from './adapters/data-dir/seal.ts'
import { chooseVerifier, rememberingVerifier } from './adapters/signatures/index.ts'
import { receiptSigner } from './adapters/signatures/receipt-signer.ts'
import { openStore } from './adapters/store/open-store.ts'
import { createVault } from './adapters/vault/vault.ts'
import { vaultKeys } from './adapters/vault/vault-keys.ts'
import { BookWatch } from './app/books/book-watch.ts'
import { fillTallies } from './app/books/fill-tallies.ts'
import { DeviceDesk } from './app/devices/device-desk.ts'
import { committed, enginesFor, placeOf } from './app/engines.ts'
import { Intake, ownsItsAddress } from './app/intake.ts'
import { Lane } from './app/lane.ts'
import { FaultSwitches, slowedOutbox } from './app/operations/fault-switches.ts'
import { OperationsMeter } from './app/operations/operations-meter.ts'
import { Openings } from './app/opening/openings.ts'
import { NoticeDesk } from './app/payments/notice-desk.ts'
import { NettingWorker } from './app/payments/netting-worker.ts'
import { PaymentWorker } from './app/payments/payment-worker.ts'
import { platformOfPayment, railsNeeded, requireRails } from './app/payments/rails-offered.ts'
import type { SettlementChain } from './app/ports/chain.ts'
import type { Clock, ManualClock } from './app/ports/clock.ts'
import type { ClockView } from './app/ports/exchange-service.ts'
import type { ReceiptSigner } from './app/ports/receipts.ts'
import { Demands } from './app/proving/demands.ts'
import { Disputes } from './app/proving/disputes.ts'
import { ProofWatch } from './app/proving/proof-watch.ts'
import { ProvingQueue } from './app/proving/proving-queue.ts'
import { recover } from './app/recover.ts'
import { Scheduler } from './app/scheduler.ts'
import { SealedClearings } from './app/sealed-clearings.ts'
import { Service } from './app/service.ts'
import { Snapshots } from './app/snapshots.ts'
import { WhatIfDesk } from './app/what-if/what-if-desk.ts'
import { WhatIfProcess } from './adapters/what-if/what-if-process.ts'
import type { WhatIfWorkerData } from './what-if-worker.ts'
import { joinAccess } from './access.ts'
import type { Config } from './settings/config.ts'
import { type Decorators, undecorated } from './decorators.ts'
import { exchangeMetrics } from './exchange-metrics.ts'
import { defaultLimits, type HttpLimits } from './http/limits.ts'
import { createHttpServer } from './http/http-server.ts'
import { readPageSet } from './http/page-set.ts'
import { joinRails } from './rails.ts'
import { idle, keepTicking, type Log } from './ticking.ts'
import { joinNotices } from './webhooks.ts'

export type { Log }

export type RunningServer = {
  readonly url: string
  readonly port: number
  readonly replayed: number
  readonly verifier: string
  readonly chain: string
  /** Where the embedded chain answers, on this machine; null for a network by URL. */
  readonly chainNode: string | null
  /** Finishes what was accepted, and seals the data directory. Resolves with the state hash. */
  readonly stop: () => Promise<string>
  /** Resolves if the market can no longer go on, with the reason. */
  readonly failed: Promise<Error>
}

/** Puts a server together from its configuration: the one place where everything meets. */
export async function startServer(
  config: Config,
  log: Log,
  decorate: Decorators = undecorated,
): Promise<RunningServer> {
  const fail = Promise.withResolvers<Error>()
  const { dashboard } = config
  const pages = dashboard === undefined ? undefined : await readPageSet(dashboard)
  const opened = await openMarketData(config, log, decorate, fail.resolve)
  const { store, chain, snapshots, replayed } = opened
  const market = joinMarket(config, log, decorate, opened, fail.resolve)
  const { lane, scheduler, sender, service, openings, payments, netting, bookWatch } = market
  const { delivery } = market.noticeParts
  const isNew = lane.state.market === null
  const ownRules = isNew ? parseRulebook(config.rulebook).trades : undefined
  requireRails(isNew ? new Set(ownRules?.rails) : railsNeeded(lane.state), market.offered)
  await openMarketIfNone(lane, config)
  sender.kick()
  await delivery.start()
  await market.access.start()
  const http = await createHttpServer({
    service: decorate.service(service),
    registry: market.registry,
    wallClock: () => Date.now(),
    epoch: randomBytes(6).toString('hex'),
    report: (error, route) => log('a request failed', { route, error: String(error) }),
    limits: limitsOf(config),
    display: config.display,
    ...{ trustedProxies: config.trustedProxies ?? [], tls: config.tls },
    receiveNotice: (rail, delivery) => market.desk.receive(rail, delivery),
    ...(pages === undefined ? {} : { pages }),
  })
  const { url, port } = await http.listen({ host: config.host, port: config.port })
  const isManual = config.clock.mode === 'manual'
  const parts = { lane, scheduler, service, payments, netting, bookWatch }
  const ticks = { ...parts, snapshots, failed: fail.resolve, log }
  const ticking = isManual ? idle : keepTicking(ticks)

  const stop = async (): Promise<string> => {
    service.stopTaking()
    await http.stop()
    await market.whatIf.close()
    await ticking.stop()
    await openings.close()
    await payments.stop()
    await netting.stop()
    await delivery.stop()
    if (lane.broken === undefined) await lane.durable()
    await Promise.race([sender.drained(), new Promise((resolve) => setTimeout(resolve, drainMs))])
    if (lane.broken === undefined) await bookWatch.look()
    await sender.close()
    const stateHash = lane.broken === undefined ? await snapshots.take() : ''
    await chain.close()
    await store.close()
    await sealDataDir(config.dataDir)
    return stateHash
  }
  const { description, node } = chain
  const chainNode = node.embedded?.url ?? null
  const said = { url, port, replayed, verifier: market.verifier, chain: description, chainNode }
  return { ...said, stop, failed: fail.promise }
}

type MarketData = Awaited<ReturnType<typeof openMarketData>>

/** Everything that lasts: journal, chain, the state that follows from the journal, and its time. */
async function openMarketData(
  config: Config,
  log: Log,
  decorate: Decorators,
  onLost: (error: Error) => void,
) {
  const { databaseUrl, dataDir, market } = config
  await claimDataDir(dataDir, market)
  await breakSeal(dataDir)
  const secrets = await vaultKeys(dataDir, config.vaultKeys)
  const vault = createVault(secrets)
  const place = databaseUrl === undefined ? { dataDir: `${dataDir}/store` } : { databaseUrl }
  const store = decorate.store(await openStore(market, place, onLost))
  const rulebook = parseRulebook(config.rulebook)
  const chain = await openChain({
    dataDir,
    market,
    intervalSeconds: rulebook.intervalSeconds,
    confirmations: config.chainConfirmations,
    chainUrl: config.chainUrl,
    chainId: config.chainId,
    operatorKey: config.chainOperatorKey,
    auditor: config.chainAuditor,
    verifier: config.chainVerifier,
    decorateRpc: decorate.rpc,
  })
  const domain = domainOf(config, chain)
  const engine = enginesFor(chain.deployment, domain).fast
  const progress = (sequence: number): void => log('replaying the journal', { sequence })
  await fillTallies(store, engine, vault, progress)
  const recovered = await recover(store, engine, vault, progress)
  const { state, end, replayed, snapshot } = recovered
  const clock = decorate.clock(clockOf(config, state.at))
  const snapshots = new Snapshots({ journal: store, state, vault, newest: snapshot, nowMs })
  const read = { state, end, replayed, clock, snapshots }
  return { store, chain, secrets, vault, engine, ...read }
}

/** Where signatures of this market count. */
const domainOf = (config: Config, chain: SettlementChain): Domain =>
  createDomain({
    market: config.market,
    chainId: chain.deployment.chainId,
    verifyingContract: chain.deployment.clearingHouse,
  })

/** Monotonic, for how long something takes. */
const nowMs = (): number => performance.now()

/** Of so many readers at a time: ten megabytes at most. */
const credentialsRememberedMax = 10_000

function intakeOf(parts: ConstructorParameters<typeof Intake>[0]): Intake {
  const credentials = rememberingVerifier(parts.verifier, credentialsRememberedMax)
  return new Intake({ ...parts, credentials })
}

/** Intake, lane, scheduler, sender and views of one market, each knowing those it talks to. */
function joinMarket(
  config: Config,
  log: Log,
  decorate: Decorators,
  opened: MarketData,
  onBroken: (error: Error) => void,
) {
  const { store, chain, vault, engine, state, end, clock, snapshots } = opened
  const { verifier, kind: verifierKind, reason } = chooseVerifier(config.verifier)
  if (reason !== undefined) log('signatures are verified in JavaScript', { reason })
  const [domain, faults] = [domainOf(config, chain), faultsOf(config, state)]
  const sender = createOutboxSender({
    chain,
    outbox: slowedOutbox(decorate.outbox(store), faults),
    onAlarm: (fault) => log('the chain needs somebody', { code: fault.code, error: fault.message }),
  })
  const lane: Lane = new Lane({
    ...{ state, end, store, chain, clock, engine, vault, onBroken },
    tell: (told, queued, noticed) => {
      for (const one of [scheduler, proving, service, payments, netting]) one.hear(told)
      for (const one of [noticeParts.delivery, noticeParts.desk]) one.hear(noticed)
      for (const one of [access.grants, metrics, service.measures]) one.hear(told, queued)
      sender.kick()
    },
  })
  const { payments, netting, desk, offered } = joinPayments(lane, clock, config, decorate, log)
  const [place, receipts] = [placeOf(chain.deployment), receiptsOf(config)]
  const opening = decorate.opening(createCommitteeOpening({ urls: config.committee }))
  const openings = new Openings({
    ...{ lane, clock, opening, inOrder: config.clock.mode === 'manual' },
    labelOf: (zone, interval) => labelOf({ ...place, zone, interval }),
    prepare: (where, opening) => void committed(place, where, opening),
    report: (zone, interval, error) =>
      log('orders are not opened yet', { zone, interval, error: String(error) }),
  })
  const clearings = new SealedClearings(store, vault, place)
  const [proofs, bookWatch] = [new ProofWatch(lane, clock, chain), bookWatchOf(lane, opened)]
  const devices = new DeviceDesk({ lane, clock, domain, verifier, book: store.devices })
  const queue = { state, outbox: store, chain, clearings, queued: () => sender.kick() }
  const leaseMs = config.provingLeaseMs
  const proving = new ProvingQueue({ ...queue, leaseMs, wallClock: () => Date.now() })
  const [demands, disputes] = [new Demands(queue), new Disputes(queue)]
  const scheduler = new Scheduler(lane, clock, chain, { openings, proofs, demands, disputes })
  const intake = intakeOf({ lane, domain, verifier, receipts, reserved: ownAddresses(chain) })
  const noticeParts = joinNotices({
    ...{ lane, store, domain, verifier, receipts, config, decorate },
    report: (account, error) => log('notices wait', { account, error: String(error) }),
  })
  const access = joinAccess({ lane, domain, verifier, store, config, decorate, log })
  const [meter, whatIf] = [new OperationsMeter(nowMs), whatIfDesk(config, opened, lane, domain)]
  const service = new Service({
    ...{ whatIf, faults, meter, snapshots, bookWatch },
    ...{ disk: diskOf(config.dataDir), ...paceOf(config) },
    ...{ lane, intake, scheduler, store, chain, sender, domain, clock, devices },
    ...{ openings, proofs, proving, demands, disputes, clearings, receipts },
    ...{ rails: { payments, netting, offered }, noticeParts, ...access },
    operatorAddress: chain.node.operator.address.toLowerCase(),
  })
  const registry = new Registry()
  const metrics = exchangeMetrics(registry, {
    ...{ meter, lane, scheduler, sender, openings, proofs, proving, payments },
  })
  sender.onFinal((id, txHash, gasUsed, feeWei) => {
    proofs.hearFinal(id)
    service.hearFinal(id, txHash, { gasUsed, feeWei })
    metrics.hearFinal(id, gasUsed)
  })
  const told = { payments, netting, desk, offered, noticeParts, access, registry, bookWatch }
  return { lane, scheduler, sender, service, openings, whatIf, ...told, verifier: verifierKind }
}

const faultsOf = ({ demoFaults }: Config, { rulebooks }: MarketData['state']) =>
  FaultSwitches.where(demoFaults, () => rulebooks.some(({ rulebook }) => rulebook.proof !== 'none'))

const bookWatchOf = (lane: Lane, { store, chain, clock }: MarketData): BookWatch =>
  new BookWatch({ lane, store, chain, clock, nowMs })

/** Other rules are tried on the past in a process of its own. */
function whatIfDesk(
  { display: { timeZone } }: Config,
  { store: journal, chain: { deployment }, secrets, clock }: MarketData,
  lane: Lane,
  domain: Domain,
): WhatIfDesk {
  const data: WhatIfWorkerData = { deployment, domain, vaultKeys: secrets }
  return new WhatIfDesk({
    ...{ journal, timeZone, wallClock: () => performance.now() },
    ...{ state: () => lane.state, now: () => clock.now(), durable: () => lane.durable() },
    runner: new WhatIfProcess(new URL('./what-if-worker.ts', import.meta.url), data),
  })
}

/** The operator's and the contracts': nobody else may register one of them. */
function ownAddresses({ deployment, node }: MarketData['chain']): ReadonlySet<string> {
  const { participantRegistry, clearingHouse, intervalLog, fiatToken } = deployment
  const { clearingProofs, clearingVerifier, tradeHolds, accountKeys } = deployment
  const contracts = [participantRegistry, clearingHouse, intervalLog, tradeHolds, fiatToken]
  const own = [
    ...contracts, accountKeys, clearingProofs, clearingVerifier, node.operator.address,
  ]
  return new Set(own.map((address) => address.toLowerCase()))
}

/** The rails that the server is set up for, and who speaks to them. */
function joinPayments(
  lane: Lane,
  clock: Clock,
  config: Config,
  decorate: Decorators,
  log: Log,
) {
  const wallClock = (): number => Date.now()
  const inOrder = config.clock.mode === 'manual'
  const { market, rails: setUp } = config
  const platformOf = (payment: number) => platformOfPayment(lane.state, payment)
  // What stands beside a market with a manual clock is told the time with it.
  const sentBy = inOrder ? () => clock.now() : wallClock
  const joined = joinRails(setUp, { market, wallClock, platformOf })
  const { doors, offered, transfers } = joined
  const payments = new PaymentWorker({
    ...{ lane, wallClock, inOrder, rails: decorate.rails(joined.rails) },
    report: (payment, rail, error) =>
      log('a payment is not done yet', { payment, rail, error: String(error) }),
  })
  const netting = new NettingWorker({
    ...{ lane, wallClock, inOrder, transfers: decorate.transfers(transfers) },
    report: (what, error) => log('banks and transfers', { what, error: String(error) }),
  })
  return { payments, netting, offered, desk: new NoticeDesk(doors, payments, sentBy) }
}

/** Receipts of sealed orders are signed by the key that the contracts know as the operator's. */
function receiptsOf({ dataDir, chainOperatorKey, verifier }: Config): ReceiptSigner {
  const key = operatorKey(join(dataDir, 'chain'), chainOperatorKey)
  return receiptSigner(hexToBytes(key.toLowerCase(), 32, 'CHAIN_OPERATOR_KEY'), verifier)
}

/**
 * How long a stop waits for the chain; what is not final by then is sent again at the next start.
 */
const drainMs = 20_000

/** No clock starts before the last command: time does not go back over a restart. */
function clockOf({ clock, dataDir }: Config, notBefore: number): Clock | ManualClock {
  switch (clock.mode) {
    case 'real':
      return realClock(notBefore)
    case 'manual':
      return manualClock(Math.max(clock.startMs, notBefore), dataDir)
    case 'accelerated':
      return acceleratedClock(Math.max(clock.startMs, notBefore), clock.speed)
  }
}

/** Market time per time outside; a manual clock has none. */
function paceOf({ clock }: Config): {
  readonly clockMode: ClockView['mode']
  readonly speed: number
} {
  const speeds = { real: 1, manual: 0, accelerated: 'speed' in clock ? clock.speed : 0 }
  return { clockMode: clock.mode, speed: speeds[clock.mode] }
}

function limitsOf({ requestsPerMinuteMax: requestsMax }: Config): HttpLimits {
  if (requestsMax === undefined) return defaultLimits
  return { ...defaultLimits, rate: { ...defaultLimits.rate, requestsMax, windowMs: 60_000 } }
}

async function openMarketIfNone(lane: Lane, config: Config): Promise<void> {
  if (lane.state.market !== null) return
  const { market, operator, rulebook } = config
  const variable = 'BUSBAR_OPERATOR'
  if (operator === undefined) throw new Fault('MARKET_NOT_CONFIGURED', { variable })
  if (!ownsItsAddress(operator)) {
    throw new Fault('CONFIG_INVALID', { variable, limit: 'address of publicKey' })
  }
  const salt = config.salt ?? `0x${randomBytes(32).toString('hex')}`
  const outcome = await lane.submit({ kind: 'open_market', market, rulebook, operator, salt })
  if (outcome.kind === 'rejected') {
    const { reason, field = '', limit = '' } = outcome
    throw new Fault('CONFIG_INVALID', { variable, reason, field, limit })
  }
}
