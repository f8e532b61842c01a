import { createHash } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import {
  addressOf,
  createDomain,
  type Domain,
  type OrderMessage,
  orderDigest,
  publicKeyOf,
  signDigest,
  typedData,
} from '@busbar/protocols/eip712'
import { bytesToHex, type Hex, hexToBytes, keccak256 } from '@busbar/protocols/hash'
import { merkleRoot, MerkleTree } from '@busbar/protocols/merkle'
import {
  chooseVerifier,
  pureVerifier,
  type SignatureVerifier,
} from '@busbar/server/adapters/signatures/index'
import { type TypedDataDefinition, verifyTypedData } from 'viem'
import { type FigureLine, pairUp, quantile, rounded } from './figure.ts'

const verifyPairs = 31
const merklePairs = 15
const keyCount = 64
const orderCount = 256
const ordersPerPair = 32

type SignedOrder = {
  readonly order: OrderMessage
  /** As it comes over the wire. */
  readonly signature: Hex
  /** As it stands in the registry: bytes for us, the address for the peer. */
  readonly publicKey: Uint8Array
  readonly address: Hex
  /** The same order as a wallet and its library have it. */
  readonly wallet: TypedDataDefinition
}

/** The figures of signatures and of the hashes under them. */
export async function signatureFigures(): Promise<readonly FigureLine[]> {
  const domain = createDomain({
    market: 'der-to-cash',
    chainId: 31_337,
    verifyingContract: '0x5fbdb2315678afecb367f032d93f642f64180aa3',
  })
  const orders = signedOrders(domain)
  const { verifier, kind } = chooseVerifier()
  const native = await verifyAgainstViem(domain, orders, verifier, 24)
  const pure = await verifyAgainstViem(domain, orders, pureVerifier(), 1)
  return [
    {
      figure: 'eip712_verify_vs_viem',
      value: native.ratio.median,
      bar: '>= 25',
      holds: native.ratio.median >= 25,
      detail: { verifier: kind, ...native },
    },
    {
      figure: 'eip712_verify_pure_vs_viem',
      value: pure.ratio.median,
      bar: '>= 1',
      holds: pure.ratio.median >= 1,
      detail: { verifier: 'pure', ...pure },
    },
    ...merkleFigures(),
  ]
}

/**
 * Complete checks on both sides, from the message as parsed JSON and the signature as hex: ours
 * hash by template and verify by the registered key, the peer's hash by the types and recover.
 *
 * Both take the same orders in a pair; ours `rounds` times, so that both last about as long. Pairs
 * are many and short, because a machine that others use changes its pace from second to second.
 */
async function verifyAgainstViem(
  domain: Domain,
  orders: readonly SignedOrder[],
  verifier: SignatureVerifier,
  rounds: number,
) {
  const ours = (some: readonly SignedOrder[]): void => {
    for (let round = 0; round < rounds; round += 1) {
      for (const { order, signature, publicKey } of some) {
        const bytes = hexToBytes(signature, 65)
        const valid = verifier.verifySecp256k1(publicKey, orderDigest(domain, order), bytes)
        if (!valid) throw new Error('a good signature was refused')
      }
    }
  }
  const peer = async (some: readonly SignedOrder[]): Promise<void> => {
    for (const { wallet, signature, address } of some) {
      const valid = await verifyTypedData({ ...wallet, signature, address })
      if (!valid) throw new Error('the peer refused a good signature')
    }
  }

  ours(orders)
  await peer(orders)
  const oursMs: number[] = []
  const viemMs: number[] = []
  const probeMs: number[] = []
  for (let i = 0; i < verifyPairs; i += 1) {
    const from = (i * ordersPerPair) % orders.length
    const some = orders.slice(from, from + ordersPerPair)
    probeMs.push(await elapsed(probe))
    oursMs.push((await elapsed(() => ours(some))) / rounds)
    viemMs.push(await elapsed(() => peer(some)))
  }
  const ratios = viemMs.map((ms, i) => ms / (oursMs[i] ?? Number.NaN))
  return {
    ratio: {
      median: rounded(quantile(ratios, 0.5)),
      p10: rounded(quantile(ratios, 0.1)),
      p90: rounded(quantile(ratios, 0.9)),
    },
    oursPerSecond: Math.round((1_000 * ordersPerPair) / quantile(oursMs, 0.5)),
    viemPerSecond: Math.round((1_000 * ordersPerPair) / quantile(viemMs, 0.5)),
    orders: orders.length,
    keys: keyCount,
    pairs: verifyPairs,
    calibrationSpread: rounded(quantile(probeMs, 0.9) / quantile(probeMs, 0.1) - 1),
  }
}

