import { createPrivateKey, type KeyObject } from 'node:crypto'
import { Fault } from '@busbar/core/errors'
import type { OutsideRail } from '@busbar/core/payments'
import { toleranceMsDefault } from '@busbar/protocols/payment-provider'
import { BankFolder, BankHttp } from './adapters/rails/bank-link.ts'
import { BankTransfers } from './adapters/rails/bank-transfers.ts'
import { BillDoor } from './adapters/rails/bill-door.ts'
import type { BillNaming } from './adapters/rails/bill-names.ts'
import { BillPresentment } from './adapters/rails/bill-presentment.ts'
import { peerKey } from './adapters/rails/bill-signature.ts'
import { MoneyBlock } from './adapters/rails/money-block.ts'
import { MoneyBlockDoor } from './adapters/rails/money-block-door.ts'
import type { RailDoors } from './app/payments/notice-desk.ts'
import type { Rails } from './app/payments/payment-worker.ts'
import type { RetailerTransfers } from './app/ports/transfers.ts'
import type {
  BankConfig,
  BillsConfig,
  MoneyBlockConfig,
  RailsConfig,
} from './settings/rails-file.ts'

export type JoinedRails = {
  readonly rails: Rails
  readonly doors: RailDoors
  readonly transfers: RetailerTransfers | undefined
  readonly offered: ReadonlySet<OutsideRail>
}

export type RailTerms = {
  readonly market: string
  readonly wallClock: () => number
  /** Of a payment's contract. */
  readonly platformOf: (payment: number) => number | null
}

/** Puts the rails together that a server is set up for. Asks nobody anything yet. */
export function joinRails({ moneyBlock, bills, bank }: RailsConfig, terms: RailTerms): JoinedRails {
  const parts: readonly { readonly rails: Rails; readonly doors: RailDoors }[] = [
    ...(moneyBlock === undefined ? [] : [moneyBlockParts(moneyBlock, terms)]),
    ...(bills === undefined ? [] : [billParts(bills, terms)]),
  ]
  const rails: Rails = Object.assign({}, ...parts.map((part) => part.rails))
  const doors: RailDoors = Object.assign({}, ...parts.map((part) => part.doors))
  const offered = new Set(Object.keys(rails) as OutsideRail[])
  if (bank !== undefined) offered.add('prepaid')
  return { rails, doors, transfers: bank === undefined ? undefined : transfersOf(bank), offered }
}

function moneyBlockParts(config: MoneyBlockConfig, { market }: RailTerms) {
  const { url, apiKey, deadlineMs, webhookSecrets: secrets } = config
  const door = new MoneyBlockDoor({ market, secrets, toleranceMs: toleranceMsDefault })
  const rail = new MoneyBlock({ market, url, apiKey, deadlineMs })
  return { rails: { 'money-block': rail }, doors: { 'money-block': door } }
}

function billParts(config: BillsConfig, { market, wallClock, platformOf }: RailTerms) {
  const { url, institution, network, currency, deadlineMs } = config
  const privateKey = keyIn('privateKey', () => createPrivateKey(config.privateKey))
  const networkKey = keyIn('networkKey', () => peerKey(config.networkKey))
  const peers = { url, institution, network, privateKey, networkKey, deadlineMs, now: wallClock }
  const naming = (biller: BillNaming['biller']): BillNaming => ({
    ...{ market, currency, biller },
    platformOf: ({ payment }) => {
      const account = platformOf(payment)
      return account === null ? null : { account, feeMicros: 0n }
    },
  })
  const rails: Rails = {
    'bill-seller': new BillPresentment({ ...peers, ...naming('seller') }),
    'bill-platform': new BillPresentment({ ...peers, ...naming('platform') }),
  }
  const door = new BillDoor({ ...naming('seller'), institution, network, networkKey })
  return { rails, doors: { bills: door } }
}

function keyIn(field: string, read: () => KeyObject): KeyObject {
  try {
    return read()
  } catch (cause) {
    const details = { variable: 'BUSBAR_RAILS', field: `bills.${field}`, limit: 'a key in PEM' }
    throw new Fault('CONFIG_INVALID', details, { cause })
  }
}

function transfersOf({ link, accounts, ...names }: BankConfig): RetailerTransfers {
  const bank = 'folder' in link ? new BankFolder(link.folder) : new BankHttp(link)
  return new BankTransfers({ ...names, bank, bankOf: (account) => accounts[account] })
}
