import { lookup } from 'node:dns/promises'
import { request as requestByHttp } from 'node:http'
import { request as requestByHttps } from 'node:https'
import { isIP } from 'node:net'
import { webhookDelivery } from '@busbar/protocols/api'
import type { NoticeSender, SendAnswer } from '../../app/ports/notices.ts'
import { hostOf, isPublicAddress, objectionTo, type Reach } from './addresses.ts'

type Resolve = (host: string) => Promise<readonly string[]>

export type WebhookOptions = {
  readonly reach: Reach
  /** From asking for the name's address to the head of the answer. */
  readonly deadlineMs?: number
  /** What a name stands for; the machine's resolver by default. */
  readonly resolve?: Resolve
  /** Certificates that are trusted besides those of Node. */
  readonly ca?: string
}

const deadlineMsDefault = webhookDelivery.answerMsMax

/** What is read of an answer beyond its head, so that a receiver may close in order. */
const answerBytesMax = 16_384

const resolveByMachine: Resolve = async (host) =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address)

/**
 * Brings notices over HTTPS to addresses that strangers chose.
 *
 * The name is resolved once, every address it stands for must be public, and the connection goes to
 * one that was looked at: a name that changes its meaning in between leads nowhere else. Nothing
 * is followed, no connection is kept, and an answer is its status.
 */
export class WebhookSender implements NoticeSender {
  readonly #reach: Reach
  readonly #deadlineMs: number
  readonly #resolve: Resolve
  readonly #ca: string | undefined

  constructor({ reach, deadlineMs = deadlineMsDefault, resolve, ca }: WebhookOptions) {
    this.#reach = reach
    this.#deadlineMs = deadlineMs
    this.#resolve = resolve ?? resolveByMachine
    this.#ca = ca
  }

  objection(url: string): string | undefined {
    return objectionTo(url, this.#reach)
  }

  async send(
    url: string,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array,
  ): Promise<SendAnswer> {
    const objection = this.objection(url)
    if (objection !== undefined) return unreachable(`not ${objection}`)
    const signal = AbortSignal.timeout(this.#deadlineMs)
    try {
      const target = new URL(url)
      const address = await unless(signal, this.#addressOf(hostOf(target)))
      if (address === undefined) return unreachable('not a public address')
      return await this.#post(target, address, headers, body, signal)
    } catch (error) {
      return unreachable(signal.aborted ? 'no answer in time' : whyOf(error))
    }
  }

  /** One that the host stands for; undefined where one of them must not be reached. */
  async #addressOf(host: string): Promise<string | undefined> {
    const addresses = isIP(host) === 0 ? await this.#resolve(host) : [host]
    const isOpen = this.#reach === 'any' || addresses.every(isPublicAddress)
    return isOpen ? addresses[0] : undefined
  }

  #post(
    target: URL,
    address: string,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array,
    signal: AbortSignal,
  ): Promise<SendAnswer> {
    const host = hostOf(target)
    const isSecure = target.protocol === 'https:'
    const options = {
      ...{ host: address, method: 'POST', path: `${target.pathname}${target.search}`, signal },
      port: target.port === '' ? (isSecure ? 443 : 80) : Number(target.port),
      headers: { ...headers, host: target.host, 'content-length': body.length },
      agent: false,
    }
    // Who answers must be who the name says, whatever address it was reached by.
    const secure = { servername: isIP(host) === 0 ? host : '', ca: this.#ca }
    return new Promise((resolve, reject) => {
      const request = isSecure
        ? requestByHttps({ ...options, ...secure })
        : requestByHttp(options)
      request.on('error', reject)
      request.on('response', (response) => {
        resolve({ kind: 'answered', status: response.statusCode ?? 0 })
        let read = 0
        // What fails from here on is no matter: the answer is there.
        response.on('error', () => undefined)
        response.on('data', (chunk: Buffer) => {
          read += chunk.length
          if (read > answerBytesMax) response.destroy()
        })
      })
      request.end(body)
    })
  }
}

const unreachable = (reason: string): SendAnswer => ({ kind: 'unreachable', reason })

/** A resolver cannot be told to stop: it is left to its own time. */
function unless<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  return Promise.race([work, promise])
}

/** The code of the system, which says enough and nothing of this machine. */
function whyOf(error: unknown): string {
  const { code } = error as { readonly code?: unknown }
  return typeof code === 'string' ? code : 'no connection'
}
