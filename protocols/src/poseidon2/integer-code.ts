import { FunctionCode, type LocalKind, signed } from '../wasm/index.ts'

const integers: LocalKind = { type: 0x7e, load: [0x29], store: [0x37], alignment: 3 }

const ops = { and: 0x83, or: 0x84, add: 0x7c, sub: 0x7d, mul: 0x7e } as const
const shifts = { left: 0x86, rightSigned: 0x87, right: 0x88 } as const

/** The body of one function whose local variables are 64-bit integers. */
export class IntegerCode extends FunctionCode {
  constructor(name: string, parameters: number) {
    super(name, parameters, integers)
  }

  locals(count: number): number[] {
    return Array.from({ length: count }, () => this.local())
  }

  integer(value: bigint): this {
    return this.push(0x42, ...signed(value))
  }

  op(name: keyof typeof ops): this {
    return this.push(ops[name])
  }

  /** Shifts the integer on the stack by so many bits. */
  shift(name: keyof typeof shifts, bits: number): this {
    return this.integer(BigInt(bits)).push(shifts[name])
  }
}
