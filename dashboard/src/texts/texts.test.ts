/**
 * Goal: every text exists in every language, is filled in with the same values, and is used.
 * Method: the catalogues are compared key by key; the sources are searched for the keys, also for
 * those that are put together from a stem and a value.
 */
import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, test } from 'node:test'
import { withAnswered } from './answered.ts'
import { deInside } from './de-inside.ts'
import { de as deFirst } from './de.ts'
import { enInside } from './en-inside.ts'
import { en as enFirst, type TextKey } from './en.ts'
import { languageFor, loadAllTexts, loadTexts, textsOf } from './texts.ts'

const en = { ...enFirst, ...enInside }
const de = { ...deFirst, ...deInside }

const keys = Object.keys(en) as readonly TextKey[]
const valuesOf = (text: string): readonly string[] =>
  [...text.matchAll(/\{([a-zA-Z]+)\}/g)].map(([, name = '']) => name).sort()

function sourcesIn(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(({ name }) => /\.tsx?$/.test(name))
    .filter(({ name }) => !/^(?:en|de)(?:-[a-z-]+)?\.ts$|\.test\.ts$/.test(name))
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'))
    .join('\n')
}

/** Whether the key stands in the sources, or all but its last part before a `${`. */
function isUsed(key: string, sources: string): boolean {
  const stem = key.replace(/\.(?:one|other)$/, '')
  if (sources.includes(`'${stem}'`)) return true
  const parts = stem.split('.')
  return parts.some((_part, i) => i > 0 && sources.includes(`${parts.slice(0, i).join('.')}.\${`))
}

describe('catalogues', () => {
  test('have the same keys in the same order', () => deepEqual(Object.keys(de), keys))

  test('have no key in two of their parts: one would silently stand for both', () => {
    const isPart = (name: string): boolean => /^en(?:-[a-z-]+)?\.ts$/.test(name)
    const parts = readdirSync(import.meta.dirname).filter(isPart)
    const all = parts.flatMap((name) =>
      [...readFileSync(join(import.meta.dirname, name), 'utf8').matchAll(/^ {2}'([^']+)':/gm)]
        .map(([, key]) => key),
    )
    deepEqual(all.filter((key, place) => all.indexOf(key) !== place), [])
    ok(all.length >= keys.length)
  })

  test('fill in the same values', () => {
    for (const key of keys) deepEqual(valuesOf(de[key]), valuesOf(en[key]), key)
  })

  test('have no text that nobody shows', () => {
    const sources = sourcesIn(resolve(import.meta.dirname, '..'))
    deepEqual(keys.filter((key) => !isUsed(key, sources)), [])
  })

  test('have one noun for one thing in German', () => {
    // Words for what another noun stands for everywhere, by that noun.
    const others: Readonly<Record<string, RegExp>> = {
      ...{ Handelsschluss: /\bTor\b|Annahmeschluss/, Ausgleichsstelle: /Bilanz/ },
      Geschäft: /Handel \{|\b(?:ein|eines|einen|dieser|diesen) Handel/i,
      ...{ Hauptbuch: /Kontenbuch/, Regelwerk: /Regelbuch/, Mandat: /Vollmacht/ },
      ...{ Verzug: /Ausf(?:a|ä)ll/, Zuteilung: /[Ff]üllung/, Ergebnis: /Räumung/ },
      ...{ Unterschrift: /[Ss]ignatur|[Ss]igniert/, Zahlungsweg: /Zahlweg/, Behörde: /Aufsicht/ },
      ...{ Unternehmen: /\bFirm(?:a|en)\b/, Hash: /\bDigest\b/, Ablesung: /Messwert/ },
    }
    const found = Object.entries(others).flatMap(([noun, words]) =>
      keys.filter((key) => words.test(de[key])).map((key) => `${key}: ${noun}`))
    deepEqual(found, [])
  })

  test('have one and other together', () => {
    for (const key of keys) {
      const other = key.replace(/\.one$/, '.other')
      if (other !== key) equal(other in en, true, key)
    }
  })
})

describe('texts', () => {
  test('are loaded before they are said', async () => {
    throws(() => textsOf('en'), /loaded before/)
    await Promise.all([loadTexts('en'), loadTexts('de'), loadTexts('en')])
    equal(textsOf('de').language, 'de')
    const { say } = textsOf('de')
    throws(() => say('bills.title'))
    await loadAllTexts()
    equal(say('bills.title'), de['bills.title'], 'also to who reads already')
  })

  test('stand for what was answered, which stands for itself where there is none', async () => {
    await loadTexts('en')
    await loadAllTexts()
    const { say } = withAnswered(textsOf('en'))
    equal(say('assurance.metered'), 'read by the meter')
    equal(say('line.trade', { trade: 3 }), textsOf('en').say('line.trade', { trade: 3 }))
    equal(say('assurance.meterec' as TextKey), 'meterec')
  })

  test('count by the rules of the language', () => {
    equal(textsOf('en').count('auction.orders', 1, '1'), '1 order')
    equal(textsOf('de').count('auction.orders', 1_200, '1.200'), '1.200 Aufträge')
    equal(textsOf('de').count('auction.orders', 0, '0'), '0 Aufträge')
    const gate = textsOf('de').count('interval.step.gate.done', 1, '1')
    equal(gate, '1 Auftrag festgelegt; seine Wurzel geht auf die Kette.')
  })

  test('are in the first language asked for that there is', () => {
    equal(languageFor(['fr', 'de-AT', 'en']), 'de')
    equal(languageFor(['fr']), 'en')
    equal(languageFor([]), 'en')
  })
})
