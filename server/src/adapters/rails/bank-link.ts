import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { closeSync, fsyncSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { fileLimits } from '@busbar/protocols/xml'
import { exchanged, refused, unavailable } from './rail-http.ts'

/** A retailer, or another that is paid, as banks know it. */
export type BankParty = { readonly name: string; readonly account: string }

/** How files reach a bank and come from it. Each call is one attempt. */
export interface BankLink {
  /** The same file again has no effect. */
  hand(messageId: string, xml: string): Promise<void>
  /** The names of what the bank has to say, oldest first, but those that `isKnown` names. */
  files(isKnown: (name: string) => boolean): Promise<readonly string[]>
  read(name: string): Promise<Uint8Array>
}

const rail = 'bank'

export type BankHttpTerms = {
  readonly url: string
  readonly bankKey: string
  readonly deadlineMs: number
}

/** A bank, or what connects to one, that takes and gives files by HTTP. */
export class BankHttp implements BankLink {
  readonly #terms: BankHttpTerms

  constructor(terms: BankHttpTerms) {
    this.#terms = terms
  }

  async hand(_messageId: string, xml: string): Promise<void> {
    const step = 'payments'
    const { status } = await this.#exchange('POST', step, '/bank/payments', xml)
    if (status === 202) return
    if (status === 409) throw refused(rail, step, 'message_exists')
    if (status === 422) throw refused(rail, step, 'payments_refused')
    throw unavailable(rail, step, `status ${status}`)
  }

  async files(isKnown: (name: string) => boolean): Promise<readonly string[]> {
    const names: string[] = []
    for (let after = 0; ;) {
      const { status, bytes } = await this.#exchange('GET', 'files', `/bank/files?after=${after}`)
      const numbers = status === 200 ? numbersIn(bytes) : undefined
      if (numbers === undefined) throw unavailable(rail, 'files', `status ${status}`)
      const last = numbers.at(-1)
      if (last === undefined) return names.filter((name) => !isKnown(name))
      if (last <= after) throw unavailable(rail, 'files', 'a list that does not end')
      names.push(...numbers.map(String))
      after = last
    }
  }

  async read(name: string): Promise<Uint8Array> {
    const { status, bytes } = await this.#exchange('GET', 'file', `/bank/files/${name}`)
    if (status !== 200) throw unavailable(rail, 'file', `status ${status}`)
    return bytes
  }

  #exchange(method: 'GET' | 'POST', step: string, path: string, body?: string) {
    const { url, bankKey, deadlineMs } = this.#terms
    const headers = { authorization: `Bearer ${bankKey}`, 'content-type': 'application/xml' }
    const target = new URL(path, url)
    const limits = { deadlineMs, bytesMax: fileLimits.bytesMax }
    return exchanged({ rail, step, method, target, headers, ...(body && { body }), ...limits })
  }
}

/** The numbers in `{"files":[{"number":1}]}`, or undefined for another form. */
function numbersIn(bytes: Uint8Array): readonly number[] | undefined {
  try {
    const { files } = JSON.parse(new TextDecoder().decode(bytes)) as { readonly files?: unknown }
    if (!Array.isArray(files)) return undefined
    const numbers = files.map((file) => (file as { readonly number?: unknown }).number)
    const areNumbers = numbers.every((one) => Number.isSafeInteger(one))
    return areNumbers ? (numbers as readonly number[]) : undefined
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined
    throw error
  }
}

/**
 * Two folders, as programs of banks have them: files to the bank are put into `out`, files from it
 * are found in `in`, whoever carries them. A file appears whole or not at all.
 */
export class BankFolder implements BankLink {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
    for (const name of ['in', 'out']) mkdirSync(join(folder, name), { recursive: true })
  }

  async hand(messageId: string, xml: string): Promise<void> {
    const folder = join(this.#folder, 'out')
    // A slash may stand in an id of a message and not in the name of a file.
    const path = join(folder, `${messageId.replaceAll('/', '_')}.xml`)
    writeFileSync(`${path}.new`, xml, { flush: true })
    renameSync(`${path}.new`, path)
    const directory = openSync(folder, 'r')
    fsyncSync(directory)
    closeSync(directory)
  }

  async files(isKnown: (name: string) => boolean): Promise<readonly string[]> {
    const names = readdirSync(join(this.#folder, 'in')).filter((name) => name.endsWith('.xml'))
    return names.toSorted().filter((name) => !isKnown(name))
  }

  async read(name: string): Promise<Uint8Array> {
    return readFileSync(join(this.#folder, 'in', name))
  }
}
