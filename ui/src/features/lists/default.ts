import type { ListView } from '../../lib/ipc'

/** The list that is always there and takes what names no other, whatever it is called and wherever it stands in the alphabet. */
export const defaultList = (lists: readonly ListView[] = []): ListView | undefined => lists.find((list) => list.is_default)
