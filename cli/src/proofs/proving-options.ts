import type { Options } from '../arguments.ts'

/** The options of every command that proves. */
export const provingOptions: Options = {
  srs: {
    type: 'string',
    value: 'DIR',
    means: 'the reference string: a folder, or "development" (default)',
  },
  threads: { type: 'string', value: 'N', means: 'of the native prover (default 2)' },
  'size-max': {
    type: 'string',
    value: 'N',
    means: 'the largest circuit to use, 64 to 4096: bounds memory (default 4096)',
  },
}
