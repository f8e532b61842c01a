import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { type Display, type Formats, formatsOf } from '../format/formats.ts'
import {
  type Language,
  languageFor,
  languages,
  loadTexts,
  type Texts,
  textsOf,
} from '../texts/texts.ts'

export type Theme = 'system' | 'light' | 'dark'
export const themes: readonly Theme[] = ['system', 'light', 'dark']

/** How somebody likes to read, kept on the device. */
export type Reading = {
  readonly texts: Texts
  readonly theme: Theme
  readonly setLanguage: (language: Language) => void
  readonly setTheme: (theme: Theme) => void
  readonly formatsFor: (display: Display) => Formats
}

const ReadingContext = createContext<Reading | undefined>(undefined)

/** For pages below, whose words are found otherwise. */
export function TextsProvider(props: {
  readonly texts: Texts
  readonly children: ReactNode
}): ReactNode {
  const { texts, children } = props
  const reading = useReading()
  const other = useMemo(() => ({ ...reading, texts }), [reading, texts])
  return <ReadingContext value={other}>{children}</ReadingContext>
}

const languagePlace = 'busbar.language'
const themePlace = 'busbar.theme'

const kept = <Value extends string>(place: string, among: readonly Value[]): Value | undefined =>
  among.find((value) => value === localStorage.getItem(place))

/** What somebody has chosen on this device, or what the device prefers. */
export const firstLanguage = (): Language =>
  kept(languagePlace, languages) ?? languageFor(navigator.languages)

const keptTheme = (): Theme => kept(themePlace, themes) ?? 'system'

const showTheme = (theme: Theme): void => {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

/** Before anything is drawn: who chose the dark sees no flash of light first. */
export const showKeptTheme = (): void => showTheme(keptTheme())

/** Its texts are loaded: see `loadTexts`. */
export function ReadingProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [language, setLanguage] = useState<Language>(firstLanguage)
  const [theme, setTheme] = useState<Theme>(keptTheme)
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  useEffect(() => showTheme(theme), [theme])
  const reading = useMemo<Reading>(() => {
    const known = new Map<string, Formats>()
    return {
      texts: textsOf(language),
      theme,
      setLanguage: (chosen) => {
        const change = (): void => {
          localStorage.setItem(languagePlace, chosen)
          setLanguage(chosen)
        }
        // Where it cannot be loaded, the page stays readable in the one before.
        loadTexts(chosen).then(change, () => undefined)
      },
      setTheme: (chosen) => {
        localStorage.setItem(themePlace, chosen)
        setTheme(chosen)
      },
      formatsFor: (display) => {
        const name = `${display.timeZone} ${display.currency}`
        const formats = known.get(name) ?? formatsOf(language, display)
        known.set(name, formats)
        return formats
      },
    }
  }, [language, theme])
  return <ReadingContext value={reading}>{children}</ReadingContext>
}

export function useReading(): Reading {
  const reading = useContext(ReadingContext)
  if (reading === undefined) throw new Error('a page is read by somebody')
  return reading
}

export const useTexts = (): Texts => useReading().texts
