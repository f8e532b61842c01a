import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useServices } from '../app/services.tsx'
import { saveCsv, saveFile } from '../lib/csv.ts'
import { Icon } from '../parts/icons.tsx'
import { Card } from '../parts/parts.tsx'
import { Failed } from '../parts/states.tsx'
import { EvidenceExport } from './evidence-export.tsx'
import { JournalExport } from './journal-export.tsx'

/** What auditors take away with them. */
export function ExportsCard(): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const [error, setError] = useState<unknown>(null)
  const save = (read: () => Promise<void>) => (): void => {
    setError(null)
    read().catch(setError)
  }
  const balances = save(async () => {
    const all = (await client.auditBalances()).balances
    saveCsv('balances', {
      account: all.map(({ account }) => account),
      balance_micros: all.map(({ balanceMicros }) => balanceMicros),
    })
  })
  const conservation = save(async () =>
    saveFile('conservation.json', 'application/json', JSON.stringify(await client.conservation())))
  return (
    <Card title={say('audit.exports')}>
      <p className='small soft'>{say('audit.exports.hint')}</p>
      <div className='row'>
        <button type='button' className='button' onClick={balances}>
          <Icon name='save' size={18} />
          {say('audit.exports.balances')}
        </button>
        <button type='button' className='button' onClick={conservation}>
          <Icon name='save' size={18} />
          {say('audit.exports.conservation')}
        </button>
      </div>
      {error === null ? null : <Failed error={error} retry={() => setError(null)} />}
      <EvidenceExport />
      <JournalExport />
    </Card>
  )
}
