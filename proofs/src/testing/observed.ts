import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type InputMap, Noir } from '@noir-lang/noir_js'
import { circuitsFolder, compileFolder } from '../circuit.ts'

/**
 * A marked line of a circuit, as a question about one number: whether it is zero (an equality), 0
 * or 1, or below 2^bits.
 */
export type Constraint = { readonly mark: string } & (
  | { readonly kind: 'zero' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'range'; readonly bits: number }
)

/** For every constraint, by its mark, the numbers that it was asked of, from the first slot on. */
export type Seen = ReadonlyMap<string, readonly bigint[]>

export type Observed = {
  readonly constraints: readonly Constraint[]
  /** What the constraints would judge of these inputs, whether or not it holds. */
  readonly see: (input: InputMap) => Promise<Seen>
}

const marked = /^(\s*)(.+); \/\/ @([a-z0-9-]+)$/

/** Bits of the sums of large sets: `assert_sum` in `parts/src/terms.nr`. */
const sumBits = 56

/** The constraint of a line, and the number that it judges. */
function constraintOf(line: string): { constraint: Constraint; value: string } | undefined {
  const [, , statement = '', mark = ''] = marked.exec(line) ?? []
  const range = /^(.+)\.assert_max_bit_size::<(\d+)>\(\)$/.exec(statement)
  if (range !== null) {
    return { constraint: { mark, kind: 'range', bits: Number(range[2]) }, value: range[1] ?? '' }
  }
  const sum = /^assert_sum\((.+)\)$/.exec(statement)
  if (sum !== null) {
    return { constraint: { mark, kind: 'range', bits: sumBits }, value: sum[1] ?? '' }
  }
  const flag =
    /^assert_boolean\((.+)\)$/.exec(statement) ??
    /^assert\((.+) \* \(1 - \1\) == 0\)$/.exec(statement) ??
    /^assert\((.+) \* \(\1 - 1\) == 0\)$/.exec(statement)
  if (flag !== null) return { constraint: { mark, kind: 'boolean' }, value: flag[1] ?? '' }
  const equal = /^assert\((.+) == (.+)\)$/.exec(statement)
  if (equal === null) return undefined
  return { constraint: { mark, kind: 'zero' }, value: `${equal[1]} - (${equal[2]})` }
}

const eye = `
#[oracle(seen)]
unconstrained fn seen_outside(number: Field, value: Field) {}

unconstrained fn seen_unconstrained(number: Field, value: Field) {
    seen_outside(number, value);
}

fn see(number: Field, value: Field) {
    // Safety: it tells, and constrains nothing.
    unsafe { seen_unconstrained(number, value) };
}
`

/**
 * A circuit that tells what its constraints are asked instead of enforcing them. One of it stands
 * for all circuits in which a constraint is looser: what those take follows from the numbers.
 *
 * @param packages the folders that it is made of; the last one is the program.
 * @param sources the files with marked lines, and their text where it is not the folder's own.
 */
export async function observed(
  packages: readonly string[],
  sources: Readonly<Record<string, string>>,
): Promise<Observed> {
  const constraints: Constraint[] = []
  const folder = mkdtempSync(join(tmpdir(), 'busbar-observed-'))
  try {
    for (const name of packages) {
      cpSync(join(circuitsFolder, name), join(folder, name), { recursive: true })
    }
    for (const [file, source] of Object.entries(sources)) {
      const lines = source.split('\n').map((line) => {
        if (!marked.test(line)) return line
        const found = constraintOf(line)
        if (found === undefined) throw new RangeError(`what does this constrain? ${line}`)
        constraints.push(found.constraint)
        return `see(${constraints.length - 1}, ${found.value});`
      })
      writeFileSync(join(folder, file), lines.join('\n') + eye)
    }
    const noir = new Noir((await compileFolder(join(folder, packages.at(-1) ?? ''))) as never)
    return { constraints, see: (input) => seeWith(noir, constraints, input) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function seeWith(
  noir: Noir,
  constraints: readonly Constraint[],
  input: InputMap,
): Promise<Seen> {
  const seen = new Map<string, bigint[]>()
  await noir.execute(input, (_name, [[number = ''] = [], [value = ''] = []]) => {
    const { mark = '' } = constraints[Number(BigInt(hex(number)))] ?? {}
    const values = seen.get(mark)
    if (values === undefined) seen.set(mark, [BigInt(hex(value))])
    else values.push(BigInt(hex(value)))
    return Promise.resolve([])
  })
  return seen
}

const hex = (value: string): string => (value.startsWith('0x') ? value : `0x${value}`)

export const readCircuit = (file: string): string =>
  readFileSync(join(circuitsFolder, file), 'utf8')
