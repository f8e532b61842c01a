/** One thread of the development string: it makes the powers it is asked for and tells how many. */
import { parentPort, workerData } from 'node:worker_threads'
import { powersOf } from './srs-powers.ts'

const { secret, from, count } = workerData as { secret: bigint; from: number; count: number }
const points = powersOf(secret, from, count, (done) => parentPort?.postMessage({ done }))
parentPort?.postMessage({ points }, [points.buffer as ArrayBuffer])
