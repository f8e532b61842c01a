/**
 * `npm run dashboard`: builds the pages where their sources changed, and says in which folder they
 * are. A server takes it as BUSBAR_DASHBOARD; `npm start` does both by itself.
 */
import { builtPages } from '@busbar/dashboard/build'

console.log(await builtPages((text) => console.error(text)))
