import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

export type Encoding = 'br' | 'gzip'

/** What a browser takes of what we have, the smallest first; `;q=0` says that it does not. */
export function encodingsIn(accepted: string | string[] | undefined): readonly Encoding[] {
  const names = String(accepted ?? '')
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => !/;\s*q=0(?:\.0*)?$/.test(part))
    .map((part) => part.split(';')[0])
  return (['br', 'gzip'] as const).filter((encoding) => names.includes(encoding))
}

/** Below it the headers are most of an answer. */
const fromBytes = 1_024
/** Nearly as small as the best, for a small part of its work: this is done for each answer. */
const quality = 4

const smaller: Readonly<Record<Encoding, (text: string) => Promise<Buffer>>> = {
  br: (text) =>
    promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }),
  gzip: (text) => promisify(gzip)(text, { level: quality }),
}

/**
 * Sends an answer that everybody gets in fewer bytes. What only one may see is never compressed:
 * how small it becomes would tell of it to a stranger who may put words into it.
 */
export async function compressed(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  if (typeof payload !== 'string' || payload.length < fromBytes) return payload
  reply.header('vary', 'accept-encoding')
  const [encoding] = encodingsIn(request.headers['accept-encoding'])
  if (encoding === undefined) return payload
  const bytes = await smaller[encoding](payload)
  reply.header('content-encoding', encoding).header('content-length', bytes.length)
  return bytes
}
