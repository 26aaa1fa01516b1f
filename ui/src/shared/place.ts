import type { Attachment } from 'svelte/attachments'

/** Sets styles that are computed. By hand, as the window's policy lets no style attribute through. */
export const styled = (styles: Record<string, string>): Attachment<HTMLElement> => (element) => {
  for (const [name, value] of Object.entries(styles)) element.style.setProperty(name, value)
}
