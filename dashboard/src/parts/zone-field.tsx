import type { ReactNode } from 'react'

/** One of several places; nothing where there is one alone. */
export function ZoneField(props: {
  readonly title: string
  readonly places: readonly (readonly [zone: number, name: string])[]
  readonly zone: number
  readonly choose: (zone: number) => void
}): ReactNode {
  const { title, places, zone, choose } = props
  if (places.length < 2) return null
  return (
    <label className='field short'>
      {title}
      <select value={zone} onChange={({ target }) => choose(Number(target.value))}>
        {places.map(([number, name]) => (
          <option key={number} value={number}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
