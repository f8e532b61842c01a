import { unsigned } from './binary.ts'
import type { FunctionCode } from './function-code.ts'

/** WebAssembly's own interface, where the types of a platform do not bring it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: Record<string, unknown> }
  readonly validate: (bytes: Uint8Array) => boolean
}

const i32 = 0x7f

const vector = <T>(items: readonly T[], encode: (item: T) => readonly number[]): number[] => [
  ...unsigned(items.length),
  ...items.flatMap(encode),
]

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
