import { readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  clearingCircuit,
  type ClearingProof,
  type ClearingSize,
  clearingSizes,
  decodeParts,
  developmentName,
  developmentNotice,
  pinOf,
  proofsNeeded,
  Prover,
  verifyCall,
} from '@busbar/proofs'
import * as verifiers from '@busbar/contracts/verifiers'
import { withEvm } from '@busbar/server/own-node/evm-call'
import { contractsRoot } from '../forge.ts'
import { type FigureLine, quantile, rounded } from './figure.ts'
import { sampleBatch } from './sample-batch.ts'

const threads = 2
const gasMax = 1_000_000
const mebibytesMax = 2_048

/** Seconds that a proof of so many orders may take on two cores; the smallest has no promise. */
const secondsMax: Readonly<Record<ClearingSize, number>> = { 64: 2, 256: 5, 1024: 15, 4096: 60 }
const runs: Readonly<Record<ClearingSize, number>> = { 64: 5, 256: 5, 1024: 3, 4096: 1 }

const codes: Readonly<Record<ClearingSize, string>> = {
  64: verifiers.clearingVerifier64Bytecode,
  256: verifiers.clearingVerifier256Bytecode,
  1024: verifiers.clearingVerifier1024Bytecode,
  4096: verifiers.clearingVerifier4096Bytecode,
}

/**
 * The figures of proofs of clearing: full batches of each size, proven with two threads under the
 * development string (its proofs take as long as others), and verified by the contracts on an EVM.
 * Seconds are of solving the witness and proving; circuit, string and key are ready before.
 */
export async function proofFigures(options: {
  readonly short: boolean
}): Promise<readonly FigureLine[]> {
  const prover = new Prover({ srs: developmentName, threads })
  const lines: FigureLine[] = [gatesFigure()]
  for (const size of clearingSizes) {
    if (options.short && size > 256) {
      lines.push(notRun(`prove_s_${size}`, secondsMax[size]))
      lines.push(notRun(`prove_peak_mib_${size}`, mebibytesMax))
      lines.push(notRun(`proof_verify_gas_${size}`, gasMax))
      continue
    }
    const proofs = await proveOften(prover, size)
    lines.push(timeFigure(size, proofs), memoryFigure(size, proofs), await gasFigure(size, proofs))
  }
  lines.push(...(await partGas()), ...(await partTimes(prover, options.short)))
  return lines
}

/** Of a set in parts: a part's proof, and the one that joins them, each in its transaction. */
async function partGas(): Promise<readonly FigureLine[]> {
  const file = join(contractsRoot, 'test/verifiers/proofs/clearing-8192.json')
  const { publicInputs, proof } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly publicInputs: readonly string[]
    readonly proof: string
  }
  const decoded = decodeParts(Buffer.from(proof.slice(2), 'hex'), 2)
  const needed = decoded && proofsNeeded(publicInputs, decoded.parts)
  const [part, , joining] = needed ?? []
  if (decoded === undefined || part === undefined || joining === undefined) {
    throw new Error(`${file} holds no proof of two parts`)
  }
  const [ofPart, , ofJoin] = decoded.proofs
  return [
    await gasOf('part', verifiers.clearingPartVerifierBytecode, ofPart, part.publicInputs),
    await gasOf('join', verifiers.clearingJoinVerifierBytecode, ofJoin, joining.publicInputs),
  ]
}

/** A set of 4,100 orders: two parts and what joins them, one after the other. */
async function partTimes(prover: Prover, short: boolean): Promise<readonly FigureLine[]> {
  if (short) {
    return [notRun('prove_s_part', secondsMax[4096]), notRun('prove_peak_mib_part', mebibytesMax)]
  }
  const made = await prover.prove(sampleBatch(4_100))
  const [of, parts] = ['a set of 4,100 orders, half of which is one part', 2]
  const seconds = made.seconds / parts
  return [
    {
      figure: 'prove_s_part',
      value: rounded(seconds),
      bar: `<= ${secondsMax[4096]}`,
      holds: seconds <= secondsMax[4096],
      detail: { threads, of, whole: rounded(made.seconds), notice: developmentNotice },
    },
    memoryFigure('part', [made]),
  ]
}

