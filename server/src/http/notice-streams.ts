import type { ServerResponse } from 'node:http'
import type { NoticeService } from '../app/ports/notice-service.ts'
import { privateFrameOf } from './event-log.ts'
import { eachInTurns } from './turns.ts'

/** Who reads for an account, on a stream that is open. */
export type OwnReader = {
  readonly response: ServerResponse
  readonly account: number
  /** Whether its credential still is one: asked again before anything is told. */
  readonly mayRead: () => Promise<boolean>
}

/** What only its account is told by the stream: how far its notices are. */
export type NoticeStreams = {
  /** From now on. It is told at once how far they are, so that a gap shows. */
  readonly follow: (reader: OwnReader) => void
  readonly close: () => void
}

/** Fewer than of those who are told what all are told: each is asked for its credential first. */
const ownReadersPerTurn = 10

type Followed = OwnReader & { told: number }

/**
 * @param write passes on to a stream as long as it is open
 * @param report of what could not be told: those readers are told with the next notice
 */
export function createNoticeStreams(
  notices: Pick<NoticeService, 'lastSequences' | 'subscribe'>,
  write: (response: ServerResponse, frame: string) => void,
  report: (error: unknown, route: string) => void,
): NoticeStreams {
  const followed = new Map<number, Set<Followed>>()
  const moved = new Set<number>()
  let telling: Promise<void> | undefined

  const leave = (reader: Followed): void => {
    const beside = followed.get(reader.account)
    beside?.delete(reader)
    if (beside?.size === 0) followed.delete(reader.account)
  }
  const tell = async (reader: Followed, lastSequence: number): Promise<void> => {
    if (reader.told >= lastSequence) return
    if (!(await reader.mayRead())) return leave(reader)
    reader.told = lastSequence
    const { account, response } = reader
    write(response, privateFrameOf({ name: 'notices_written', data: { account, lastSequence } }))
  }
  const reported = async (work: Promise<void>): Promise<void> => {
    try {
      await work
    } catch (error) {
      report(error, 'stream')
    }
  }
  const tellReaders = async (accounts: readonly number[]): Promise<void> => {
    const last = await notices.lastSequences(accounts)
    const readers = accounts.flatMap((account) => [...(followed.get(account) ?? [])])
    const one = (reader: Followed) => reported(tell(reader, last.get(reader.account) ?? 0))
    await eachInTurns(readers, one, ownReadersPerTurn)
  }
  /** All that waits, and what comes while it is told. */
  const tellAll = async (): Promise<void> => {
    while (moved.size > 0) {
      const accounts = [...moved]
      moved.clear()
      await reported(tellReaders(accounts))
    }
    telling = undefined
  }
  const hear = (accounts: Iterable<number>): void => {
    for (const account of accounts) if (followed.has(account)) moved.add(account)
    if (moved.size > 0) telling ??= tellAll()
  }
  return {
    follow(reader) {
      const own: Followed = { ...reader, told: -1 }
      const { account, response } = reader
      followed.set(account, (followed.get(account) ?? new Set()).add(own))
      response.once('close', () => leave(own))
      hear([account])
    },
    close: notices.subscribe(hear),
  }
}
