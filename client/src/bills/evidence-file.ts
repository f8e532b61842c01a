import { bytesToHex, textToBytes } from '@busbar/protocols/hash'
import { sha256 } from '@busbar/protocols/sha256'
import { inputInvalid } from './bills-fault.ts'
import type { Evidence } from './evidence.ts'

const format = 'busbar-bills-evidence-1'

/** The text of a file: the digest at its head shows whether it was changed or cut off. */
export function evidenceText(evidence: Evidence): string {
  const content = JSON.stringify(evidence)
  return `{"format":"${format}","sha256":"${digestOf(content)}","content":${content}}\n`
}

/** @throws Fault BILLS_INPUT_INVALID for text that `evidenceText` has not written like this */
export function parseEvidence(text: string, file: string): Evidence {
  const match = /^\{"format":"([^"]*)","sha256":"([0-9a-f]{64})","content":(.*)\}\n$/su.exec(text)
  const [, found, digest, content = ''] = match ?? []
  if (found !== format) throw inputInvalid(file, 'format', format, found ?? text.slice(0, 40))
  if (digestOf(content) !== digest) throw inputInvalid(file, 'sha256', 'the digest of the content')
  return JSON.parse(content) as Evidence
}

const digestOf = (text: string): string => bytesToHex(sha256(textToBytes(text))).slice(2)

/** Sorts by name as by interval, so that a later collection of the same interval comes later. */
export const evidenceName = ({ fromInterval, count }: Evidence, number: number): string =>
  `${String(number).padStart(6, '0')}-${fromInterval}-${count}.json`