const notRun = (figure: string, most: number): FigureLine => ({
  ...{ figure, value: Number.NaN, bar: `<= ${most}`, holds: 'not run' },
  detail: { reason: 'left out of the short run' },
})

function gatesFigure(): FigureLine {
  const gates = Object.fromEntries(
    clearingSizes.map((size) => [size, pinOf(clearingCircuit(size), true).gates]),
  )
  const value = (gates[4096] ?? Number.NaN) / 4096
  return {
    figure: 'proof_gates_per_order',
    value: rounded(value),
    bar: '<= 250',
    holds: value <= 250,
    detail: { gates, of: 'the circuit for 4,096 orders' },
  }
}

async function proveOften(prover: Prover, size: ClearingSize): Promise<readonly ClearingProof[]> {
  const batch = sampleBatch(size)
  // Compiles the circuit and makes the key, if nobody has yet.
  if (size <= 1024) await prover.prove(batch)
  const proofs: ClearingProof[] = []
  for (let i = 0; i < runs[size]; i += 1) proofs.push(await prover.prove(batch))
  return proofs
}

function timeFigure(size: ClearingSize, proofs: readonly ClearingProof[]): FigureLine {
  const seconds = proofs.map((proof) => proof.seconds)
  const value = quantile(seconds, 0.5)
  return {
    figure: `prove_s_${size}`,
    value: rounded(value),
    bar: `<= ${secondsMax[size]}`,
    holds: value <= secondsMax[size],
    detail: {
      ...{ threads, proofs: proofs.length, fastest: rounded(Math.min(...seconds)) },
      ...{ slowest: rounded(Math.max(...seconds)), loadAverage: loadavg().map(rounded) },
      notice: developmentNotice,
    },
  }
}

function memoryFigure(size: ClearingSize | 'part', proofs: readonly ClearingProof[]): FigureLine {
  const mebibytes = Math.max(...proofs.map(({ peakBytes }) => peakBytes)) / 2 ** 20
  return {
    figure: `prove_peak_mib_${size}`,
    value: rounded(mebibytes),
    bar: `<= ${mebibytesMax}`,
    holds: mebibytes <= mebibytesMax,
    detail: { of: 'the native prover, by its own account' },
  }
}

async function gasFigure(
  size: ClearingSize,
  [first]: readonly ClearingProof[],
): Promise<FigureLine> {
  return await gasOf(size, codes[size], first?.proof, first?.publicInputs ?? [])
}

async function gasOf(
  name: ClearingSize | 'part' | 'join',
  code: string,
  proof: Uint8Array | undefined,
  publicInputs: readonly string[],
): Promise<FigureLine> {
  if (proof === undefined) throw new Error('nothing was proven')
  const data = verifyCall(proof, publicInputs)
  const whole = await withEvm((evm) => evm.gasOf(code, data))
  if (whole === undefined) throw new Error(`the proof of ${name} does not verify`)
  // What a transaction pays before the contract begins: EIP-2028, without EIP-7623's floor.
  const sent = Buffer.from(data.slice(2), 'hex')
  const zeros = sent.filter((byte) => byte === 0).length
  const before = 21_000 + 4 * zeros + 16 * (sent.length - zeros)
  const value = whole - before
  return {
    figure: `proof_verify_gas_${name}`,
    value,
    bar: `<= ${gasMax}`,
    holds: value <= gasMax,
    detail: {
      ...{ withCallData: whole, subtracted: before, proofBytes: proof.length },
      subtracts: 'the 21,000 of a transaction, and 4 a zero byte and 16 another of its call data',
    },
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const short = process.argv.includes('--short')
  for (const line of await proofFigures({ short })) console.log(JSON.stringify(line))
}
