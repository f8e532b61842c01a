import { Fault } from '@busbar/core/errors'
import type { ProblemCode } from '@busbar/protocols/api'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refused } from './refused.ts'
import { addRoute, type RouteContext } from './route-context.ts'
import { endedWayCookie, sessionCookie, wayCookie, wayIn } from './session-cookie.ts'

/** People of companies, who sign in where they work. */
export function addSignInRoutes(context: RouteContext): void {
  const { signIn } = context.service
  addRoute(context, 'signInProviders', async () => ({
    providers: signIn.providers.map(({ name, label }) => ({
      ...{ name, label, path: `/v1/sign-in/${name}` },
    })),
  }))
  addRoute(context, 'signIn', ({ params: { provider }, query }, request, reply) =>
    orBack(context, reply, async () => {
      const { account, back = '/' } = query
      const answer = await signIn.begin(provider, { account, back, address: request.ip })
      if (answer.kind === 'refused') throw new Refused(answer.reason)
      reply.header('set-cookie', wayCookie(request, answer.token))
      return sent(reply, answer.url)
    }),
  )
  addRoute(context, 'signInCallback', ({ params: { provider } }, request, reply) =>
    orBack(context, reply, async () => {
      reply.header('set-cookie', endedWayCookie(request))
      const from = { token: wayIn(request), query: queryOf(request), address: request.ip }
      const answer = await signIn.finish(provider, from)
      if (answer.kind === 'refused') throw new Refused(answer.reason)
      const seconds = Math.floor((answer.untilMs - context.wallClock()) / 1_000)
      reply.header('set-cookie', sessionCookie(request, answer.session, seconds))
      return sent(reply, answer.back)
    }),
  )
}

/** The bytes that the provider sent, and not what a parser made of them. */
const queryOf = ({ url }: FastifyRequest): string => {
  const mark = url.indexOf('?')
  return mark < 0 ? '' : url.slice(mark)
}

function sent(reply: FastifyReply, url: string): string {
  reply.code(303).header('location', url).type('text/html')
  return ''
}

/** A person is shown a page that says what is wrong, where there are pages. */
async function orBack(
  { signInPage }: RouteContext,
  reply: FastifyReply,
  work: () => Promise<string>,
): Promise<string> {
  try {
    return await work()
  } catch (error) {
    const code = codeOf(error)
    if (signInPage === undefined || code === undefined) throw error
    return sent(reply, `${signInPage}?refused=${code}`)
  }
}

const codeOf = (error: unknown): ProblemCode | undefined => {
  if (error instanceof Refused) return error.problem.code as ProblemCode
  return error instanceof Fault && error.code === 'SIGN_IN_UNAVAILABLE' ? error.code : undefined
}
