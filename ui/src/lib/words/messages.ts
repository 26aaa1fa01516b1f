// The messages of the window. What is put into one is somebody's title or name, and cannot reorder the words around it.
import { m as compiled } from '../paraglide/messages'
import { isolated } from './isolated'

type Message = (inputs?: Record<string, unknown>, options?: object) => unknown

const safe = (inputs: Record<string, unknown> = {}) => Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, typeof value === 'string' ? isolated(value) : value]))

function around(message: Message & { parts?: Message }): Message & { parts?: Message } {
  const { parts } = message
  const said: Message = (inputs, options) => message(safe(inputs), options)
  return parts ? Object.assign(said, { parts: ((inputs, options) => parts(safe(inputs), options)) satisfies Message }) : said
}

export const m = Object.fromEntries(Object.entries(compiled).map(([name, message]) => [name, around(message as Message)])) as unknown as typeof compiled
