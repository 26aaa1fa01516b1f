import { m } from '../../lib/words/messages'
import { worded } from '../../lib/words/states'

const KINDS = { daily: m.backups_kind_daily, 'by-hand': m.backups_kind_hand, 'before-restore': m.backups_kind_restore, 'before-update': m.backups_kind_update }

/** What a copy was made for, which the end of its name says; empty where it does not. */
export function kindOf(file: string): string {
  const kind = /-(daily|by-hand|before-restore|before-update)(?:-\d+)?\.db$/.exec(file)?.[1]
  return kind ? worded(KINDS, kind) : ''
}
