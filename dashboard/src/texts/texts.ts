import type { TextKey } from './en.ts'

export const languages = ['en', 'de'] as const
export type Language = (typeof languages)[number]

export const languageNames: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' }

type Catalogue = Readonly<Record<TextKey, string>>

const sources: Readonly<Record<Language, () => Promise<Catalogue>>> = {
  en: async () => (await import('./en.ts')).en,
  de: async () => (await import('./de.ts')).de,
}

const loaded = new Map<Language, Catalogue>()

/** A reader needs one language, and loads no other. Rejects where it cannot be loaded. */
export async function loadTexts(language: Language): Promise<void> {
  if (!loaded.has(language)) loaded.set(language, await sources[language]())
}

/** The stem of the keys that are chosen by a number. */
export type CountedKey = {
  [Key in TextKey]: Key extends `${infer Stem}.other` ? Stem : never
}[TextKey]

export type Values = Readonly<Record<string, string | number>>

export type Texts = {
  readonly language: Language
  /** The text with `{name}` filled in. */
  readonly say: (key: TextKey, values?: Values) => string
  /** One or many, by the rules of the language; `shown` is how the number is written. */
  readonly count: (stem: CountedKey, count: number, shown: string) => string
}

/** @throws Error for a language that was not loaded */
export function textsOf(language: Language): Texts {
  const catalogue = loaded.get(language)
  if (catalogue === undefined) throw new Error('texts are loaded before they are said')
  const rules = new Intl.PluralRules(language)
  const say = (key: TextKey, values: Values = {}): string =>
    catalogue[key].replace(/\{([a-zA-Z]+)\}/g, (whole, name: string) =>
      String(values[name] ?? whole),
    )
  return {
    language,
    say,
    count: (stem, count, shown) => {
      const form = rules.select(count) === 'one' ? 'one' : 'other'
      return say(`${stem}.${form}`, { count: shown })
    },
  }
}

/** The first language asked for that there is a catalogue of; English where there is none. */
export function languageFor(asked: readonly string[]): Language {
  for (const tag of asked) {
    const found = languages.find((language) => tag.toLowerCase().split('-')[0] === language)
    if (found !== undefined) return found
  }
  return 'en'
}
