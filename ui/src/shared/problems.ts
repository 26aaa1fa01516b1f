/** What went wrong and what to do. What is to be done in a terminal is left out: the window has buttons. */
export function sentences({ detail, action }: { detail: string; action: string }): string {
  const here = action.split(/(?<=[.;]) /).filter((sentence) => !sentence.includes('`belfry '))
  return [detail, ...here].join(' ')
}
