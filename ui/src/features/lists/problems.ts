import type { ListView, ProblemView } from '../../lib/ipc'

/** What is wrong with a list, without what is said by itself: how many items could not be read, each with its reason. */
export const problemsOf = (list: ListView): ProblemView[] => list.problems.filter((problem) => problem.code !== 'set_aside' || list.set_aside === 0)
