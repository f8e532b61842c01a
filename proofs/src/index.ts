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
