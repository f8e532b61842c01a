/** Works an interval out again beside the page, which stays free for its person. */
import { replayed, type ReplayCheck, type ReplayMaterial } from '@busbar/client/replay'

export type ReplayNews =
  | { readonly kind: 'check'; readonly check: ReplayCheck }
  | { readonly kind: 'done' }

type Scope = {
  onmessage: ((event: MessageEvent<ReplayMaterial>) => void) | null
  postMessage: (news: ReplayNews) => void
}

// In a worker `self` is no window, as the page's types have it.
const scope = self as unknown as Scope

scope.onmessage = ({ data }) => {
  for (const check of replayed(data)) scope.postMessage({ kind: 'check', check })
  scope.postMessage({ kind: 'done' })
}
