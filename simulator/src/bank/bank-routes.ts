import { type Answer, json, no, xml } from '../bill-network/answers.ts'
import type { BankBook } from './bank-book.ts'

/** What a customer of the bank can ask for, by names under which it can go wrong. */
export type BankOperation = 'takePayments' | 'listFiles' | 'readFile'

export function bankOperation(method: string, path: string): BankOperation | undefined {
  if (method === 'POST' && path === '/bank/payments') return 'takePayments'
  if (method !== 'GET') return undefined
  if (path === '/bank/files') return 'listFiles'
  return /^\/bank\/files\/[1-9]\d{0,9}$/.test(path) ? 'readFile' : undefined
}

export function bankAnswer(
  bank: BankBook,
  operation: BankOperation,
  url: URL,
  body: string,
  now: number,
  atLast: () => void,
): Answer {
  if (operation === 'listFiles') {
    const after = Number(url.searchParams.get('after') ?? 0)
    return Number.isSafeInteger(after) ? json(200, { files: bank.files(after) }) : no(400, 'after')
  }
  if (operation === 'readFile') {
    const text = bank.file(Number(url.pathname.split('/').at(-1)))
    return text === undefined ? no(404, 'not_found') : xml(200, text)
  }
  const taken = bank.take(body, now, atLast)
  if (taken.kind === 'taken') return json(202, { messageId: taken.messageId })
  if (taken.kind === 'exists') return no(409, 'message_exists')
  return json(422, { code: 'payments_refused', why: taken.why })
}
