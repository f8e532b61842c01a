import type { FastifyInstance } from 'fastify'
import type { NoticeAnswer, RailDelivery } from '../app/ports/rail-notices.ts'

export type ReceiveNotice = (rail: string, delivery: RailDelivery) => Promise<NoticeAnswer>

/** A notice is about one payment. */
const noticeBytesMax = 65_536

/**
 * Where rails bring their notices: the bytes as they came, since their signature is over those. No
 * part of the interface that people use; each rail's contract says what is in a notice.
 */
export function addRailRoutes(app: FastifyInstance, receive: ReceiveNotice): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    const raw = { parseAs: 'buffer', bodyLimit: noticeBytesMax } as const
    scope.addContentTypeParser('*', raw, async (_request: unknown, body: Buffer) => body)
    scope.post<{ Params: { rail: string } }>('/v1/rails/:rail/notices', async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const { status, reason } = await receive(request.params.rail, {
        headers: request.headers,
        body,
      })
      reply.code(status)
      return status === 204 ? reply.send() : reply.send({ code: reason })
    })
  })
}
