/** The few instructions of WebAssembly 3.0 that the twin field is written in, and their bytes. */

/** WebAssembly's own interface, where the types of a platform do not bring it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: Record<string, unknown> }
  readonly validate: (bytes: Uint8Array) => boolean
}

const i32 = 0x7f
const v128 = 0x7b

/** Two lanes each: doubles, 64-bit integers, or bits. */
const vectorOps = {
  'v128.and': 0x4e,
  'v128.or': 0x50,
  'f64x2.splat': 0x14,
  'f64x2.nearest': 0x94,
  'f64x2.add': 0xf0,
  'f64x2.sub': 0xf1,
  'f64x2.mul': 0xf2,
  /** a·b + c. Rounded once on every processor of the last ten years; see `isFused`. */
  'f64x2.relaxed_madd': 0x107,
  'i64x2.splat': 0x12,
  'i64x2.shl': 0xcb,
  'i64x2.shr_s': 0xcc,
  'i64x2.add': 0xce,
  'i64x2.sub': 0xd1,
  'i64x2.mul': 0xd5,
} as const

export type VectorOp = keyof typeof vectorOps

function unsigned(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  do {
    const low = rest & 0x7f
    rest >>>= 7
    bytes.push(rest === 0 ? low : low | 0x80)
  } while (rest !== 0)
  return bytes
}

function signed(value: bigint): number[] {
  const bytes: number[] = []
  let rest = value
  for (;;) {
    const low = Number(rest & 0x7fn)
    rest >>= 7n
    const isLast = (rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0)
    bytes.push(isLast ? low : low | 0x80)
    if (isLast) return bytes
  }
}

const vector = <T>(items: readonly T[], encode: (item: T) => readonly number[]): number[] => [
  ...unsigned(items.length),
  ...items.flatMap(encode),
]

/** An address: a parameter, or the start of memory, and so many bytes on. */
export type Place = { readonly base: number | null; readonly offset: number }

/** The body of one function: parameters are addresses, local variables are vectors. */
export class FunctionCode {
  readonly name: string
  readonly parameters: number
  readonly #bytes: number[] = []
  #vectors = 0

  constructor(name: string, parameters: number) {
    this.name = name
    this.parameters = parameters
  }

  parameter(index: number): Place {
    return { base: index, offset: 0 }
  }

  local(): number {
    this.#vectors += 1
    return this.parameters + this.#vectors - 1
  }

  op(name: VectorOp): this {
    this.#bytes.push(0xfd, ...unsigned(vectorOps[name]))
    return this
  }

  get(local: number): this {
    this.#bytes.push(0x20, ...unsigned(local))
    return this
  }

  set(local: number): this {
    this.#bytes.push(0x21, ...unsigned(local))
    return this
  }

  tee(local: number): this {
    this.#bytes.push(0x22, ...unsigned(local))
    return this
  }

  /** A 64-bit integer, in both lanes. */
  integers(value: bigint): this {
    this.#bytes.push(0x42, ...signed(BigInt.asIntN(64, value)))
    return this.op('i64x2.splat')
  }

  doubles(value: number): this {
    const bytes = new Uint8Array(Float64Array.of(value).buffer)
    this.#bytes.push(0x44, ...bytes)
    return this.op('f64x2.splat')
  }

  /** Shifts the vector on the stack by so many bits. */
  shift(name: 'i64x2.shl' | 'i64x2.shr_s', bits: number): this {
    this.#bytes.push(0x41, ...signed(BigInt(bits)))
    return this.op(name)
  }

  address({ base, offset }: Place): this {
    if (base === null) {
      this.#bytes.push(0x41, ...signed(BigInt(offset)))
      return this
    }
    this.get(base)
    if (offset > 0) this.#bytes.push(0x41, ...signed(BigInt(offset)), 0x6a)
    return this
  }

  load({ base, offset }: Place): this {
    this.address({ base, offset: base === null ? offset : 0 })
    this.#bytes.push(0xfd, 0x00, 4, ...unsigned(base === null ? 0 : offset))
    return this
  }

  /** Stores the vector in a local variable. */
  store({ base, offset }: Place, local: number): this {
    this.address({ base, offset: base === null ? offset : 0 }).get(local)
    this.#bytes.push(0xfd, 0x0b, 4, ...unsigned(base === null ? 0 : offset))
    return this
  }

  call(index: number, places: readonly Place[]): this {
    for (const place of places) this.address(place)
    this.#bytes.push(0x10, ...unsigned(index))
    return this
  }

  encoded(): number[] {
    const body = [...unsigned(1), ...unsigned(this.#vectors), v128, ...this.#bytes, 0x0b]
    return [...unsigned(body.length), ...body]
  }
}

/** A module of these functions, all of them and `memory` exported under their names. */
export function moduleBytes(functions: readonly FunctionCode[], pages: number): Uint8Array {
  const section = (id: number, content: readonly number[]): number[] => [
    id,
    ...unsigned(content.length),
    ...content,
  ]
  const text = (name: string): number[] => vector([...name], (one) => [one.charCodeAt(0)])
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      vector(functions, ({ parameters }) => [
        0x60,
        ...vector(new Array<number>(parameters).fill(i32), (type) => [type]),
        0,
      ]),
    ),
    ...section(3, vector([...functions.keys()], unsigned)),
    ...section(5, [1, 1, ...unsigned(pages), ...unsigned(pages)]),
    ...section(7, [
      ...unsigned(functions.length + 1),
      ...functions.flatMap(({ name }, i) => [...text(name), 0, ...unsigned(i)]),
      ...text('memory'),
      2,
      0,
    ]),
    ...section(10, vector(functions, (one) => one.encoded())),
  ])
}

/** Compiles a module; null where the platform does not know its instructions. */
export function compile(bytes: Uint8Array): (() => Record<string, unknown>) | null {
  if (typeof WebAssembly === 'undefined' || !WebAssembly.validate(bytes)) return null
  const module = new WebAssembly.Module(bytes)
  return () => new WebAssembly.Instance(module).exports
}
