import { type CircuitName, developmentNotice, checkProof as verify } from '@busbar/proofs'
import { packHeader } from '@busbar/protocols/sealed-orders'
import type { Values } from '../arguments.ts'
import { exitCodes, UsageError } from '../cli-error.ts'
import type { Output } from '../command.ts'
import { contentsOf } from './contents.ts'
import { parseProofFile, type ProofFile } from './proof-file.ts'
import { rows } from '../text.ts'

type Line = { readonly line: string; readonly holds: boolean; readonly detail: string }

/** `busbar check-proof`; resolves with the exit code. */
export async function runCheckProof(values: Values, output: Output): Promise<number> {
  const [file, ...others] = values.positionals
  if (file === undefined || others.length > 0) throw new UsageError('check-proof takes one FILE')
  const proof = parseProofFile(await contentsOf(file))
  const lines = [figures(proof), ...(await verified(proof))]
  const holds = lines.every((line) => line.holds)
  if (values.flag('json')) output.print(JSON.stringify({ holds, lines }))
  else {
    output.print(
      rows(
        lines.map(({ line, holds: isRight, detail }) => {
          return [line, `${isRight ? 'ok    ' : 'FAILED'}  ${detail}`.trimEnd()] as const
        }),
      ),
    )
    output.print(holds ? 'The proof holds.' : 'The proof does not hold.')
  }
  return holds ? exitCodes.ok : exitCodes.difference
}

/** What a person reads in the file is what was proven. */
function figures(proof: ProofFile): Line {
  const { orderCount, voidCount, priceMicrosPerKwh, energyWh, header } = proof
  let packed = 'figures that no clearing has'
  try {
    packed = packHeader({ orderCount, voidCount, priceMicrosPerKwh, energyWh })
  } catch {
    // Out of range: then no header is like it, and the line fails.
  }
  const price = priceMicrosPerKwh === null ? 'no price' : `${priceMicrosPerKwh} micros/kWh`
  const detail = `${orderCount} orders, ${voidCount} void, ${price}, ${energyWh} Wh`
  return { line: 'figures', holds: packed === header, detail }
}

async function verified(file: ProofFile): Promise<readonly Line[]> {
  // The EVM takes a while to load: only who checks a proof waits for it.
  const [{ withEvm }, codes] = await Promise.all([
    import('@busbar/server/own-node/evm-call'),
    import('@busbar/contracts/verifiers'),
  ])
  const codeOf = (circuit: CircuitName): string =>
    ({
      'clearing-64': codes.clearingVerifier64Bytecode,
      'clearing-256': codes.clearingVerifier256Bytecode,
      'clearing-1024': codes.clearingVerifier1024Bytecode,
      'clearing-4096': codes.clearingVerifier4096Bytecode,
      'clearing-part': codes.clearingPartVerifierBytecode,
      'clearing-join': codes.clearingJoinVerifierBytecode,
      threshold: codes.thresholdVerifierBytecode,
      'rank-64': codes.rankVerifier64Bytecode,
      'rank-256': codes.rankVerifier256Bytecode,
    })[circuit]
  const { size, context, ordersRoot, fillsRoot, header } = file
  const publicInputs = [context, ordersRoot, fillsRoot, header]
  const proof = Buffer.from(file.proof.slice(2), 'hex')
  const check = await withEvm((evm) => verify({ size, proof, publicInputs }, codeOf, evm))
  const worth = check.isDevelopment ? developmentNotice : ''
  return [
    { line: 'key', holds: check.isKeyPinned, detail: `for ${size} orders, as pinned` },
    { line: 'notice', holds: (file.notice !== null) === check.isDevelopment, detail: worth },
    { line: 'proof', holds: check.isValid, detail: `${proof.length} bytes` },
  ]
}
