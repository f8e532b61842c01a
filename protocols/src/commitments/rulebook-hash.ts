import { canonicalJson } from '@busbar/core/encoding'
import { bytesToHex, type Hex, keccak256, textToBytes } from '../hash/index.ts'

/** What names a rulebook in every batch: the hash of its canonical text. */
export const rulebookHash = (rulebook: unknown): Hex =>
  bytesToHex(keccak256(textToBytes(canonicalJson(rulebook))))
