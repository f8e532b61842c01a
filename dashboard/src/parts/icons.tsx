import type { ReactNode } from 'react'

/** Pictures of one line, in the colour of the text around them. */
const paths = {
  market: 'M3 17l5-6 4 3 5-8 4 5',
  intervals: 'M12 7v5l3 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
  why: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L21 21',
  audit: 'M12 3l7 3v5c0 4.6-2.9 8-7 10-4.1-2-7-5.4-7-10V6zM9 12l2 2 4-4',
  home: 'M4 11.5L12 5l8 6.5M6.5 10v9h11v-9M10 19v-5h4v5',
  sun:
    'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2' +
    'M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
  battery: 'M3 7.5h15v9H3zM18 10.5h3v3h-3M6.5 10.5v3M10 10.5v3',
  car: 'M3 15.5v-4l2.5-5h9l4 5 2.5.8v3.2zM7 15.5a2 2 0 1 0 .1 0M17 15.5a2 2 0 1 0 .1 0',
  heat: 'M8 3v11.2a4.5 4.5 0 1 0 5 0V3zM10.5 9v7.5M17 6c2 1.5-2 3 0 4.5',
  code: 'M8 7l-5 5 5 5M16 7l5 5-5 5M13.5 5l-3 14',
  figures: 'M4 20V4M4 20h16M8.5 16v-5M13 16V7M17.5 16v-7',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  wait: 'M12 8v4l2.5 1.5M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z',
  warn: 'M12 4L2.8 20h18.4zM12 10v4.5M12 17.2v.1',
  cross: 'M6 6l12 12M18 6L6 18',
  none: 'M6 12h12',
  bell: 'M6 17h12l-1.6-2.4V11a4.4 4.4 0 0 0-8.8 0v3.6zM10.3 20a2 2 0 0 0 3.4 0M12 6.6V5',
  order: 'M5 4h14v16H5zM9 9h6M9 13h6',
  energy: 'M13 3L5 13.5h6L10.5 21 19 10h-6.5z',
  coins:
    'M12 4c4.4 0 8 1.6 8 3.5S16.4 11 12 11 4 9.4 4 7.5 7.6 4 12 4z' +
    'M4 7.5v9C4 18.4 7.6 20 12 20s8-1.6 8-3.5v-9M4 12c0 1.9 3.6 3.5 8 3.5s8-1.6 8-3.5',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  meter: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 12l3.5-3.5M8 17h8',
  chain:
    'M9 15l6-6M10.5 6.5l1.8-1.8a4.2 4.2 0 0 1 6 6l-1.8 1.8' +
    'M13.5 17.5l-1.8 1.8a4.2 4.2 0 0 1-6-6l1.8-1.8',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM5 20c0-3.6 3.1-5.5 7-5.5s7 1.9 7 5.5',
  menu: 'M5 7h14M5 12h14M5 17h14',
  key: 'M8 9a5 5 0 1 0 0 6.5h5l2-2 2 2 3-3.3-2-3.2zM6.5 12v.1',
  phone: 'M8 3h8v18H8zM11 18h2',
  copy: 'M9 9h10v11H9zM5 15V4h10',
  offline: 'M4 4l16 16M8.5 15.5a5 5 0 0 1 6-.8M5 12a10 10 0 0 1 4-2.4M19 12a10 10 0 0 0-5-2.8',
  left: 'M14.5 5L8 12l6.5 7',
  right: 'M9.5 5L16 12l-6.5 7',
  save: 'M12 4v11M7.5 11L12 15.5 16.5 11M5 20h14',
} as const

export type IconName = keyof typeof paths

/** A picture that says nothing that the words beside it do not say. */
export function Icon({
  name,
  size = 20,
}: {
  readonly name: IconName
  readonly size?: number
}): ReactNode {
  return (
    <svg
      width={size}
      height={size}
      viewBox='0 0 24 24'
      fill='none'
      stroke='currentColor'
      strokeWidth='1.9'
      strokeLinecap='round'
      strokeLinejoin='round'
      aria-hidden='true'
    >
      <path d={paths[name]} />
    </svg>
  )
}

/** The mark of the product: a bar of copper where circuits meet. */
export function Mark(): ReactNode {
  return (
    <svg width='28' height='28' viewBox='0 0 28 28' fill='none' aria-hidden='true'>
      <path
        d='M8 4v8M20 4v8M14 16v8'
        stroke='var(--ink)'
        strokeWidth='2.6'
        strokeLinecap='round'
      />
      <rect x='2' y='11.5' width='24' height='5' rx='2.5' fill='currentColor' />
    </svg>
  )
}
