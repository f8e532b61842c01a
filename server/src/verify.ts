import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Fault } from '@busbar/core/errors'
import {
  apply,
  type Command,
  conservation,
  emptyState,
  encodeState,
  type Engine,
  type State,
} from '@busbar/core/exchange'
import { createDomain } from '@busbar/protocols/eip712'
import { timelockReady } from '@busbar/protocols/timelock'
import { openChain } from './adapters/chain/index.ts'
import { marketOfDataDir } from './adapters/data-dir/market-file.ts'
import { checkSeal } from './adapters/data-dir/seal.ts'
import { chooseVerifier } from './adapters/signatures/index.ts'
import { openStore } from './adapters/store/open-store.ts'
import { createVault } from './adapters/vault/vault.ts'
import { vaultKeys } from './adapters/vault/vault-keys.ts'
import { compareWithChain } from './app/audit/chain-comparison.ts'
import { Findings, type VerifyReport } from './app/audit/findings.ts'
import { openingFault } from './app/audit/opening-check.ts'
import { addPosted, ownBooks, type PostedSums } from './app/audit/own-books.ts'
import { signatureFault } from './app/audit/signature-check.ts'
import { compareAnchors, TallyAudit } from './app/audit/tally-audit.ts'
import { TradeAudit } from './app/audit/trade-audit.ts'
import { enginesFor, placeOf } from './app/engines.ts'
import { journalStart, verifyChain } from './app/journal-chain.ts'
import type { JournalEntry, Snapshot } from './app/ports/journal.ts'
import type { Store } from './app/ports/store.ts'
import type { Vault } from './app/ports/vault.ts'
import { stateHashOf } from './app/recover.ts'
import { SealedClearings } from './app/sealed-clearings.ts'
import { commandOf, lockedVault, openedSnapshot } from './app/sealing.ts'

export type VerifyOptions = {
  readonly dataDir: string
  /** Where the journal is, if not in the data directory. */
  readonly databaseUrl?: string | undefined
  readonly chainUrl?: string | undefined
  /** If it is not in the data directory: the contracts' addresses follow from it. */
  readonly chainOperatorKey?: string | undefined
  /** The other settings of the chain, where they were given to the server. */
  readonly chainAuditor?: string | undefined
  readonly chainVerifier?: string | undefined
  /** Keys of the vault, if they are not in the data directory; see `vaultKeys`. */
  readonly vaultKeys?: string | undefined
  readonly progress?: ((step: string, done: number) => void) | undefined
}

const pageSize = 2_000

/**
 * Checks everything that a market left behind against a second, slower opinion.
 *
 * Works on a copy of the data directory, so that looking changes nothing. Differences are findings,
 * not exceptions; what could not be checked says so.
 */
