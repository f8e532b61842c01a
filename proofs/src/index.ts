export {
  type CircuitName,
  type ClearingSize,
  type CompiledCircuit,
  circuitNames,
  clearingCircuit,
  clearingSizes,
  compileCircuit,
  sizeFor,
  sourceDigest,
} from './circuit.ts'
export {
  type Batch,
  type BatchOrder,
  type Field,
  publicInputsOf,
  type Statement,
  statementOf,
} from './statement.ts'
export { type SolvedClearing, solveClearing } from './witness.ts'
export { type Limits, type Proven, proveWitness } from './barretenberg.ts'
export {
  type KeyPin,
  keysFile,
  makeKey,
  pinnedKey,
  pinOf,
} from './keys.ts'
export { developmentNotice, type MakeOptions } from './srs-development.ts'
export { developmentName, openSrs, type Srs } from './srs.ts'
export { isG2Point, verifierContract, verifierName } from './verifier-source.ts'
export {
  type ClearingProof,
  Prover,
  type ProverOptions,
  type RankProof,
  type ThresholdProof,
} from './prover.ts'
export {
  type HandInAnswer,
  type LoopOptions,
  type LoopReport,
  type ProverEvent,
  type ProvingSource,
  type ProvingWork,
  runProver,
} from './prover-loop.ts'
export {
  checkProof,
  checkSingleProof,
  circuitsOf,
  type Evm,
  type ProofCheck,
  type ProofToCheck,
  verifyCall,
} from './verify.ts'
export {
  packRank,
  type Rank,
  rankOf,
  rankPublicInputs,
  type RankSize,
  rankSizeFor,
  rankSizes,
  type RankStatement,
  unpackRank,
} from './rank.ts'
export {
  type Claim,
  type OwnOrder,
  ownOrder,
  packClaim,
  type SolvedThreshold,
  solveThreshold,
  type ThresholdStatement,
  thresholdPublicInputs,
  thresholdStatement,
  unpackClaim,
} from './threshold.ts'
export {
  partPublicInputs,
  type PartStatement,
  type ProofNeeded,
  proofsNeeded,
  proofsOf,
  type SolvedParts,
  solveParts,
} from './part-proofs.ts'
export { decodeParts, encodeParts, ordersMax, type PartProofs, partsOf } from './part-encoding.ts'
