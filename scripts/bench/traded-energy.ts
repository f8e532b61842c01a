import { WattHours } from '@busbar/core/units'
import { keccak256, textToBytes } from '@busbar/protocols/hash'
import {
  decodeProof,
  encodeProof,
  meterSecret,
  openProof,
  TradedEnergyTree,
} from '@busbar/protocols/traded-energy'
import { type FigureLine, pairUp, rounded } from './figure.ts'

const meters = 100_000
const asked = 2_000
const pairs = 9
const place = { zone: 4_294_967_294, interval: 1_900_000 }
const salt = keccak256(textToBytes('bench'))

/**
 * Proofs of absence among 100,000 meters that traded: what they weigh, and what they take against
 * the hashes that they cannot do without.
 */
export async function tradedEnergyFigures(): Promise<readonly FigureLine[]> {
  const energies = Array.from({ length: meters }, (_, meter) => ({
    meter,
    soldWh: WattHours.from(BigInt(meter % 3_000)),
    boughtWh: WattHours.from(BigInt((meter * 7) % 2_000)),
  }))
  const secrets = energies.map(({ meter }) => meterSecret(salt, meter))
  // The server keeps the secrets: they are the same in every interval.
  const secretOf = (meter: number): Uint8Array => secrets[meter] ?? meterSecret(salt, meter)
  const build = () => new TradedEnergyTree({ ...place, run: 0 }, salt, energies, secretOf)
  const tree = build()
  // Key, salt, value and leaf of each meter, and the nodes above.
  const bareTree = hashes([[meters, 40], [meters, 68], [meters, 36], [meters, 77], [meters, 65]])
  const built = pairUp(() => void build(), bareTree, 5)

  const absent = Array.from({ length: asked }, (_, i) => meters + i)
  const absentSecrets = new Map(absent.map((meter) => [meter, meterSecret(salt, meter)]))
  const proofs = absent.map((meter) => encodeProof(tree.prove(meter)))
  const path = Math.round(proofs.reduce((sum, bytes) => sum + pathOf(bytes), 0) / asked)
  const prove = () => absent.forEach((meter) => encodeProof(tree.prove(meter)))
  const verify = (): void => {
    for (const [i, bytes] of proofs.entries()) {
      const meter = absent[i] ?? -1
      const proof = decodeProof(bytes)
      const secret = absentSecrets.get(meter) ?? salt
      const found = proof === undefined ? undefined : openProof(place, meter, secret, proof)
      if (found?.root !== tree.root || found.energy !== null) throw new Error('a proof is none')
    }
  }
  // A key, two leaves, a node for each hash of the path and where the two meet, and the root.
  const bare = hashes([[asked, 40], [2 * asked, 77], [(path + 1) * asked, 65], [asked, 49]])
  const proven = pairUp(prove, bare, pairs)
  const verified = pairUp(verify, bare, pairs)
  return [
    sizeFigure(proofs, encodeProof(tree.prove(7)).length),
    ratioFigure('traded_energy_tree_100k_vs_keccak', 4, built, 'the tree of one interval'),
    ratioFigure('absence_prove_vs_keccak', 4, proven, `${asked} proofs of absence made`),
    ratioFigure('absence_verify_vs_keccak', 4, verified, `${asked} proofs of absence verified`),
  ]
}

const absentHead = 137
const pathOf = (bytes: Uint8Array): number => (bytes.length - absentHead) / 32

function sizeFigure(proofs: readonly Uint8Array[], presenceBytes: number): FigureLine {
  const sizes = proofs.map(({ length }) => length)
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length
  const detail = {
    what: 'bytes of a proof of absence, the mean',
    meters,
    proofs: sizes.length,
    largest: Math.max(...sizes),
    smallest: Math.min(...sizes),
    presenceBytes,
    megabytesOf3000Intervals: rounded((3_000 * mean) / 1e6),
  }
  const value = rounded(mean)
  return { figure: 'absence_proof_bytes_100k', value, bar: '<= 800', holds: value <= 800, detail }
}

function ratioFigure(
  figure: string,
  bar: number,
  paired: ReturnType<typeof pairUp>,
  what: string,
): FigureLine {
  const value = paired.ratio.median
  const detail = { what, meters, ...paired }
  return { figure, value, bar: `<= ${bar}`, holds: value <= bar, detail }
}

/** The bare work: so many hashes of so many bytes. */
function hashes(work: readonly (readonly [count: number, bytes: number])[]): () => void {
  const buffers = work.map(([count, bytes]) => ({ count, bytes: new Uint8Array(bytes) }))
  return () => {
    for (const { count, bytes } of buffers) for (let i = 0; i < count; i += 1) keccak256(bytes)
  }
}

if (import.meta.main) {
  for (const line of await tradedEnergyFigures()) console.log(JSON.stringify(line))
}
