/** What went wrong and what to do. What to do in a terminal is left out: the window has a button for it. */
export function sentences({ detail, action }: { detail: string; action: string }): string {
  return action.includes('`belfry ') ? detail : `${detail} ${action}`
}
