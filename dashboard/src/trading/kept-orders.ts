import type { KeptOrder } from '@busbar/client'
import type { Receipt } from '@busbar/protocols/api'

/** An order that was placed from this device, with what opens it where it is sealed. */
export type PlacedOrder = {
  readonly market: string
  readonly account: number
  /** The command's id. */
  readonly id: string
  readonly zone: number
  readonly interval: number
  readonly meter: number
  readonly side: 'buy' | 'sell'
  readonly energyWh: number
  readonly limitMicrosPerKwh: number
  /** Null for an open order, which the exchange knows. */
  readonly kept: KeptOrder | null
  /** The exchange's signature that it took a sealed order: with it an omission can be shown. */
  readonly receipt?: Receipt
}

const databaseName = 'busbar'
const storeName = 'orders'
const version = 1

/** So many of an account stay: those of some days. */
const keptMax = 500

/**
 * Orders of this device, in its own database: a sealed order tells nobody what it is before its
 * gate, so only who keeps its opening can say later what it was and what it got.
 */
export class PlacedOrders {
  readonly #open: () => IDBOpenDBRequest
  #database: Promise<IDBDatabase> | undefined

  constructor(factory: IDBFactory) {
    this.#open = () => factory.open(databaseName, version)
  }

  /** Kept before it is sent: an answer may get lost. */
  async keep(order: PlacedOrder): Promise<void> {
    const store = await this.#store('readwrite')
    await done(store.put(order))
    const own = await this.of(order.market, order.account)
    const old = own.slice(keptMax)
    const emptying = await this.#store('readwrite')
    await Promise.all(old.map(({ market, account, id }) =>
      done(emptying.delete([market, account, id]))))
  }

  /** Of an order that was refused there is nothing to be opened. */
  async forget({ market, account, id }: PlacedOrder): Promise<void> {
    const store = await this.#store('readwrite')
    await done(store.delete([market, account, id]))
  }

  /** All of an account, for good: of another account nothing is touched. */
  async forgetAll(market: string, account: number): Promise<void> {
    const store = await this.#store('readwrite')
    await done(store.delete(ofAccount(market, account)))
  }

  /** The newest intervals first. */
  async of(market: string, account: number): Promise<readonly PlacedOrder[]> {
    const store = await this.#store('readonly')
    const found = (await done(store.getAll(ofAccount(market, account)))) as PlacedOrder[]
    return found.sort((a, b) => b.interval - a.interval || (a.id < b.id ? -1 : 1))
  }

  async #store(mode: IDBTransactionMode): Promise<IDBObjectStore> {
    this.#database ??= this.#opened()
    return (await this.#database).transaction(storeName, mode).objectStore(storeName)
  }

  async #opened(): Promise<IDBDatabase> {
    const request = this.#open()
    request.onupgradeneeded = () => {
      request.result.createObjectStore(storeName, { keyPath: ['market', 'account', 'id'] })
    }
    return done(request)
  }
}

const ofAccount = (market: string, account: number): IDBKeyRange =>
  IDBKeyRange.bound([market, account], [market, account, []])

function done<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('the database of the device failed'))
  })
}
