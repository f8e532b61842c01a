import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fieldOrder, SetTree } from '@busbar/protocols/sealed-orders'
import { Noir } from '@noir-lang/noir_js'
import { circuitsFolder, compileFolder } from '../circuit.ts'
import type { Cut, JoinInput, PartInput } from '../parts.ts'
import { inputsOf, type Numbers } from '../solve.ts'

/** Sets of up to sixteen orders, in parts of four: the circuits of large sets, solved at once. */
export const smallCut: Cut = {
  slots: 4,
  parts: 4,
  partRoot: (leaves) => new SetTree(leaves).root,
}

export type PartsInput = { parts: PartInput[]; join: JoinInput }

type Accepts<T> = (input: T) => Promise<boolean>

export type SmallParts = { readonly part: Accepts<PartInput>; readonly join: Accepts<JoinInput> }

const files = {
  'clearing-part': ['parts/src/slot.nr', 'clearing-part/src/main.nr'],
  'clearing-join': ['parts/src/terms.nr', 'parts/src/join.nr', 'clearing-join/src/main.nr'],
} as const

type Circuit = keyof typeof files

const read = (file: string): string => readFileSync(join(circuitsFolder, file), 'utf8')

/** The constraints by their marks, and the circuit that each is in. */
export const partMarks: ReadonlyMap<string, Circuit> = new Map(
  (['clearing-part', 'clearing-join'] as const).flatMap((circuit) =>
    files[circuit].flatMap((file) =>
      [...read(file).matchAll(/; \/\/ @([a-z-]+)$/gm)].map(([, mark = '']) => [mark, circuit]),
    ),
  ) as [string, Circuit][],
)

/** Four slots where the sources say 4,096, four parts where they say 16. */
export function small(source: string): string {
  const root = 'root(leaves: [Field; SLOTS]) -> Field {'
  const [head = '', tail] = source.split(root)
  const cut = head
    .replace('SLOTS: u32 = 4096', 'SLOTS: u32 = 4')
    .replace('rule::hash::{node, row}', 'rule::hash::{empty_node, empty_part, node_of_some}')
    .replace('Parts<16>', 'Parts<4>')
    .replace('used: [Field; 16]', 'used: [Field; 4]')
    .replace('assert_join(4096,', 'assert_join(4,')
  const levels =
    'node_of_some([node_of_some([node_of_some(leaves, 0)], empty_node())], empty_part())'
  return tail === undefined ? cut : `${cut}${root}\n    ${levels}\n}\n`
}

/** @param without the mark of a constraint that is left out: a planted bug. */
export async function smallPart(circuit: Circuit, without?: string): Promise<Accepts<Numbers>> {
  const folder = mkdtempSync(join(tmpdir(), 'busbar-parts-'))
  try {
    for (const part of ['rule', 'parts', circuit]) {
      cpSync(join(circuitsFolder, part), join(folder, part), { recursive: true })
    }
    for (const file of files[circuit]) {
      const lines = small(read(file)).split('\n')
      writeFileSync(
        join(folder, file),
        lines.filter((line) => !line.endsWith(`// @${without}`)).join('\n'),
      )
    }
    const noir = new Noir((await compileFolder(join(folder, circuit))) as never)
    return (input) =>
      noir.execute(inputsOf(modulo(input) as { [name: string]: Numbers })).then(
        () => true,
        (error: unknown) => {
          if (/Cannot satisfy|Failed|bit size/i.test(String(error))) return false
          throw error
        },
      )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** An attack may count below zero, as the field does. */
export function modulo(value: Numbers): Numbers {
  if (typeof value === 'bigint') return ((value % fieldOrder) + fieldOrder) % fieldOrder
  if (Array.isArray(value)) return value.map(modulo)
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, modulo(inner)]))
}
