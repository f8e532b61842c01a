import type { TextKey } from './en.ts'

export const languages = ['en', 'de'] as const
export type Language = (typeof languages)[number]

export const languageNames: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' }

type Catalogue = Readonly<Record<TextKey, string>>

type Part = 'first' | 'inside'

const sources: Readonly<Record<Language, Readonly<Record<Part, () => Promise<object>>>>> = {
  en: {
    first: async () => (await import('./en.ts')).en,
    inside: async () => (await import('./en-inside.ts')).enInside,
  },
  de: {
    first: async () => (await import('./de.ts')).de,
    inside: async () => (await import('./de-inside.ts')).deInside,
  },
}

/** What is there of each; a part that comes later joins the catalogue that is read from. */
const loaded = new Map<Language, Catalogue>()
const wanted = new Set<Part>(['first'])

/**
 * A reader needs one language, and loads no other; and of that what the first page says, until
 * another page is opened. Rejects where it cannot be loaded.
 */
export async function loadTexts(language: Language): Promise<void> {
  const parts = await Promise.all([...wanted].map((part) => sources[language][part]()))
  const known: object = loaded.get(language) ?? {}
  loaded.set(language, Object.assign(known, ...parts) as Catalogue)
}

/** What all pages say, in each language that is loaded: before any but the first is drawn. */
export async function loadAllTexts(): Promise<void> {
  wanted.add('inside')
  await Promise.all([...loaded.keys()].map(loadTexts))
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
  /** Whether there is such a text, among those that are loaded. */
  readonly has: (key: string) => key is TextKey
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
    has: (key): key is TextKey => key in catalogue,
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
