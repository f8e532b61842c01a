import { type FaultSwitch, faultSwitches } from '@busbar/protocols/api'
import type { Outbox } from '../ports/outbox.ts'

/** What is broken on purpose, in a market that is brought up to be looked at. */
export class FaultSwitches {
  readonly #isProving: () => boolean
  #on: readonly FaultSwitch[] = []

  /** @param isProving whether clearings of this market are proven at all */
  constructor(isProving: () => boolean = () => true) {
    this.#isProving = isProving
  }

  /** Undefined where nothing may be broken. */
  static where(
    isAllowed: boolean | undefined,
    isProving: () => boolean,
  ): FaultSwitches | undefined {
    return isAllowed === true ? new FaultSwitches(isProving) : undefined
  }

  /** A switch that would change nothing is none: of a prover only where something is proven. */
  get offered(): readonly FaultSwitch[] {
    return faultSwitches.filter((one) => one !== 'prover_off' || this.#isProving())
  }

  get on(): readonly FaultSwitch[] {
    return this.#on
  }

  /** The others stay as they are. */
  turn(one: FaultSwitch, isOn: boolean): void {
    const others = this.#on.filter((other) => other !== one)
    this.#on = isOn ? [...others, one].sort() : others
  }

  has(one: FaultSwitch): boolean {
    return this.#on.includes(one)
  }
}

const chainSlowMs = 5_000

/** While the chain is slow on purpose, what waits for it is looked up so much later. */
export function slowedOutbox(outbox: Outbox, faults: FaultSwitches | undefined): Outbox {
  if (faults === undefined) return outbox
  return new Proxy(outbox, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      const method = value.bind(target) as (...given: unknown[]) => unknown
      if (name !== 'unfinished') return method
      return async (...given: unknown[]) => {
        if (faults.has('chain_slow')) {
          await new Promise((resolve) => setTimeout(resolve, chainSlowMs))
        }
        return method(...given)
      }
    },
  })
}
