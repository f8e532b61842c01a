import type { InstructionItemResult, ProposalView, RulebookDocument } from '@busbar/protocols/api'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useMarketTime } from '../app/live.tsx'
import { useFormats, useMarket, useZoneName } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { ActNote, useAct } from '../app/signing.tsx'
import { keys } from '../live/keys.ts'
import { Badge, Card, Hash, Note, type Tone } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import type { Session } from '../session/session.ts'
import { Comparison } from './comparison.tsx'
import { mayDecide } from './operator-frame.tsx'
import { type Fact, factsOf } from './proposal-facts.ts'
import { WhatIf } from './what-if.tsx'

/** What one has asked for and another has to approve. */
export function ProposalsCard({ session }: { readonly session: Session }): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const formats = useFormats()
  const asked = useQuery({
    queryKey: keys.proposals,
    queryFn: ({ signal }) => client.operator.proposals({ signal }),
  })
  return (
    <Card title={say('proposals.title')}>
      <Answered asked={asked}>
        {({ proposals, deadlineSeconds }) => {
          const open = proposals.filter(({ status }) => status === 'open')
          const over = proposals.filter(({ status }) => status !== 'open').slice(0, 5)
          return (
            <>
              <p className='soft'>
                {deadlineSeconds === null
                  ? say('proposals.alone')
                  : say('proposals.hint', { time: formats.duration(deadlineSeconds * 1_000) })}
              </p>
              {open.length === 0 ? (
                <Note tone='plain' icon='check' title={say('proposals.none')} />
              ) : (
                <ul className='proposals'>
                  {open.map((one) => (
                    <Waiting key={one.proposal} one={one} session={session} />
                  ))}
                </ul>
              )}
              {over.length === 0 ? null : <Decided proposals={over} />}
            </>
          )
        }}
      </Answered>
    </Card>
  )
}

