/**
 * Goal: the rules of docs/house-style.md that a machine can hold, in one place, in seconds.
 * Method: read every file that git knows once; a rule is a function from a file to its complaints,
 * and all complaints of a rule are shown together. `tidy/planted.test.ts` shows that rules bite.
 */
import { fail } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readText, repositoryFiles } from './rooms.ts'
import { bannedConstructs, divisionsAreNamed } from './tidy/constructs.ts'
import {
  allCodes,
  brokenLinks,
  codeComplaints,
  dependenciesPage,
  dependencyComplaints,
  errorsPage,
  orphans,
  pages,
  variableComplaints,
} from './tidy/documents.ts'
import {
  adaptersStayInside,
  declaredDependencies,
  folderDirection,
  roomDirection,
  serverDirection,
  unknownFolders,
} from './tidy/imports.ts'
import {
  integrityComplaints,
  licenseComplaints,
  lockedPackages,
  npmComplaints,
  versionComplaints,
} from './tidy/packages.ts'
import {
  fileLength,
  functionLengths,
  lineLengths,
  moneyWithoutProperties,
  nameComplaints,
  punctuation,
  rootComplaints,
  testsSayWhy,
  whitespace,
} from './tidy/shape.ts'
import { programSources, type Rule, sourceOf } from './tidy/source.ts'

const paths = repositoryFiles()
const sources = programSources()
/** As Barretenberg writes them. */
const isGenerated = (path: string): boolean =>
  /^contracts\/src\/verifiers\/\w*(?:\d|(?:Threshold|Part|Join)Verifier)\.sol$/.test(path)

const contracts = paths
  .filter((path) => path.endsWith('.sol') && !isGenerated(path))
  .map((path) => sourceOf(path, readText(path)))

function none(complaints: readonly string[]): void {
  if (complaints.length > 0) fail(`\n${complaints.join('\n')}\n(${complaints.length} in all)`)
}

const everywhere = (rule: Rule, name: string, among = sources): void =>
  void test(name, () => none(among.flatMap(rule)))

describe('imports', () => {
  everywhere(roomDirection, 'rooms import down only')
  everywhere(folderDirection, 'folders build on each other in one direction')
  everywhere(serverDirection, 'use cases, adapters and HTTP meet in the programs only')
  everywhere(adaptersStayInside, 'nobody else imports an adapter')
  everywhere(declaredDependencies, 'what is imported is declared')
  test('the tables of folders name those that are there', () => none(unknownFolders(paths)))
})

describe('constructs', () => {
  everywhere(bannedConstructs, 'banned constructs are not used')
  everywhere(divisionsAreNamed, 'a division of money or energy says which way it rounds')
})

describe('shape', () => {
  test('the root holds the parts of the product', () => none(rootComplaints(paths)))
  test('files and folders are named alike', () => none(nameComplaints(paths)))
  everywhere(lineLengths, 'lines are short', [...sources, ...contracts])
  everywhere(fileLength, 'files are short', [...sources, ...contracts])
  everywhere(functionLengths, 'functions are short')
  everywhere(whitespace, 'blanks are where they belong', [...sources, ...contracts])
  everywhere(punctuation, 'no semicolons, single quotes')
  everywhere(testsSayWhy, 'every suite says its goal and method')
  test('what decides who is paid has properties', () => none(moneyWithoutProperties(sources)))
})

describe('packages', () => {
  const locked = lockedPackages()
  test('what a server needs has a permissive licence', () => none(licenseComplaints(locked)))
  test('every package is locked by its hash', () => none(integrityComplaints(locked)))
  test('no package runs code while it is installed', () => none(npmComplaints()))
  test('versions are exact and one', () => none(versionComplaints()))
  test('every dependency has its reason', () => {
    none(dependencyComplaints(readText(dependenciesPage)))
  })
})

describe('pages', () => {
  const all = pages()
  test('links lead somewhere', () => none(all.flatMap((page) => brokenLinks(page))))
  test('every page is led to', () => none(orphans(all)))
  test('every code has its heading, and no other', () => {
    none(codeComplaints(readText(errorsPage), allCodes))
  })
  test('every variable of the environment is described', () => none(variableComplaints()))
})
