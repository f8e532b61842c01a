/** The few instructions of WebAssembly 3.0 that the twin field is written in, and their bytes. */
import { FunctionCode, type LocalKind, signed, unsigned } from '../../wasm/index.ts'

const vectors: LocalKind = {
  type: 0x7b,
  load: [0xfd, 0x00],
  store: [0xfd, 0x0b],
  alignment: 4,
}

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

/** The body of one function whose local variables are vectors. */
export class VectorCode extends FunctionCode {
  constructor(name: string, parameters: number) {
    super(name, parameters, vectors)
  }

  op(name: VectorOp): this {
    return this.push(0xfd, ...unsigned(vectorOps[name]))
  }

  /** A 64-bit integer, in both lanes. */
  integers(value: bigint): this {
    return this.push(0x42, ...signed(BigInt.asIntN(64, value))).op('i64x2.splat')
  }

  doubles(value: number): this {
    const bytes = new Uint8Array(Float64Array.of(value).buffer)
    return this.push(0x44, ...bytes).op('f64x2.splat')
  }

  /** Shifts the vector on the stack by so many bits. */
  shift(name: 'i64x2.shl' | 'i64x2.shr_s', bits: number): this {
    return this.push(0x41, ...signed(BigInt(bits))).op(name)
  }
}
