import type { Operations } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { Badge, Card } from '../parts/parts.tsx'
import { checkSaid, healthSaid } from '../lib/sentences.ts'
import type { Formats } from '../format/formats.ts'
import type { Texts } from '../texts/texts.ts'
import { type MachinePart, machineParts, toneOf, troubledOf } from './machine.ts'

/** The parts of the machine, and what the server itself says of them. */
export function MachineCard({ operations }: { readonly operations: Operations }): ReactNode {
  const { say } = useTexts()
  const texts = useTexts()
  const formats = useFormats()
  const { checks } = operations
  const { proofDeadlineSeconds } = useMarket().rulebook
  const tones = machineParts.map((part) => toneOf(part, operations, proofDeadlineSeconds))
  const failing = checks.filter(({ ok }) => !ok)
  const troubled = troubledOf(operations, proofDeadlineSeconds).size
  const isBad = failing.length > 0 || tones.includes('bad')
  return (
    <Card
      title={say('operator.machine')}
      beside={
        <Badge
          tone={isBad ? 'bad' : troubled === 0 ? 'good' : 'warn'}
          icon={isBad ? 'cross' : troubled === 0 ? 'check' : 'warn'}
        >
          {troubled === 0
            ? say('operator.machine.good')
            : texts.count('operator.machine.troubled', troubled, formats.count(troubled))}
        </Badge>
      }
    >
      <ul className='machine'>
        {machineParts.map((part, index) => {
          const tone = tones[index] ?? 'good'
          return (
            <li key={part} className={tone}>
              <strong>{say(`operator.part.${part}`)}</strong>
              <span>{detailOf(part, operations, texts, formats)}</span>
              {tone === 'good' ? null : (
                <span className='small'>{say(`operator.part.${part}.next`)}</span>
              )}
            </li>
          )
        })}
      </ul>
      <details open={failing.length > 0}>
        <summary>{say('operator.machine.checks')}</summary>
        <dl className='facts'>
          {checks.map(({ name, ok, detail }) => (
            <div key={name}>
              <dt>
                <Badge tone={ok ? 'good' : 'bad'} icon={ok ? 'check' : 'cross'}>
                  {nameOf(name, say)}
                </Badge>
              </dt>
              <dd>{saidOf(detail, say)}</dd>
            </div>
          ))}
        </dl>
      </details>
    </Card>
  )
}

function nameOf(name: string, say: Texts['say']): string {
  const found = checkSaid(name)
  return found === undefined ? name : say(`health.name.${found.name}`, found.values)
}

function saidOf(detail: string, say: Texts['say']): string {
  const found = healthSaid(detail)
  return found === undefined ? detail : say(`health.says.${found.name}`, found.values)
}

const giga = 1_000_000_000

function detailOf(
  part: MachinePart,
  { parts }: Operations,
  { say }: Texts,
  formats: Formats,
): string {
  const { outbox, chain, database, committee, prover, disk } = parts
  const ms = (value: number | null): string =>
    value === null ? say('operator.unknown') : formats.duration(value)
  switch (part) {
    case 'outbox':
      return say('operator.part.outbox.detail', {
        count: formats.count(outbox.pending), time: ms(outbox.sinceFinalMs),
      })
    case 'chain':
      return chain.block === null
        ? say('operator.part.chain.silent')
        : say('operator.part.chain.detail', {
            block: formats.count(chain.block), time: ms(chain.answerMs),
          })
    case 'database':
      return say('operator.part.database.detail', {
        sequence: formats.count(database.sequence), waiting: formats.count(database.waiting),
        time: ms(database.commits.medianMs), most: ms(database.commits.mostMs),
      })
    case 'committee':
      return say('operator.part.committee.detail', { count: formats.count(committee.waiting) })
    case 'prover':
      return say('operator.part.prover.detail', {
        unproven: formats.count(prover.unproven), waiting: formats.count(prover.waiting),
      })
    case 'disk':
      if (disk === null) return say('operator.unknown')
      return say('operator.part.disk.detail', {
        free: formats.count(Math.floor(disk.freeBytes / giga)),
        size: formats.count(Math.floor(disk.sizeBytes / giga)),
      })
  }
}
