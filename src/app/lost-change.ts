import { nextCommand } from '../core/next-command.js';
import { worldError } from '../errors.js';
import { changeWords } from './change-words.js';
import type { History, HistoryEntry } from './history.js';

/**
 * Refuses to undo the newest change if the unreadable part of the journal may hold a newer one.
 * @throws ElbProxyError `journal-unreadable`, which names both
 */
export function refuseOlder({ changes, lost }: History, found: HistoryEntry): void {
  const newer = lost.find((one) => one.newer <= changes.indexOf(found));
  if (newer === undefined) return;
  throw worldError(
    `the newest change can't be read: ${newer.what}. The one before it is change ${found.changeId} (${changeWords(found)}). Nothing was written.`,
    'journal-unreadable',
    `look at what is in effect with: ${nextCommand('status')}; if the older change is meant, name it: ${nextCommand('undo', [found.changeId])}`,
  );
}