/** A tree against the hashes it cannot do without: one per leaf and one per node. */
function merkleFigures(): readonly FigureLine[] {
  const count = 100_000
  const leaves = Array.from({ length: count }, (_, i) => {
    return Uint8Array.from({ length: 96 }, (_, k) => (i * 31 + k * 7 + (i >> 8)) % 256)
  })
  const leaf = new Uint8Array(1 + 96)
  const node = new Uint8Array(1 + 32 + 32)
  const bare = (): void => {
    for (let i = 0; i < count; i += 1) keccak256(leaf)
    for (let i = 0; i < count - 1; i += 1) keccak256(node)
  }
  const proofs = (): void => {
    const tree = new MerkleTree(leaves)
    for (let i = 0; i < count; i += 1) tree.proof(i)
  }
  const root = pairUp(() => void merkleRoot(leaves), bare, merklePairs)
  const all = pairUp(proofs, bare, merklePairs)
  return [
    {
      figure: 'merkle_root_100k_vs_keccak',
      value: root.ratio.median,
      bar: '<= 1.25',
      holds: root.ratio.median <= 1.25,
      detail: { leaves: count, leafBytes: 96, ...root },
    },
    {
      figure: 'merkle_proofs_100k_vs_keccak',
      value: all.ratio.median,
      bar: '<= 2.5',
      holds: all.ratio.median <= 2.5,
      detail: { leaves: count, leafBytes: 96, what: 'the tree and a proof for every leaf', ...all },
    },
  ]
}

function signedOrders(domain: Domain): readonly SignedOrder[] {
  const keys = Array.from({ length: keyCount }, (_, i) => digestOf(`bench key ${i}`))
  const publicKeys = keys.map(publicKeyOf)
  const addresses = publicKeys.map(addressOf)
  return Array.from({ length: orderCount }, (_, i) => {
    const owner = i % keyCount
    const order: OrderMessage = {
      id: bytesToHex(digestOf(`bench order ${i}`).subarray(0, 16)),
      account: 3 + owner,
      meter: owner,
      interval: 5_900_000 + i,
      side: i % 2 === 0 ? 'buy' : 'sell',
      energyWh: 1_000 + i,
      limitMicrosPerKwh: 120_000 - 1_000 * i,
    }
    const signature = bytesToHex(signDigest(keys[owner]!, orderDigest(domain, order)))
    const json = JSON.stringify(typedData(domain, 'Order', order))
    const wallet = JSON.parse(json) as TypedDataDefinition
    return { order, signature, publicKey: publicKeys[owner]!, address: addresses[owner]!, wallet }
  })
}

const digestOf = (text: string): Uint8Array =>
  new Uint8Array(createHash('sha256').update(text).digest())

async function elapsed(work: () => void | Promise<void>): Promise<number> {
  const start = process.hrtime.bigint()
  await work()
  return Number(process.hrtime.bigint() - start) / 1e6
}

const probed = Buffer.alloc(1 << 20, 7)

/** Work that is always the same, to see whether the machine is. */
function probe(): void {
  createHash('sha256').update(probed).digest()
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const line of await signatureFigures()) console.log(JSON.stringify(line))
}
