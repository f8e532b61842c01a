import { Fault } from '@busbar/core/errors'
import type { ProblemCode, SignInChoice } from '@busbar/protocols/api'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AccountView } from '../app/ports/exchange-views.ts'
import type { ChoiceTokens } from '../app/ports/sign-in.ts'
import { Refused } from './refused.ts'
import { addRoute, type RouteContext } from './route-context.ts'
import {
  choiceCookie, choiceIn, endedChoiceCookie, endedWayCookie, sessionCookie, sessionIn, wayCookie,
  wayIn,
} from './session-cookie.ts'
import { sessionOf } from './session-routes.ts'

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
      const { signInPage } = context
      const from = { token: wayIn(request), query: queryOf(request), address: request.ip }
      const answer = await signIn.finish(provider, { ...from, mayAsk: signInPage !== undefined })
      if (answer.kind === 'refused') throw new Refused(answer.reason)
      if (answer.kind === 'choose') {
        reply.header('set-cookie', choiceCookie(request, answer.choice))
        return sent(reply, `${signInPage}?choose&to=${encodeURIComponent(answer.back)}`)
      }
      const seconds = Math.floor((answer.untilMs - context.wallClock()) / 1_000)
      reply.header('set-cookie', sessionCookie(request, answer.session, seconds))
      return sent(reply, answer.back)
    }),
  )
  addRoute(context, 'signInChoice', async (_input, request) => {
    const offered = signIn.offered(tokensIn(request), request.ip)
    const views = await Promise.all(
      offered.map(async ({ account, isCurrent }) => {
        const view = await context.service.account(account)
        return view === undefined ? [] : [accountOf(view, isCurrent)]
      }),
    )
    return { accounts: views.flat() }
  })
  addRoute(context, 'chooseAccount', async ({ body: { account } }, request, reply) => {
    const answer = await signIn.choose(tokensIn(request), account, request.ip)
    if (answer.kind === 'refused') throw new Refused(answer.reason)
    const admission = signIn.bySession(answer.session, request.ip)
    if (admission.kind === 'refused') throw new Refused('sign_in_unknown')
    const seconds = Math.floor((answer.untilMs - context.wallClock()) / 1_000)
    reply.header('set-cookie', endedChoiceCookie(request))
    reply.header('set-cookie', sessionCookie(request, answer.session, seconds))
    return sessionOf(context, admission.reader)
  })
}

const tokensIn = (request: FastifyRequest): ChoiceTokens => ({
  choice: choiceIn(request),
  session: sessionIn(request),
})

const accountOf = (
  { account, name, roles }: AccountView,
  isCurrent: boolean,
): SignInChoice['accounts'][number] => ({ account, name, roles: [...roles], isCurrent })

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