function Waiting(props: {
  readonly one: ProposalView
  readonly session: Session
}): ReactNode {
  const { one, session } = props
  const { say } = useTexts()
  const formats = useFormats()
  const nowMs = useMarketTime(1_000) ?? one.atMs
  const { instruction, expiresAtMs, proposal } = one
  const isOwn = instruction.account === session.account
  const { rulebook } = useMarket()
  const telling = {
    ...{ texts: { say }, formats, zoneName: useZoneName() },
    intervalMs: rulebook.intervalSeconds * 1_000,
  }
  const facts: readonly (readonly [string, ReactNode])[] = [
    ...factsOf(instruction, telling).map(([title, value]) =>
      [say(title), <Told value={value} />] as const),
    [say('proposals.by'), <Named account={instruction.account} />],
    [say('proposals.at'), formats.moment(one.atMs)],
    [say('proposals.digest'), <Hash value={instruction.digest} />],
  ]
  return (
    <li>
      <div className='row apart'>
        <h3>{say('proposals.number', {
          proposal, what: say(`instruction.${instruction.kind}`),
        })}</h3>
        <Badge tone='warn' icon='wait'>
          {say('proposals.left', { time: formats.countdown(expiresAtMs - nowMs) })}
        </Badge>
      </div>
      <dl className='facts'>
        {facts.map(([name, value], index) => (
          <div key={index}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {instruction.kind === 'schedule_rulebook' ? (
        <>
          <Rules {...instruction.content} />
          <WhatIf rulebook={instruction.content.rulebook} />
        </>
      ) : null}
      {mayDecide(session) ? <Decide one={one} session={session} isOwn={isOwn} /> : null}
    </li>
  )
}

/** How proposed rules differ from those in whose place they come: who approves signs all. */
function Rules(props: {
  readonly rulebook: RulebookDocument
  readonly fromInterval: number
}): ReactNode {
  const { client } = useServices()
  const asked = useQuery({
    queryKey: keys.rulebooks,
    queryFn: ({ signal }) => client.operator.rulebooks({ signal }),
  })
  return (
    <Answered asked={asked} height={160}>
      {({ rulebooks }) => {
        const before = rulebooks.findLast((one) => one.fromInterval <= props.fromInterval)
        return before === undefined ? null : (
          <Comparison one={before.rulebook} other={props.rulebook} />
        )
      }}
    </Answered>
  )
}

function Told({ value }: { readonly value: Fact[1] }): ReactNode {
  if (typeof value === 'string') return value
  if ('bytes' in value) return <Hash value={value.bytes} />
  return value.accounts.map((account) => (
    <div key={account}>
      <Named account={account} />
    </div>
  ))
}

/** An account by its name and number; by the number alone until the name is known. */
function Named({ account }: { readonly account: number }): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const { data } = useQuery({
    queryKey: [...keys.participants, account],
    queryFn: ({ signal }) => client.participants({ from: account, limit: 1 }, { signal }),
  })
  const [found] = data?.participants ?? []
  return found?.account === account
    ? say('proposals.named', { name: found.name, account })
    : say('proposals.account', { account })
}

/** The buttons, and what has become of them. */
function Decide(props: {
  readonly one: ProposalView
  readonly session: Session
  readonly isOwn: boolean
}): ReactNode {
  const { one, session, isOwn } = props
  const { say } = useTexts()
  const act = useAct<InstructionItemResult>(session)
  const [isRefusing, setRefusing] = useState(false)
  const { proposal, instruction } = one
  const approve = async (): Promise<void> => {
    await act.act(
      async (signer) => {
        // The digest is worked out from what stands here: nothing else is signed.
        const { isAsProposed } = await import('@busbar/client')
        if (!isAsProposed(signer.domain, one)) throw new Error(say('proposals.differs'))
        const content = { proposal, digest: instruction.digest }
        return signer.instruction('approve_proposal', content)
      },
      (signed, client) => client.instruct(signed),
    )
  }
  const refuse = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const reason = String(new FormData(event.currentTarget).get('reason'))
    const content = { proposal, digest: instruction.digest, reason }
    await act.act(
      (signer) => signer.instruction('refuse_proposal', content),
      (signed, client) => client.instruct(signed),
    )
  }
  const isBusy = act.state === 'asking' || act.state === 'sending'
  return (
    <>
      <div className='row'>
        {isOwn ? (
          <p className='soft'>{say('proposals.own')}</p>
        ) : (
          <button
            type='button'
            className='button main'
            disabled={isBusy}
            onClick={() => void approve()}
          >
            {say('proposals.approve')}
          </button>
        )}
        <button
          type='button'
          className='button'
          aria-expanded={isRefusing}
          onClick={() => setRefusing(!isRefusing)}
        >
          {say(isOwn ? 'proposals.takeBack' : 'proposals.refuse')}
        </button>
      </div>
      {isRefusing ? (
        <form className='acting stack tight' onSubmit={(event) => void refuse(event)}>
          <label className='field'>
            {say('proposals.reason')}
            <input name='reason' required maxLength={200} autoComplete='off' />
            <span>{say('proposals.reason.hint')}</span>
          </label>
          <button type='submit' className='button' disabled={isBusy}>
            {say(isOwn ? 'proposals.takeBack' : 'proposals.refuse')}
          </button>
        </form>
      ) : null}
      <ActNote of={act} done={say('proposals.done')} />
    </>
  )
}

const tones: Readonly<Record<ProposalView['status'], Tone>> = {
  open: 'warn', approved: 'good', refused: 'bad', expired: 'plain',
}

function Decided({ proposals }: { readonly proposals: readonly ProposalView[] }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  return (
    <details>
      <summary>{say('proposals.over')}</summary>
      <ul className='proposals'>
        {proposals.map(({ proposal, instruction, status, decided, reason, atMs }) => (
          <li key={proposal}>
            <div className='row apart'>
              <strong>
                {say('proposals.number', {
                  proposal, what: say(`instruction.${instruction.kind}`),
                })}
              </strong>
              <Badge tone={tones[status]}>{say(`proposals.status.${status}`)}</Badge>
            </div>
            <p className='small soft'>
              {[
                say('proposals.byWhen', {
                  account: instruction.account, time: formats.moment(atMs),
                }),
                ...(decided === null
                  ? []
                  : [say('proposals.decidedBy', { account: decided.account })]),
                ...(reason === '' ? [] : [reason]),
              ].join('; ')}
            </p>
          </li>
        ))}
      </ul>
    </details>
  )
}
