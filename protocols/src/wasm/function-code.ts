import { signed, unsigned } from './binary.ts'

/** An address: a parameter, or the start of memory, and so many bytes on. */
export type Place = { readonly base: number | null; readonly offset: number }

/** What the local variables of a function are, and how memory holds one. */
export type LocalKind = {
  readonly type: number
  readonly load: readonly number[]
  readonly store: readonly number[]
  /** The exponent of 2 that addresses are a multiple of. */
  readonly alignment: number
}

/** The body of one function: parameters are addresses, local variables are all of one kind. */
export class FunctionCode {
  readonly name: string
  readonly parameters: number
  readonly #kind: LocalKind
  readonly #bytes: number[] = []
  #locals = 0

  constructor(name: string, parameters: number, kind: LocalKind) {
    this.name = name
    this.parameters = parameters
    this.#kind = kind
  }

  parameter(index: number): Place {
    return { base: index, offset: 0 }
  }

  local(): number {
    this.#locals += 1
    return this.parameters + this.#locals - 1
  }

  /** Adds instructions as they are encoded. */
  push(...bytes: readonly number[]): this {
    this.#bytes.push(...bytes)
    return this
  }

  get(local: number): this {
    return this.push(0x20, ...unsigned(local))
  }

  set(local: number): this {
    return this.push(0x21, ...unsigned(local))
  }

  tee(local: number): this {
    return this.push(0x22, ...unsigned(local))
  }

  address({ base, offset }: Place): this {
    if (base === null) return this.push(0x41, ...signed(BigInt(offset)))
    this.get(base)
    return offset > 0 ? this.push(0x41, ...signed(BigInt(offset)), 0x6a) : this
  }

  load(place: Place): this {
    return this.#based(place).#at(this.#kind.load, place)
  }

  /** Stores the local variable. */
  store(place: Place, local: number): this {
    return this.#based(place).get(local).#at(this.#kind.store, place)
  }

  #based({ base, offset }: Place): this {
    return this.address({ base, offset: base === null ? offset : 0 })
  }

  #at(op: readonly number[], { base, offset }: Place): this {
    return this.push(...op, this.#kind.alignment, ...unsigned(base === null ? 0 : offset))
  }

  call(index: number, places: readonly Place[]): this {
    for (const place of places) this.address(place)
    return this.push(0x10, ...unsigned(index))
  }

  /** Its locals and instructions, with their length. */
  encoded(): number[] {
    const locals = [...unsigned(1), ...unsigned(this.#locals), this.#kind.type]
    const body = [...locals, ...this.#bytes, 0x0b]
    return [...unsigned(body.length), ...body]
  }
}
