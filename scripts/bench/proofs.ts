import { loadavg } from 'node:os'
import { pathToFileURL } from 'node:url'
import {
  clearingCircuit,
  type ClearingProof,
  type ClearingSize,
  clearingSizes,
  developmentName,
  developmentNotice,
  pinOf,
  Prover,
  verifyCall,
} from '@busbar/proofs'
import * as verifiers from '@busbar/contracts/verifiers'
import { withEvm } from '@busbar/server/evm-call'
import { type FigureLine, quantile, rounded } from './figure.ts'
import { sampleBatch } from './sample-batch.ts'

const threads = 2
const gasMax = 1_000_000

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
      lines.push(notRun(`proof_verify_gas_${size}`, gasMax))
      continue
    }
    const proofs = await proveOften(prover, size)
    lines.push(timeFigure(size, proofs), memoryFigure(size, proofs), await gasFigure(size, proofs))
  }
  return lines
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

function memoryFigure(size: ClearingSize, proofs: readonly ClearingProof[]): FigureLine {
  const mebibytes = Math.max(...proofs.map(({ peakBytes }) => peakBytes)) / 2 ** 20
  return {
    figure: `prove_peak_mib_${size}`,
    value: rounded(mebibytes),
    bar: '<= 2048',
    holds: mebibytes <= 2048,
    detail: { of: 'the native prover, by its own account' },
  }
}

async function gasFigure(
  size: ClearingSize,
  [first]: readonly ClearingProof[],
): Promise<FigureLine> {
  if (first === undefined) throw new Error('nothing was proven')
  const { proof, publicInputs } = first
  const data = verifyCall(proof, publicInputs)
  const whole = await withEvm((evm) => evm.gasOf(codes[size], data))
  if (whole === undefined) throw new Error(`the proof for ${size} orders does not verify`)
  // What a transaction pays before the contract begins: EIP-2028, without EIP-7623's floor.
  const sent = Buffer.from(data.slice(2), 'hex')
  const zeros = sent.filter((byte) => byte === 0).length
  const before = 21_000 + 4 * zeros + 16 * (sent.length - zeros)
  const value = whole - before
  return {
    figure: `proof_verify_gas_${size}`,
    value,
    bar: `<= ${gasMax}`,
    holds: value <= gasMax,
    detail: { withCallData: whole, proofBytes: proof.length },
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const short = process.argv.includes('--short')
  for (const line of await proofFigures({ short })) console.log(JSON.stringify(line))
}
