/** The server of one market; see `runProgram`. */
import { runProgram } from './program.ts'

await runProgram()
