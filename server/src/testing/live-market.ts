/** A market of two homes on a real server, spoken to as its participants do. */
import {
  type BusbarClient,
  credentialOf,
  GatewaySigner,
  type KeptOrder,
  sealingTerms,
  Signer,
  withPrivateKey,
} from '@busbar/client'
import type { InstructionContent, InstructionKind, Opening } from '@busbar/core/exchange'
import type { Role } from '@busbar/core/registry'
import { derToCash, type Rulebook } from '@busbar/core/rulebook'
import type { Receipt } from '@busbar/protocols/api'
import { addressOf, publicKeyOf, publicKeyOfP256, signDigestP256 } from '@busbar/protocols/eip712'
import { bytesToHex, keccak256, textToBytes } from '@busbar/protocols/hash'
import type { TestCommittee } from './committee-members.ts'

const lengthMs = derToCash.intervalSeconds * 1_000
export const startMs = Date.UTC(2026, 5, 1, 10)
export const openAtMs = startMs - lengthMs
export const first = startMs / lengthMs
export const liveRulebook: Rulebook = { ...derToCash, name: 'sealed-test', finalAfterIntervals: 2 }

const names = [
  'operator', 'bank', 'retailer', 'balance', 'grid', 'prover', 'auditor', 'alice', 'bob',
] as const
export type Name = (typeof names)[number]
export const accountOf = (name: Name): number => 3 + names.indexOf(name)
/** What signs for a participant. */
export const liveKeyOf = (name: Name): Uint8Array => secretOf(name)
const secretOf = (name: string): Uint8Array => keccak256(textToBytes(`sealed server: ${name}`))
const rolesOf: Readonly<Record<Name, readonly Role[]>> = {
  operator: ['operator', 'authority'],
  bank: ['bank'],
  retailer: ['retailer'],
  balance: ['balancing-authority'],
  grid: ['distribution-utility'],
  prover: ['prover'],
  auditor: ['auditor'],
  alice: ['prosumer'],
  bob: ['prosumer'],
}

export const participant = (name: Name) => {
  const publicKey = publicKeyOf(secretOf(name))
  const retailer = name === 'alice' || name === 'bob' ? accountOf('retailer') : null
  const keys = { publicKey: bytesToHex(publicKey), address: addressOf(publicKey) }
  return { name, roles: rolesOf[name], retailer, ...keys }
}

export class LiveMarket {
  readonly client: BusbarClient

  constructor(client: BusbarClient) {
    this.client = client
  }

  async signerOf(name: Name): Promise<Signer> {
    const domain = await this.client.domain()
    const sign = withPrivateKey(secretOf(name))
    return new Signer({ domain, account: accountOf(name), sign })
  }

  async as(name: Name): Promise<BusbarClient> {
    return this.client.as(credentialOf(await this.signerOf(name)))
  }

  async instruct<Kind extends InstructionKind>(
    name: Name,
    kind: Kind,
    content: InstructionContent[Kind],
  ): Promise<void> {
    await this.client.instruct(await (await this.signerOf(name)).instruction(kind, content))
  }

  /** Everybody admitted, two homes with meters, money in their accounts, a committee appointed. */
  async prepare({ appointment }: TestCommittee): Promise<void> {
    for (const name of names.slice(1)) {
      await this.instruct('operator', 'admit_participant', participant(name))
    }
    const tariff = { retailMicrosPerKwh: 300_000, feedInMicrosPerKwh: 80_000 }
    await this.instruct('retailer', 'set_tariff', { fromInterval: first, ...tariff })
    const zone = { name: 'street', parent: null, bridgeWatts: 0 }
    await this.instruct('operator', 'register_zone', zone)
    const publicKey = bytesToHex(publicKeyOfP256(secretOf('gateway')))
    const gateway = { name: 'gateway', curve: 'p256', owner: accountOf('grid') } as const
    await this.instruct('operator', 'register_gateway', { ...gateway, publicKey })
    for (const name of ['alice', 'bob'] as const) {
      await this.instruct('grid', 'register_meter', {
        ...{ name, kind: 'physical', account: accountOf(name), zone: 0, gateway: 0 },
        ...{ importWattsMax: 12_000, exportWattsMax: 12_000, digits: 9 },
      })
    }
    const deposits = (['retailer', 'balance', 'alice', 'bob'] as const).map((name) => ({
      ...{ account: accountOf(name), amountMicros: 50_000_000 },
    }))
    await this.instruct('bank', 'fund_accounts', { deposits })
    await this.instruct('operator', 'appoint_committee', { fromInterval: 0, ...appointment })
    await this.#deposited()
  }

  async #deposited(): Promise<void> {
    for (let turn = 0; turn < 200; turn += 1) {
      await this.client.setClock((await this.client.market()).clock.nowMs)
      const { balanceMicros } = await (await this.as('bob')).account(accountOf('bob'))
      if (balanceMicros > 0) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error('the deposits did not come')
  }

  /** To `seconds` after the start of an interval counted from the first. */
  async to(interval: number, seconds = 0): Promise<void> {
    await this.client.setClock(startMs + interval * lengthMs + seconds * 1_000)
  }

  async place(
    name: 'alice' | 'bob',
    order: Pick<Opening, 'side' | 'energyWh' | 'limitMicrosPerKwh'>,
    interval = first,
  ): Promise<{ readonly kept: KeptOrder; readonly receipt: Receipt }> {
    const terms = sealingTerms(await this.client.market(), { zone: 0, interval })
    const rest = { meter: name === 'alice' ? 0 : 1, collateralMicros: 5_000_000 }
    const sealed = await (await this.signerOf(name)).sealedOrder(terms, { ...rest, ...order })
    const { receipt } = await this.client.placeSealedOrder(sealed.order)
    return { kept: sealed.kept, receipt }
  }

  /** What the two meters show at a boundary counted from the first interval. */
  async read(boundary: number, exportedWh: number, importedWh: number): Promise<void> {
    const sign = withPrivateKey(secretOf('gateway'), signDigestP256)
    const gateway = new GatewaySigner({ domain: await this.client.domain(), gateway: 0, sign })
    const at = { boundary: first + boundary, version: 0 }
    const readings = [
      { meter: 0, ...at, importWh: 0, exportWh: exportedWh },
      { meter: 1, ...at, importWh: importedWh, exportWh: 0 },
    ]
    await this.client.sendReadings(await gateway.readings(readings))
  }
}
