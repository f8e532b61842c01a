import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { Badge, Card, Note, Switch, type Tone } from '../parts/parts.tsx'
import { type Finding, sumsOf, type Verdict } from './double-dipping.ts'
import { isoOf } from './energy-columns.tsx'
import { meterKey } from './energy-left.ts'
import { useCustomers, customersIn, type Signed } from './retailer-data.ts'

/** What became of a check: the verdict in words, then each line with its proof. */
export function CheckResult(props: {
  readonly findings: readonly Finding[]
  readonly signed: Signed
}): ReactNode {
  const { say } = useTexts()
  const { findings, signed } = props
  const [show, setShow] = useState<'all' | 'wrong'>('all')
  const [count, setCount] = useState(rowsAtFirst)
  const columns = useColumns(signed)
  if (findings.length === 0) {
    return (
      <Note tone='plain' icon='wait' title={say('retailer.energy.empty')}>
        <p>{say('retailer.energy.empty.next')}</p>
      </Note>
    )
  }
  const wanted = findings.filter(({ verdict }) => show === 'all' || verdict !== 'right')
  return (
    <Card
      title={say('retailer.check.lines')}
      beside={
        <Switch
          label={say('retailer.check.filter')}
          choices={[
            ['all', say('retailer.check.filter.all')],
            ['wrong', say('retailer.check.filter.wrong')],
          ]}
          chosen={show}
          choose={setShow}
        />
      }
    >
      <Outcome findings={findings} />
      {wanted.length === 0 ? (
        <Note tone='good' title={say('retailer.check.none')} />
      ) : (
        <DataTable
          title={say('retailer.check.lines')}
          frame='plain'
          file='billed-twice'
          columns={columns}
          rows={wanted.slice(0, count)}
          all={async () => ({ rows: wanted, isWhole: true })}
          keyOf={meterKey}
          more={{
            hasMore: wanted.length > count,
            isLoading: false,
            load: () => setCount(count + rowsAtFirst),
          }}
        />
      )}
    </Card>
  )
}

const rowsAtFirst = 40

/** The worst that may be said, once. */
function Outcome({ findings }: { readonly findings: readonly Finding[] }): ReactNode {
  const { say, count } = useTexts()
  const formats = useFormats()
  const { counts, excessWh } = sumsOf(findings)
  const energy = formats.exactEnergy(excessWh)
  const many = findings.length
  const note = (tone: Tone, name: 'unproven' | 'twice' | 'over' | 'early' | 'rest'): ReactNode => (
    <div data-outcome={name}>
      <Note
        tone={tone}
        title={say(`retailer.check.${name}`, { energy })}
        isAlert={tone === 'bad'}
      >
        <p>{say(`retailer.check.${name}.more`)}</p>
      </Note>
    </div>
  )
  if (counts.unproven > 0) return note('bad', 'unproven')
  if (counts.twice > 0) return note('bad', 'twice')
  if (counts.over > 0) return note('warn', 'over')
  if (counts.early > 0) return note('plain', 'early')
  if (counts.right < many) return note('warn', 'rest')
  return (
    <div data-outcome='good'>
      <Note tone='good' title={say('retailer.check.good')}>
        <p>{count('retailer.check.good.more', many, formats.count(many))}</p>
      </Note>
    </div>
  )
}

const tones: Readonly<Record<Verdict, Tone>> = {
  ...{ right: 'good', twice: 'bad', over: 'warn', under: 'warn', early: 'plain' },
  ...{ unproven: 'bad', unknown: 'warn' },
}

function useColumns(signed: Signed): readonly Column<Finding>[] {
  const { say } = useTexts()
  const formats = useFormats()
  const intervalMs = useMarket().rulebook.intervalSeconds * 1_000
  const nameOf = useMeterNames(signed)
  const flow = (taken: number, given: number): string => {
    if (given === 0) return taken === 0 ? '–' : formats.exactEnergy(taken)
    if (taken === 0) return `−${formats.exactEnergy(given)}`
    const [taking, giving] = [formats.exactEnergy(taken), formats.exactEnergy(given)]
    return say('retailer.check.flow', { import: taking, export: giving })
  }
  const energy = (
    name: string,
    title: string,
    of: (one: Finding) => readonly [number, number],
  ): Column<Finding> => ({
    ...{ name, title, isNumber: true },
    show: (one) => flow(...of(one)),
    value: (one) => of(one)[0] - of(one)[1],
  })
  return [
    {
      ...{ name: 'start', title: say('retailer.energy.start') },
      show: ({ interval }) => formats.span(interval * intervalMs, (interval + 1) * intervalMs),
      value: ({ interval }) => isoOf(interval * intervalMs),
    },
    {
      ...{ name: 'meter', title: say('retailer.energy.meter') },
      show: ({ meter }) => nameOf(meter),
      value: ({ meter }) => meter,
    },
    energy('billed_wh', say('retailer.check.billed'), (one) => [one.importWh, one.exportWh]),
    energy('traded_wh', say('retailer.check.tradedWh'), (one) => [one.boughtWh, one.soldWh]),
    energy('auction_wh', say('retailer.energy.auction'), ({ auctionWh }) => [
      Math.max(0, -auctionWh), Math.max(0, auctionWh),
    ]),
    energy('left_wh', say('retailer.check.left'), (one) => [one.leftImportWh, one.leftExportWh]),
    {
      ...{ name: 'proof', title: say('retailer.check.proof') },
      show: ({ proof }) => say(`retailer.proof.${proof}`),
      value: ({ proof }) => proof,
    },
    {
      ...{ name: 'verdict', title: say('retailer.check.verdict') },
      show: ({ verdict, excessWh }) => (
        <Badge tone={tones[verdict]}>
          {say(`retailer.verdict.${verdict}`, { energy: formats.exactEnergy(excessWh) })}
        </Badge>
      ),
      value: ({ verdict }) => verdict,
    },
  ]
}

function useMeterNames(signed: Signed): (meter: number) => string {
  const { say } = useTexts()
  const { data } = useCustomers(signed)
  const customers = data === undefined ? [] : customersIn(data)
  const names = new Map(
    customers.flatMap(({ name, meters }) => meters.map(({ meter }) => [meter, name] as const)),
  )
  return (meter) =>
    [names.get(meter) ?? [], say('retailer.meter', { meter })].flat().join(', ')
}
