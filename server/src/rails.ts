import type { OutsideRail } from '@busbar/core/payments'
import { toleranceMsDefault } from '@busbar/protocols/payment-provider'
import { MoneyBlock } from './adapters/rails/money-block.ts'
import { MoneyBlockDoor } from './adapters/rails/money-block-door.ts'
import type { RailDoors } from './app/payments/notice-desk.ts'
import type { Rails } from './app/payments/payment-worker.ts'
import type { RailsConfig } from './rails-file.ts'

export type JoinedRails = {
  readonly rails: Rails
  readonly doors: RailDoors
  readonly offered: ReadonlySet<OutsideRail>
}

/** Puts the rails together that a server is set up for. Asks nobody anything yet. */
export function joinRails({ moneyBlock }: RailsConfig, market: string): JoinedRails {
  const offered = new Set<OutsideRail>()
  let [rails, doors]: [Rails, RailDoors] = [{}, {}]
  if (moneyBlock !== undefined) {
    const { url, apiKey, deadlineMs, webhookSecrets: secrets } = moneyBlock
    rails = { ...rails, 'money-block': new MoneyBlock({ market, url, apiKey, deadlineMs }) }
    const door = new MoneyBlockDoor({ market, secrets, toleranceMs: toleranceMsDefault })
    doors = { ...doors, 'money-block': door }
    offered.add('money-block')
  }
  return { rails, doors, offered }
}
