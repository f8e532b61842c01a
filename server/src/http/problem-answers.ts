import type { Socket } from 'node:net'
import {
  type Problem,
  type ProblemCode,
  problemMediaType,
  problemOf,
  routes,
} from '@busbar/protocols/api'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isOurs, problemOfError } from './refused.ts'

/** An answer in place of a problem where there is no route; undefined where the problem is it. */
export type OtherAnswer = (
  request: FastifyRequest,
  reply: FastifyReply,
) => FastifyReply | undefined

/** Every refusal leaves as problem+json, whoever said no: a route, the framework, or the parser. */
export function answerProblems(
  app: FastifyInstance,
  report: (error: unknown, route: string) => void,
  otherwise: OtherAnswer = () => undefined,
): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOfError(error)
    // A peer that went away in the middle of its request is nobody's error.
    const gone = request.raw.destroyed && !request.raw.complete
    if (isOurs(problem) && !gone) report(error, request.routeOptions.url ?? 'none')
    return sendProblem(reply, problem)
  })
  app.setNotFoundHandler((request, reply) => {
    const allowed = allowedMethods(request)
    if (allowed.length === 0) {
      return otherwise(request, reply) ?? sendProblem(reply, problemOf('not_found'))
    }
    reply.header('allow', allowed.join(', '))
    return sendProblem(reply, problemOf('method_not_allowed', { limit: allowed.join(', ') }))
  })
}

/** For what the router refuses before there is a route, such as a path that is no text. */
export function answerUnroutable(
  error: Error,
  _request: FastifyRequest,
  reply: FastifyReply,
): void {
  void sendProblem(reply, problemOfError(error))
}

function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.status === 401) reply.header('www-authenticate', 'Busbar')
  if (problem.status === 503) reply.header('retry-after', '1')
  return reply
    .code(problem.status)
    .type(`${problemMediaType}; charset=utf-8`)
    .send(JSON.stringify(problem))
}

const paths = Object.values(routes).map(({ method, path }) => ({
  method,
  pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/:[a-z]+/g, '[^/]+')}$`),
}))

/** What may be done with the path of a request, if it is one of ours. */
function allowedMethods(request: FastifyRequest): readonly string[] {
  const [path = ''] = request.url.split('?')
  const methods = paths.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method)
  return [...new Set(methods)]
}

const brokenCodes: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
}

/** Answers what is not even HTTP, or did not arrive in time, on the bare socket. */
export function answerBrokenRequests(
  error: Error & { readonly code?: string },
  socket: Socket,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const problem = problemOf(brokenCodes[error.code ?? ''] ?? 'request_malformed')
  const body = JSON.stringify(problem)
  const head = [
    `HTTP/1.1 ${problem.status} ${reasons[problem.status] ?? 'Error'}`,
    `content-type: ${problemMediaType}; charset=utf-8`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
}
