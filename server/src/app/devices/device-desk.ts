import { currentInterval, intervalMilliseconds, participantOf } from '@busbar/core/exchange'
import {
  deviceLimits,
  type DeviceSeries,
  type SignedDeviceReadingBatch,
} from '@busbar/protocols/api'
import { deviceBatchToSign } from '@busbar/protocols/device-readings'
import type { Domain } from '@busbar/protocols/eip712'
import { bytesToHex, hexToBytes } from '@busbar/protocols/hash'
import type { Lane } from '../lane.ts'
import type { Clock } from '../ports/clock.ts'
import type { DeviceService, DeviceSubmission } from '../ports/device-service.ts'
import type { DeviceBook, StoredDeviceReading } from '../ports/devices.ts'
import type { SignatureVerifier } from '../ports/signatures.ts'
import { deviceKey, KnownDevices, readingKey } from './device-judge.ts'
import { devicesOf, deviceSeries } from './device-series.ts'

type Judged = {
  readonly batch: SignedDeviceReadingBatch
  /** Undefined where it is refused as a whole. */
  readonly digest: string | undefined
  readonly refusal: DeviceSubmission | undefined
}

const refused = (
  reason: Extract<DeviceSubmission, { kind: 'rejected' }>['reason'],
  field: string,
): DeviceSubmission => ({ kind: 'rejected', reason, field })

const dayMs = 86_400_000

/**
 * What stands behind the meters of homes. It reads the state and changes none: no command comes of
 * it, no entry of the journal, no money.
 */
export class DeviceDesk implements DeviceService {
  readonly #lane: Pick<Lane, 'state'>
  readonly #clock: Pick<Clock, 'now'>
  readonly #domain: Domain
  readonly #verifier: SignatureVerifier
  readonly #book: DeviceBook
  /** One request after the other: each is judged by what the one before has left. */
  #queue: Promise<unknown> = Promise.resolve()

  constructor(parts: {
    readonly lane: Pick<Lane, 'state'>
    readonly clock: Pick<Clock, 'now'>
    readonly domain: Domain
    readonly verifier: SignatureVerifier
    readonly book: DeviceBook
  }) {
    this.#lane = parts.lane
    this.#clock = parts.clock
    this.#domain = parts.domain
    this.#verifier = parts.verifier
    this.#book = parts.book
  }

  submit(batches: readonly SignedDeviceReadingBatch[]): Promise<readonly DeviceSubmission[]> {
    const answers = this.#queue.then(() => this.#take(batches))
    this.#queue = answers.catch(() => undefined)
    return answers
  }

  async series(
    account: number,
    from: number,
    intervals: number,
  ): Promise<DeviceSeries | undefined> {
    if (participantOf(this.#lane.state, account) === undefined) return undefined
    const newest = await this.#book.newest(devicesOf(account))
    const kept = await this.#book.list(account, from, from + intervals)
    return deviceSeries(account, { from, intervals }, kept, newest)
  }

  async #take(
    batches: readonly SignedDeviceReadingBatch[],
  ): Promise<readonly DeviceSubmission[]> {
    if (this.#lane.state.market === null) return batches.map(() => refused('market_not_open', ''))
    const judged: Judged[] = []
    for (const batch of batches) {
      // Signatures and trees are work: whoever else asks gets a turn between.
      if (judged.length > 0) await new Promise((resolve) => setImmediate(resolve))
      judged.push(this.#verified(batch))
    }
    const readings = judged.flatMap(({ batch, digest }) =>
      digest === undefined ? [] : batch.readings,
    )
    const known = await this.#known(readings)
    const { from, through } = this.#span()
    const answers = judged.map(({ batch, digest, refusal }): DeviceSubmission => {
      if (digest === undefined) return refusal ?? refused('signature_invalid', 'signature')
      const terms = { accounts: this.#accountsOf(batch.gateway), from, through }
      const outcomes = batch.readings.map((reading) => known.judge(reading, terms))
      return { kind: 'accepted', digest, outcomes }
    })
    const taken = known.taken()
    if (taken.length === 0) return answers
    await this.#book.put(taken)
    // More than came: so the table never holds more than is kept, however late it was emptied.
    await this.#book.removeBefore(from, 2 * taken.length + 1_000)
    return answers
  }

  #verified(batch: SignedDeviceReadingBatch): Judged {
    const { state } = this.#lane
    const gateway = state.gateways[batch.gateway]
    const not = (refusal: DeviceSubmission): Judged => ({ batch, digest: undefined, refusal })
    if (gateway === undefined) return not(refused('gateway_unknown', 'gateway'))
    if (participantOf(state, gateway.owner)?.status !== 'active') {
      return not(refused('account_suspended', 'gateway'))
    }
    const { digest } = deviceBatchToSign(this.#domain, batch)
    const key = hexToBytes(gateway.publicKey)
    const signature = hexToBytes(batch.signature)
    const isValid =
      gateway.curve === 'p256'
        ? this.#verifier.verifyP256(key, digest, signature)
        : this.#verifier.verifySecp256k1(key, digest, signature)
    if (!isValid) return not(refused('signature_invalid', 'signature'))
    return { batch, digest: bytesToHex(digest), refusal: undefined }
  }

  /** Whose meters a gateway reads: of nobody else it may tell anything. */
  #accountsOf(gateway: number): ReadonlySet<number> {
    const { meters } = this.#lane.state
    return new Set(
      meters.flatMap((meter) => (meter.gateway === gateway ? [meter.account] : [])),
    )
  }

  #span(): { readonly from: number; readonly through: number } {
    const { state } = this.#lane
    const through = currentInterval(state, this.#clock.now())
    const kept = Math.ceil((deviceLimits.keptDays * dayMs) / intervalMilliseconds(state))
    return { from: Math.max(0, through - kept), through }
  }

  async #known(readings: readonly StoredDeviceReading[]): Promise<KnownDevices> {
    if (readings.length === 0) return new KnownDevices([], [])
    const devices = new Map(readings.map((one) => [deviceKey(one), one]))
    const keys = new Map(readings.map((one) => [readingKey(one), one]))
    const newest = await this.#book.newest([...devices.values()])
    return new KnownDevices(newest, await this.#book.at([...keys.values()]))
  }
}