export async function verifyMarket(options: VerifyOptions): Promise<VerifyReport> {
  const findings = new Findings()
  await sealFindings(findings, options.dataDir)
  const market = await marketNamed(findings, options.dataDir)
  if (market === undefined) return findings.report()
  const copy = await mkdtemp(join(tmpdir(), 'busbar-verify-'))
  try {
    await cp(options.dataDir, copy, { recursive: true })
    await verifyCopy(findings, { ...options, dataDir: copy }, market)
  } catch (error) {
    // A store or a chain that no longer opens is itself the finding.
    if (!(error instanceof Error)) throw error
    findings.differ('data directory', 'opening', error.message)
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
  return findings.report()
}

/**
 * Whose directory it is; undefined, with a finding, where the file that says so was damaged.
 *
 * Faults: DATA_DIR_EMPTY where nothing says that a market was ever here.
 */
async function marketNamed(findings: Findings, dataDir: string): Promise<string | undefined> {
  try {
    const market = await marketOfDataDir(dataDir)
    if (market !== undefined) return market
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    findings.differ('data directory', 'its name', error.message)
    return undefined
  }
  if (findings.report().agrees) throw new Fault('DATA_DIR_EMPTY', { dataDir })
  findings.differ('data directory', 'its name', 'no market is named')
  return undefined
}

async function sealFindings(findings: Findings, dataDir: string): Promise<void> {
  const seal = await checkSeal(dataDir)
  if (seal.kind === 'not_sealed') {
    findings.notRun('files', 'the exchange was not stopped in order: no seal to compare with')
  } else if (seal.kind === 'intact') findings.agree('files', `${seal.files} as sealed`)
  else for (const path of seal.paths) findings.differ('files', path, 'is not as it was sealed')
}

async function verifyCopy(
  findings: Findings,
  options: VerifyOptions,
  market: string,
): Promise<void> {
  const { dataDir, databaseUrl, chainUrl, progress = () => {} } = options
  const vault = await vaultOf(dataDir, options.vaultKeys)
  const store = await openStore(
    market,
    databaseUrl === undefined ? { dataDir: join(dataDir, 'store') } : { databaseUrl },
  )
  try {
    const first = (await store.read(0, 1))[0]
    if (first === undefined) {
      findings.differ('journal', 'entry 1', 'the journal is empty')
      return
    }
    const intervalSeconds = intervalSecondsOf(first)
    const chain = await openChain({
      dataDir,
      market,
      intervalSeconds,
      chainUrl,
      operatorKey: options.chainOperatorKey,
      auditor: options.chainAuditor,
      verifier: options.chainVerifier,
    })
    try {
      const { chainId, clearingHouse } = chain.deployment
      const domain = createDomain({ market, chainId, verifyingContract: clearingHouse })
      const opinion: Opinion = {
        vault,
        engine: enginesFor(chain.deployment, domain).naive,
        signatureFault: (command, state) =>
          signatureFault(command, state, domain, chooseVerifier().verifier),
        openingFault: (command, state) =>
          openingFault(command, state, placeOf(chain.deployment)),
      }
      await timelockReady()
      const replayed = await replayJournal(findings, store, opinion, progress)
      if (replayed === undefined) return
      await snapshotFindings(findings, store, vault, replayed)
      booksFindings(findings, replayed)
      const clearings = new SealedClearings(store, vault, placeOf(chain.deployment))
      await compareWithChain(findings, replayed.state, chain, store, clearings, progress)
      await compareAnchors(findings, store.tallies, chain, progress)
    } finally {
      await chain.close()
    }
  } finally {
    await store.close()
  }
}

/** Without a key an open book can still be checked; sealed entries then fault by themselves. */
async function vaultOf(dataDir: string, given: string | undefined): Promise<Vault> {
  const keys = await vaultKeys(dataDir, given, false)
  return keys.length === 0 ? lockedVault : createVault(keys)
}

/** What a replay is judged by. */
type Opinion = {
  readonly vault: Vault
  readonly engine: Engine
  readonly signatureFault: (command: Command, state: State) => string | undefined
  readonly openingFault: (command: Command, state: State) => string | undefined
}

function intervalSecondsOf(first: JournalEntry): number {
  const command = JSON.parse(first.body) as Command
  if (command.kind !== 'open_market') return 300
  const book = command.rulebook as { readonly intervalSeconds?: unknown }
  return Number(book.intervalSeconds)
}

type Replayed = {
  readonly state: State
  readonly hashes: ReadonlyMap<number, string>
  readonly posted: PostedSums
}

/**
 * Replays with the naive implementations; undefined if the journal cannot be followed to its end.
 */
async function replayJournal(
  findings: Findings,
  store: Store,
  { vault, engine, ...judge }: Opinion,
  progress: (step: string, done: number) => void,
): Promise<Replayed | undefined> {
  const state = emptyState()
  const snapshot = await store.latestSnapshot()
  const hashes = new Map<number, string>()
  const posted: PostedSums = new Map()
  const trades = new TradeAudit(findings)
  const tallies = await TallyAudit.of(findings, store.tallies)
  let end = journalStart
  let signatures = 0
  let openings = 0
  for (;;) {
    const page = await store.read(end.sequence, pageSize)
    if (page.length === 0) break
    const check = verifyChain(page, end)
    if (check.kind === 'broken') {
      const { sequence, reason } = check
      findings.differ('journal', `entry ${sequence}`, `the hash chain breaks: ${reason}`)
      return undefined
    }
    for (const entry of page) {
      const { sequence, at } = entry
      const command = commandOrFinding(findings, vault, entry)
      if (command === undefined) return undefined
      const fault = judge.signatureFault(command, state)
      if (fault !== undefined) findings.differ('signatures', `entry ${sequence}`, fault)
      const closed = judge.openingFault(command, state)
      if (closed !== undefined) findings.differ('openings', `entry ${sequence}`, closed)
      openings += command.kind === 'open_orders' ? 1 : 0
      signatures += 'signature' in command ? 1 : 0
      const { outcome } = apply(state, { sequence, at, command }, engine)
      if (outcome.kind === 'rejected') {
        const what = `${command.kind} is rejected: ${outcome.reason}`
        findings.differ('replay', `entry ${sequence}`, what)
        return undefined
      }
      addPosted(posted, state, command, outcome)
      trades.hear(state, entry, command, outcome)
      await tallies.hear(state, command, outcome)
      if (sequence === snapshot?.sequence) hashes.set(sequence, stateHashOf(encodeState(state)))
    }
    end = check.last
    progress('replaying', end.sequence)
  }
  trades.finish(state)
  await tallies.finish()
  const last = `${end.hash.slice(0, 16)}…`
  findings.agree('journal', `${end.sequence} entries in one chain, ends in ${last}`)
  findings.agree('signatures', `${signatures} valid for the keys registered at their time`)
  findings.agree('openings', `${openings} intervals, nothing left closed that opens`)
  findings.agree('replay', `state hash ${stateHashOf(encodeState(state))}`)
  return { state, hashes, posted }
}

/** Undefined, with a finding, where an entry was sealed and does not open. */
function commandOrFinding(
  findings: Findings,
  vault: Vault,
  entry: JournalEntry,
): Command | undefined {
  try {
    return commandOf(vault, entry)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    findings.differ('replay', `entry ${entry.sequence}`, error.message)
    return undefined
  }
}

/**
 * The snapshot was written by the fast implementations: here the two opinions meet, byte for byte.
 */
async function snapshotFindings(
  findings: Findings,
  store: Store,
  vault: Vault,
  { hashes }: Replayed,
): Promise<void> {
  const snapshot = await store.latestSnapshot()
  if (snapshot === undefined) {
    findings.notRun('snapshot', 'none was taken')
    return
  }
  const where = `entry ${snapshot.sequence}`
  if (textHash(vault, snapshot) !== snapshot.stateHash) {
    findings.differ('snapshot', where, 'its text is not what its hash says')
  } else if (hashes.get(snapshot.sequence) !== snapshot.stateHash) {
    findings.differ('snapshot', where, 'the naive replay comes to another state')
  } else findings.agree('snapshot', `${where}: fast and naive state equal byte for byte`)
}

/** Undefined where it is sealed and does not open. */
function textHash(vault: Vault, snapshot: Snapshot): string | undefined {
  try {
    return stateHashOf(openedSnapshot(vault, snapshot))
  } catch (error) {
    if (error instanceof Fault) return undefined
    throw error
  }
}

function booksFindings(findings: Findings, { state, posted }: Replayed): void {
  const { moneyMicros, energyWh, tokensMicros, intervals } = conservation(state)
  const exact = (check: string, where: string, left: bigint, unit: string): void => {
    if (left !== 0n) findings.differ(check, where, `${left} ${unit} unexplained`)
  }
  exact('money', 'all entries', moneyMicros, 'micros')
  exact('money', 'deposits', tokensMicros, 'micros')
  exact('energy', 'all intervals', energyWh, 'Wh')
  findings.agree('money', 'every posting has its other side')
  findings.agree('energy', `${intervals} intervals, every watt-hour with one owner`)
  const differences = ownBooks(state, posted)
  for (const { account, expected, got } of differences) {
    findings.differ('balances', `account ${account}`, `${got} micros, its entries make ${expected}`)
  }
  findings.agree('balances', `${state.ledger.balances.size - 1} recomputed from their entries`)
}
