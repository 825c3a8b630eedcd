import { plan, planChange } from '../../src/core/plan.js';
import type { JournalRecord } from '../../src/core/record.js';
import { web } from '../core/builders.js';

const set = {
  call: 'SetLoadBalancerPoliciesForBackendServer',
  instancePort: 8443,
  before: [],
  after: ['p'],
} as const;
/** What every record of a change has. */
export const base = (changeId: string) => ({
  formatVersion: 1 as const,
  changeId,
  at: '2026-11-23T10:00:00.000Z',
});
const reference = { change: 0, step: 0, direction: 'forward' } as const;

/** The records of a change with one write. */
export function recordsOf(changeId: string, ended = true): readonly JournalRecord[] {
  const made = plan('enable', [planChange(web({ name: `lb-${changeId}` }), [8443], [set], [])], {
    tool: 't',
    createdAt: new Date(0),
  });
  return [
    { ...base(changeId), record: 'begin', holder: { pid: 7, host: 'here' }, plan: made },
    { ...base(changeId), ...reference, record: 'write', send: set },
    { ...base(changeId), ...reference, record: 'written', effect: 'done' },
    ...(ended ? [{ ...base(changeId), record: 'end' as const, outcome: 'applied' as const }] : []),
  ];
}
/** Records as the journal has them. */
export const linesOf = (records: readonly JournalRecord[]) =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');
/** The id of the nth change. */
export const id = (nth: number) => `c${String(nth).padStart(5, '0')}`;
