import type { StreamEvent as WireEvent } from '@busbar/protocols/api'
import type { StreamEvent } from '../app/ports/stream-event.ts'
import { jsonInteger } from './json-numbers.ts'
import { nullable } from './mapping.ts'

export function eventJson(event: StreamEvent): WireEvent {
  switch (event.kind) {
    case 'clock': {
      const { nowMs, interval } = event
      return { name: event.kind, data: { nowMs, interval } }
    }
    case 'interval_cleared': {
      const { zone, interval } = event
      const priceMicrosPerKwh = nullable(event.price, 'priceMicrosPerKwh')
      const energyWh = jsonInteger(event.energy, 'energyWh')
      return { name: event.kind, data: { zone, interval, priceMicrosPerKwh, energyWh } }
    }
    case 'orders_fixed': {
      const { zone, interval, orderCount } = event
      return { name: event.kind, data: { zone, interval, orderCount } }
    }
    case 'interval_proven': {
      const { zone, interval, state } = event
      return { name: event.kind, data: { zone, interval, state } }
    }
    case 'run_posted': {
      const { zone, interval, run, runKind } = event
      return { name: event.kind, data: { zone, interval, run, runKind } }
    }
    case 'interval_committed': {
      const { zone, interval, txHash } = event
      return { name: event.kind, data: { zone, interval, txHash } }
    }
    case 'run_final': {
      const { zone, interval, run, txHash } = event
      return { name: event.kind, data: { zone, interval, run, txHash } }
    }
    case 'deposit':
    case 'withdrawal': {
      const amountMicros = jsonInteger(event.amount, 'amountMicros')
      return { name: event.kind, data: { account: event.account, amountMicros } }
    }
    case 'withdrawal_final':
      return { name: event.kind, data: { account: event.account, txHash: event.txHash } }
    case 'board_changed':
      return { name: event.kind, data: { offer: event.offer } }
    case 'participant_admitted':
    case 'participant_suspended':
    case 'participant_reinstated':
      return { name: event.kind, data: { account: event.account } }
    case 'rulebook_scheduled':
    case 'committee_appointed':
      return { name: event.kind, data: { fromInterval: event.fromInterval } }
    case 'proposal_changed':
      return { name: event.kind, data: { proposal: event.proposal, status: event.status } }
  }
}
