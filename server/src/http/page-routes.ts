import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { encodingsIn } from './compression.ts'
import type { PageFile, PageSet } from './page-set.ts'
import type { OtherAnswer } from './problem-answers.ts'

/**
 * What a page may do: load its own files and ask its own server, and nothing else. No inline script
 * or style, no frame around it, no third party.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  // One worker, of the pages' own: nothing else that is text becomes a script.
  'trusted-types busbar-worker',
].join('; ')

const pageHeaders = {
  'content-security-policy': policy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
} as const

const foreverSeconds = 31_536_000

/** The pages and their files, each at a path of its own: a request never names a file. */
export function addPageRoutes(app: FastifyInstance, { pages, shell, files }: PageSet): void {
  const showShell = answers(shell)
  for (const path of pages) {
    app.route({ method: 'GET', url: path, exposeHeadRoute: true, handler: showShell })
  }
  for (const file of files) {
    app.route({ method: 'GET', url: file.path, exposeHeadRoute: true, handler: answers(file) })
  }
}

type Answer = (request: FastifyRequest, reply: FastifyReply) => FastifyReply

function answers(file: PageFile): Answer {
  const tag = `"${createHash('sha256').update(file.bytes).digest('base64url').slice(0, 27)}"`
  return (request, reply) => answer(request, reply, file, tag)
}

/**
 * What a person gets at a path that is no page: the page, which says so, with the status of what is
 * not there. Undefined for who did not ask for a page, or asked the interface.
 */
export function unknownPage({ shell }: PageSet): OtherAnswer {
  const show = answers(shell)
  return (request, reply) => {
    const { method, url, headers } = request
    const isPage = headers.accept?.includes('text/html') === true && !url.startsWith('/v1')
    return method === 'GET' && isPage ? show(request, reply.code(404)) : undefined
  }
}

function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  file: PageFile,
  tag: string,
): FastifyReply {
  const accepted = encodingsIn(request.headers['accept-encoding'])
  const encoding = accepted.find((one) => file.encoded[one] !== undefined)
  reply.headers(pageHeaders).headers({
    'cache-control': file.immutable
      ? `public, max-age=${foreverSeconds}, immutable`
      : 'no-cache',
    'content-type': file.type,
    vary: 'accept-encoding',
    // Each encoding is another sequence of bytes.
    etag: encoding === undefined ? tag : `${tag.slice(0, -1)}-${encoding}"`,
  })
  const known = request.headers['if-none-match']?.split(',').map((one) => one.trim())
  const isKnown = known?.includes(String(reply.getHeader('etag'))) === true
  if (isKnown && reply.statusCode === 200) return reply.code(304).send()
  if (encoding !== undefined) reply.header('content-encoding', encoding)
  return reply.send(encoding === undefined ? file.bytes : file.encoded[encoding])
}
