import { exactly, openDesk, say, type Task } from '../desk/desk.ts'
import { timeText } from '../desk/times.ts'

/** As long as the exchange takes one for. */
const hoursMax = 24

/** `busbar key credential`: a word that reads, made where the key is. */
export const credentialTask: Task = async (operands, values, output) => {
  exactly(operands, [])
  const hours = values.integer('hours', 8, 1, hoursMax)
  const { me, signer } = await openDesk(values)
  // A little less than the most: clocks differ.
  const until = Date.now() + hours * 3_600_000 - 60_000
  const credential = await signer.credential(until)
  const text = `Whoever has this reads for ${me.name} until ${timeText(until)}, and can do nothing
else. It is the header "Authorization", or what the page's sign-in takes:
${credential}`
  return say(values, output, { account: me.account, until, credential }, text)
}
