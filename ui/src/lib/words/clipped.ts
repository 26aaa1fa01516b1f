// Long texts, where there is room for some of it only.

/** As much of a text as is shown. */
export const clipped = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '').trimEnd()}…` : text)

/** As much of a title as leaves room for what was done to it. */
export const inToast = (title: string): string => clipped(title, 36)
