import { type CircuitName, checkSingleProof, developmentNotice } from '@busbar/proofs'
import { grouped } from '../clear/numbers.ts'
import type { Values } from '../arguments.ts'
import { exitCodes, UsageError } from '../cli-error.ts'
import type { Output } from '../command.ts'
import { type ClaimFile, claimCheck, parseClaimFile } from './claim-file.ts'
import { contentsOf } from './contents.ts'
import { parseProofFile } from './proof-file.ts'
import { rows } from '../text.ts'

/** `busbar check-threshold` and `check-rank`; resolve with the exit code. */
export async function runCheckClaim(
  statement: ClaimFile['statement'],
  values: Values,
  output: Output,
): Promise<number> {
  const [file, clearingName, ...others] = values.positionals
  if (file === undefined || clearingName === undefined || others.length > 0) {
    throw new UsageError(`check-${statement} takes a FILE and the PROOF of the clearing`)
  }
  const claim = parseClaimFile(await contentsOf(file))
  if (claim.statement !== statement) {
    throw new UsageError(`${file} is about a ${claim.statement}: busbar check-${claim.statement}`)
  }
  const clearing = parseProofFile(await contentsOf(clearingName))
  const check = claimCheck(claim, clearing)
  const lines = [{ line: 'set', holds: check !== undefined, detail: 'that of the clearing' }]
  if (check !== undefined) {
    // The EVM takes a while to load: only who checks a proof waits for it.
    const { withEvm } = await import('@busbar/server/own-node/evm-call')
    const codeOf = await verifierCodes()
    const proof = Buffer.from(claim.proof.slice(2), 'hex')
    const found = await withEvm((evm) => checkSingleProof({ ...check, proof }, codeOf, evm))
    const isMarked = (claim.notice !== null) === found.isDevelopment
    lines.push(
      { line: 'key', holds: found.isKeyPinned, detail: `of ${check.circuit}, as pinned` },
      { line: 'notice', holds: isMarked, detail: found.isDevelopment ? developmentNotice : '' },
      { line: 'proof', holds: found.isValid, detail: saidBy(claim) },
    )
  }
  const holds = lines.every((line) => line.holds)
  if (values.flag('json')) output.print(JSON.stringify({ holds, lines }))
  else {
    const shown = lines.map(
      ({ line, holds: isRight, detail }) =>
        [line, `${isRight ? 'ok    ' : 'FAILED'}  ${detail}`.trimEnd()] as const,
    )
    output.print(rows(shown))
    output.print(holds ? 'The claim holds.' : 'The claim does not hold.')
  }
  return holds ? exitCodes.ok : exitCodes.difference
}

async function verifierCodes(): Promise<(circuit: CircuitName) => string> {
  const codes = await import('@busbar/contracts/verifiers')
  const known: Partial<Record<CircuitName, string>> = {
    threshold: codes.thresholdVerifierBytecode,
    'rank-64': codes.rankVerifier64Bytecode,
    'rank-256': codes.rankVerifier256Bytecode,
  }
  return (circuit) => known[circuit] ?? ''
}

function saidBy(claim: ClaimFile): string {
  const order = `order ${claim.position} ${claim.side}s`
  if (claim.statement === 'rank') return `${order}, at most ${claim.atMost} before it`
  const { energyWh, thresholdMicrosPerKwh, side } = claim
  const bound = side === 'buy' ? 'or more' : 'or less'
  const price = `${grouped(thresholdMicrosPerKwh)} micros/kWh ${bound}`
  return `${order} ${grouped(energyWh)} Wh or more at ${price}`
}
