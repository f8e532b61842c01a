import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Noir } from '@noir-lang/noir_js'
import { circuitsFolder, compileFolder } from '../circuit.ts'
import { type ClearingInput, inputMap } from '../witness.ts'

/** A clearing circuit for a few orders: the same rule as the large ones, solved in milliseconds. */
export type SmallCircuit = {
  readonly slots: number
  /** Whether the circuit takes these inputs: whether a proof of them could be made. */
  readonly accepts: (input: ClearingInput) => Promise<boolean>
}

export const smallSlots = 4

/** The constraints of the rule by their marks, each with its file: what a mutant leaves out. */
export const constraintMarks: readonly string[] = (() => {
  const files = ['rule/src/clearing.nr', 'clearing-64/src/main.nr']
  return files.flatMap((file) =>
    [...readFileSync(join(circuitsFolder, file), 'utf8').matchAll(/; \/\/ @([a-z0-9-]+)$/gm)].map(
      ([, mark = '']) => mark,
    ),
  )
})()

export const smallMain = `
use rule::clearing::{Advice, clear};
use rule::hash::{empty_node, empty_part, node_of_some};
use rule::order::Slot;

fn main(
    context: pub Field,
    orders_root: pub Field,
    fills_root: pub Field,
    header: pub Field,
    slots: [Slot; ${smallSlots}],
    advice: Advice,
) {
    let cleared = clear(context, slots, advice);
    assert(root(cleared.commitments) == orders_root); // @orders-root
    assert(root(cleared.fills) == fills_root); // @fills-root
    assert(cleared.header == header); // @header
}

fn root(leaves: [Field; ${smallSlots}]) -> Field {
    node_of_some([node_of_some([node_of_some(leaves, 0)], empty_node())], empty_part())
}
`

/**
 * Compiles the rule for a few slots.
 *
 * @param without the mark of a constraint that is left out: a planted bug.
 */
export async function smallCircuit(without?: string): Promise<SmallCircuit> {
  const folder = mkdtempSync(join(tmpdir(), 'busbar-circuit-'))
  try {
    cpSync(join(circuitsFolder, 'rule'), join(folder, 'rule'), { recursive: true })
    mkdirSync(join(folder, 'small/src'), { recursive: true })
    writeFileSync(
      join(folder, 'small/Nargo.toml'),
      '[package]\nname = "small"\ntype = "bin"\nauthors = [""]\n\n' +
        '[dependencies]\nrule = { path = "../rule" }\n',
    )
    writeFileSync(join(folder, 'small/src/main.nr'), mutated(smallMain, without))
    const rule = join(folder, 'rule/src/clearing.nr')
    writeFileSync(rule, mutated(readFileSync(rule, 'utf8'), without))
    const noir = new Noir((await compileFolder(join(folder, 'small'))) as never)
    return {
      slots: smallSlots,
      accepts: async (input) => {
        try {
          await noir.execute(inputMap(input))
          return true
        } catch (error) {
          if (isUnsatisfied(error)) return false
          throw error
        }
      },
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A constraint that does not hold, and nothing else that may go wrong. */
const isUnsatisfied = (error: unknown): boolean =>
  /Cannot satisfy constraint|assert_max_bit_size|Failed assertion/i.test(String(error))

function mutated(source: string, without: string | undefined): string {
  if (without === undefined) return source
  return source
    .split('\n')
    .map((line) => (line.endsWith(`// @${without}`) ? '' : line))
    .join('\n')
}
