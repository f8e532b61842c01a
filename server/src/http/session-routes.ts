import type { Session } from '@busbar/protocols/api'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Caller, readCredential } from './authorization.ts'
import { certificateIn } from './client-certificate.ts'
import { objectionJson } from './key-mapping.ts'
import { Refused } from './refused.ts'
import { addRoute, type RouteContext } from './route-context.ts'
import {
  choiceIn, cookieOf, credentialIn, endedChoiceCookie, endedCookie, heldCredentialIn, sessionIn,
} from './session-cookie.ts'

/** Browsers that read for somebody. A session reads; whatever is done is signed. */
export function addSessionRoutes(context: RouteContext): void {
  addRoute(context, 'openSession', async (_input, request, reply) => {
    const reader = await context.reader(request)
    const answer = await sessionOf(context, reader)
    const seconds = Math.floor(((answer.session?.untilMs ?? 0) - context.wallClock()) / 1_000)
    const credential = request.headers.authorization ?? ''
    reply.header('set-cookie', cookieOf(request, credential, Math.max(0, seconds)))
    return answer
  })
  addRoute(context, 'session', async (_input, request, reply) => {
    const certificate = certificateIn(request, context.wallClock())
    if (credentialIn(request) === undefined && certificate === undefined) return { session: null }
    try {
      return await sessionOf(context, await context.reader(request))
    } catch (error) {
      if (isOver(error)) return ended(request, reply)
      throw error
    }
  })
  addRoute(context, 'closeSession', async (_input, request, reply) => {
    const token = sessionIn(request)
    if (token !== undefined) await context.service.signIn.signOut(token)
    await signOutOf(context, heldCredentialIn(request))
    if (choiceIn(request) !== undefined) reply.header('set-cookie', endedChoiceCookie(request))
    return ended(request, reply)
  })
}

/** What the browser has held is worth nothing any more, whoever has a copy of it. */
async function signOutOf(
  { service, limits, wallClock }: RouteContext,
  held: string | undefined,
): Promise<void> {
  if (held === undefined) return
  try {
    const credential = readCredential(held, wallClock(), limits.credentialMs)
    // Kept is only what counts: nobody fills the book with what it makes up.
    if ((await service.authenticate(credential)) === undefined) return
    await service.signIn.signOutOf(credential)
  } catch (error) {
    if (!isOver(error)) throw error
  }
}

function ended(request: FastifyRequest, reply: FastifyReply): Session {
  reply.header('set-cookie', endedCookie(request))
  return { session: null }
}

/** It ended, or its key was revoked: nobody is signed in any more, which is no mistake. */
const isOver = (error: unknown): boolean =>
  error instanceof Refused && error.problem.status === 401

/** Whoever reads for an account, as its pages are told. */
export async function sessionOf(
  { service }: RouteContext,
  { account, roles, untilMs, objection }: Pick<
    Caller, 'account' | 'roles' | 'untilMs' | 'objection'
  >,
): Promise<Session> {
  const view = await service.account(account)
  if (view === undefined) throw new Refused('not_found', { field: 'account' })
  const { name, retailer } = view
  const session = { account, name, roles: [...roles], retailer, untilMs }
  if (objection === undefined) return { session }
  return { session: { ...session, objection: objectionJson(objection) } }
}
