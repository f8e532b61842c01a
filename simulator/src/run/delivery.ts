import type { Flow, SiteAgent } from '../agents/index.ts'
import type { Auditor } from '../auditor/index.ts'
import type { Telemetry } from '../devices/index.ts'
import {
  createMainMeter,
  createMeter,
  type Faults,
  type Gateway,
  type LiveFaults,
  nothingBroken,
  type SignedBatch,
  signBatch,
  type SmartMeter,
  UnderWay,
} from '../meters/index.ts'
import { type District, random } from '../scenario/index.ts'
import type { BatchAnswer, Exchange, MarketNumbers } from './exchange-port.ts'
import type { Tally } from './summary.ts'

export type Delivery = {
  /** Lets interval `n` of the day happen at every site, and counts it. */
  readonly deliver: (n: number, agents: readonly SiteAgent[]) => readonly Flow[]
  /** Reads all meters at the boundary before interval `n`; sends what is due to arrive by then. */
  readonly send: (n: number) => Promise<void>
  /** Sends what is still on its way. */
  readonly sendTheRest: () => Promise<void>
}

const digits = 9

export function createDelivery(options: {
  readonly district: District
  readonly seed: number
  readonly gateways: readonly Gateway[]
  readonly faults: Faults
  readonly exchange: Exchange
  readonly auditor: Auditor
  readonly numbers: MarketNumbers
  readonly first: number
  readonly tally: Tally
  readonly live?: () => Promise<LiveFaults>
  /** What the devices behind the meters say, where anybody is told. */
  readonly telemetry?: Telemetry
}): Delivery {
  const { district, seed, gateways, faults, exchange, auditor, numbers, first, tally } = options
  const meters = district.sites.map((_, i) =>
    createMeter({ ...installed(seed, i), lieBasisPoints: faults.lieBasisPoints(i) }),
  )
  const main = createMainMeter()
  const underWay = new UnderWay<SignedBatch>()
  const answered = new Set<string>()

  const submit = async (batch: SignedBatch): Promise<void> => {
    const { outcomes } = await exchange.submitReadings(batch)
    tally.batches += 1
    // Asked of ourselves: where the first answer was lost, the one to its repetition is the first.
    if (answered.has(batch.id)) count(tally.readings, 'repeated', batch.readings.length)
    else takeOutcomes(tally, auditor, batch, outcomes)
    answered.add(batch.id)
  }

  const sendDue = async (until: number, broken: LiveFaults): Promise<void> => {
    for (const batch of underWay.arrived(until, broken)) await submit(batch)
  }

  return {
    deliver(n, agents) {
      const flows = agents.map((agent, i) => {
        const loadWh = district.series.loadWh[i]?.[n] ?? 0
        const pvWh = district.series.pvWh[i]?.[n] ?? 0
        const flow = agent.deliver(n, { loadWh, pvWh })
        meters[i]?.count(flow)
        main.count(flow)
        const contracted = tally.contracted.get(`${district.sites[i]?.name}/${n}`) ?? 0
        tallyFlow(tally, flow, loadWh, pvWh, contracted)
        return flow
      })
      main.next()
      options.telemetry?.count(n, flows, agents)
      tally.mainNetImportWh = main.netImportWh()
      tally.flows.sharedWh += sharedWh(flows)
      return flows
    },
    async send(n) {
      const broken = (await options.live?.()) ?? nothingBroken
      for (const [g, gateway] of gateways.entries()) {
        const arrivals = faults.arrivals(g, n)
        if (arrivals.length === 0) continue
        arrivals.forEach((delay, copy) => {
          // Every other copy is a new message of the gateway, the rest are echoes of the network.
          const attempt = copy > 0 && n % 2 === 0 ? copy : 0
          const batch = readBatch(gateway, first + n, attempt, { district, seed, numbers, meters })
          underWay.send(g, n + delay, batch, broken)
        })
      }
      await options.telemetry?.send(n, broken.isSilent)
      await sendDue(n, broken)
    },
    sendTheRest: () => sendDue(Number.POSITIVE_INFINITY, nothingBroken),
  }
}

/**
 * Nine digits of watt-hours, at some reading: meters are older than the market. One in twenty is
 * about to begin again at zero.
 */
function installed(seed: number, site: number) {
  const draw = random(seed, 'meter', site)
  const modulus = 10 ** digits
  const isNearlyRound = site % 20 === 7
  const importWh = isNearlyRound ? modulus - 1 - draw.integer(20_000) : draw.integer(modulus / 2)
  return { digits, initial: { importWh, exportWh: draw.integer(modulus / 10) } }
}

function readBatch(
  gateway: Gateway,
  boundary: number,
  attempt: number,
  from: {
    readonly district: District
    readonly seed: number
    readonly numbers: MarketNumbers
    readonly meters: readonly SmartMeter[]
  },
): SignedBatch {
  const { district, seed, numbers, meters } = from
  const number = numbers.gateways.get(gateway.name)
  if (number === undefined) throw new RangeError(`${gateway.name} has not been registered`)
  const readings = gateway.sites.flatMap((site) => {
    const meter = numbers.meters.get(district.sites[site]?.name ?? '')
    const registers = meters[site]?.reported()
    if (meter === undefined || registers === undefined) return []
    return [{ meter, boundary, version: 0, ...registers }]
  })
  const batch = { gateway: number, boundary, attempt, readings }
  return signBatch(numbers.domain, seed, gateway.key, batch)
}

function tallyFlow(
  tally: Tally,
  flow: Flow,
  loadWh: number,
  pvWh: number,
  contractedWh: number,
): void {
  const { flows } = tally
  flows.loadWh += loadWh
  flows.pvWh += pvWh
  flows.importWh += flow.importWh
  flows.exportWh += flow.exportWh
  flows.lostWh += flow.lostWh
  flows.curtailedWh += flow.curtailedWh
  if (contractedWh !== 0) {
    tally.deviationWh += Math.abs(flow.exportWh - flow.importWh - contractedWh)
  }
}

/** What some sites gave while others took: it never left the district. */
function sharedWh(flows: readonly Flow[]): number {
  const given = flows.reduce((sum, flow) => sum + flow.exportWh, 0)
  const taken = flows.reduce((sum, flow) => sum + flow.importWh, 0)
  return Math.min(given, taken)
}

function takeOutcomes(
  tally: Tally,
  auditor: Auditor,
  batch: SignedBatch,
  outcomes: BatchAnswer['outcomes'],
): void {
  batch.readings.forEach((reading, i) => {
    const answer = outcomes[i] ?? 'unanswered'
    count(tally.readings, answer, 1)
    auditor.read(reading, answer)
  })
}

function count(counts: Map<string, number>, name: string, times: number): void {
  counts.set(name, (counts.get(name) ?? 0) + times)
}
