/**
 * Goal: `busbar` says what it can do, does what it says, and tells by its exit code how it went.
 * Method: the real program in a process of its own for what a shell sees; its parts for the rest.
 */
import { deepEqual, equal, match, ok, throws } from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { parse } from './arguments.ts'
import { UsageError } from './cli-error.ts'
import { clear } from './commands/clear.ts'
import { commands } from './commands.ts'
import { helpOf, overview } from './help.ts'
import { busbar } from './testing/run-busbar.ts'

describe('help', () => {
  test('names every command, the exit codes and where to read on', () => {
    const text = overview(commands)
    for (const { name, summary } of commands) {
      ok(text.includes(`  ${name}`) && text.includes(summary))
    }
    match(text, /Exit codes: 0 .+, 1 .+, 2 .+, 3 /)
    match(text, /busbar COMMAND --help/)
  })

  for (const command of commands) {
    test(`of ${command.name} names its operands, every option, and shows an example`, () => {
      const text = helpOf(command)
      ok(text.startsWith(`busbar ${command.name}`))
      ok(text.includes(command.operands))
      ok(text.includes(`\n  busbar ${command.name}`), 'an example')
      for (const name of [...Object.keys(command.options), 'json', 'help']) {
        match(text, new RegExp(`^  --${name}\\b.*  \\S`, 'm'))
      }
      for (const line of text.split('\n')) ok(line.length <= 110, line)
    })
  }

  test('is printed by the program', async () => {
    const [bare, ofOne] = await Promise.all([busbar([]), busbar(['clear', '--help'])])
    deepEqual(bare, { code: 0, out: `${overview(commands)}\n`, err: '' })
    deepEqual(ofOne, { code: 0, out: `${helpOf(clear)}\n`, err: '' })
  })
})

describe('arguments', () => {
  const options = {
    number: { type: 'string', value: 'N', means: 'a number' },
    loud: { type: 'boolean', means: 'a flag' },
  } as const

  test('are options with values, flags and operands in any order', () => {
    const values = parse(['a', '--loud', '--number', '5', 'b', '--json'], options)
    deepEqual(values.positionals, ['a', 'b'])
    equal(values.integer('number', 1, 0, 9), 5)
    deepEqual([values.flag('loud'), values.flag('json'), values.flag('help')], [true, true, false])
    equal(values.text('loud'), undefined)
  })

  test('that are not given have their default', () => {
    const values = parse([], options)
    equal(values.integer('number', 3, 0, 9), 3)
    equal(values.text('number'), undefined)
  })

  for (const value of ['10', '-1', '1.5', 'x', '', '1e3', '0x1', ' 1', '9'.repeat(400)]) {
    test(`say what a number may be where it is ${JSON.stringify(value.slice(0, 10))}`, () => {
      throws(
        () => parse([`--number=${value}`], options).integer('number', 0, 0, 9),
        (error) => error instanceof UsageError && /whole number from 0 to 9$/.test(error.message),
      )
    })
  }

  for (const args of [['--nope'], ['--number'], ['--loud=yes']]) {
    test(`refuse ${args.join(' ')}`, () => {
      throws(() => parse(args, options), UsageError)
    })
  }
})

describe('clear', { concurrency: true }, () => {
  const orders = 'id,side,energy_wh,limit_micros_per_kwh\nb,buy,400,300000\na,sell,300,200000\n'

  test('reads standard input and prints the JSON form exactly', async () => {
    deepEqual(await busbar(['clear', '-', '--json'], orders), {
      code: 0,
      out:
        '{"price_micros_per_kwh":300000,"energy_wh":300,"fills":' +
        '[{"id":"a","energy_wh":300},{"id":"b","energy_wh":300}]}\n',
      err: '',
    })
  })

  const wrong: readonly (readonly [string, readonly string[], string, RegExp])[] = [
    ['a CSV with a bad row', ['clear', '-'], `${orders}c,hold,1,1\n`, /4/],
    ['a file that is not there', ['clear', 'no-such.csv'], '', /no-such\.csv/],
    ['an option that is none', ['clear', '-', '--fast'], orders, /--fast/],
    ['a command that is none', ['close'], '', /no command close/],
  ]
  for (const [title, args, input, words] of wrong) {
    test(`ends with 2 and says why for ${title}`, async () => {
      const { code, out, err } = await busbar(args, input)
      deepEqual({ code, out }, { code: 2, out: '' })
      match(err, words)
    })
  }

  test('says in JSON too what is wrong', async () => {
    const { code, out } = await busbar(['clear', '-', '--json'], `${orders}c,hold,1,1\n`)
    equal(code, 2)
    const { error } = JSON.parse(out) as { error: { code: string; message: string } }
    ok(error.code.length > 0 && error.message.length > 0)
  })

  const shared = new URL('../../../shared/data/', import.meta.url)
  const auction = new URL('auction_omie_20090102_h01_orders.csv', shared)
  const skip = existsSync(auction) ? false : 'the auction file is not on this machine'
  test('gives the published result of the Iberian auction of 2009-01-02', { skip }, async () => {
    const [, ...lines] = readFileSync(auction, 'utf8').trim().split('\n')
    const rows = lines
      .map((line) => line.split(','))
      .filter(([, , , , energy]) => Number(energy) > 0)
      .map(([id, side, price, , energy]) => [
        ...[id, side, Math.round(Number(energy) * 1_000_000), Math.round(Number(price) * 1_000)],
      ])
    const file = ['id,side,energy_wh,limit_micros_per_kwh', ...rows.map((row) => row.join(','))]
    const { code, out } = await busbar(['clear', '-', '--json'], `${file.join('\n')}\n`)
    equal(code, 0)
    const result = JSON.parse(out) as {
      readonly price_micros_per_kwh: number
      readonly energy_wh: number
      readonly fills: readonly { readonly energy_wh: number }[]
    }
    deepEqual([result.price_micros_per_kwh, result.energy_wh], [53_690, 25_312_100_000])
    ok(result.fills.some((fill) => fill.energy_wh === 29_700_000))
  })
})

test('a command whose exchange does not answer ends with 3', async () => {
  const nowhere = ['--server', 'http://127.0.0.1:9']
  const { code, out } = await busbar(['explain', '1', '1', '--json', ...nowhere])
  equal(code, 3)
  equal((JSON.parse(out) as { error: { code: string } }).error.code, 'network_failed')
})
