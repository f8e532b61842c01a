import { type AnchorHTMLAttributes, type ReactNode, useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()

const tellAll = (): void => {
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('popstate', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('popstate', listener)
  }
}

export const usePath = (): string =>
  useSyncExternalStore(subscribe, () => window.location.pathname)

/** What stands behind the question mark, as it is. */
export const useSearch = (): string =>
  useSyncExternalStore(subscribe, () => window.location.search)

export function goTo(path: string): void {
  window.history.pushState(null, '', path)
  tellAll()
  window.scrollTo(0, 0)
  // Who listens to the page hears the new one from its beginning.
  document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true })
}

/** Changes what stands behind the question mark, and stays where it is. */
export function refine(search: string): void {
  window.history.replaceState(null, '', `${window.location.pathname}${search}`)
  tellAll()
}

type LinkProps = AnchorHTMLAttributes<HTMLAnchorElement> & {
  readonly to: string
  readonly children: ReactNode
}

/** A link to another page, without loading the program again. */
export function Link({ to, children, ...others }: LinkProps): ReactNode {
  return (
    <a
      href={to}
      {...others}
      onClick={(event) => {
        const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey
        if (!isPlain || event.altKey || event.defaultPrevented) return
        event.preventDefault()
        goTo(to)
      }}
    >
      {children}
    </a>
  )
}
