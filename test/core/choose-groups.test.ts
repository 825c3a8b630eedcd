import { expect, it } from 'vitest';
import { chooseGroups, withoutHeaderInWords } from '../../src/core/network/choose-groups.js';
import { nlb, targetGroup } from './network-builders.js';

const front = targetGroup({ name: 'front', targetType: 'alb' });
const code = targetGroup({ name: 'code', protocol: '', targetType: 'lambda' });
const web = targetGroup({ name: 'web', protocol: 'HTTP' });
const mail = targetGroup({ name: 'mail', protocol: 'TLS' });

it('all groups are those that can have the header; the others are left out with the reason', () => {
  const chosen = chooseGroups(nlb({ targetGroups: [web, mail, front, code] }), 'all');
  expect(chosen).toEqual({ groups: [mail], others: [], left: [code, front, web] });
  expect(withoutHeaderInWords([code, front, web])).toBe(
    'code (target type lambda), front (target type alb), web (protocol HTTP)',
  );
});

it('a group whose protocol the service left out is not left out: what it can have is not known', () => {
  const unknown = targetGroup({
    name: 'unknown',
    protocol: '',
    missing: [{ field: 'TargetGroups[].Protocol' }],
  });
  expect(chooseGroups(nlb({ targetGroups: [unknown] }), 'all')).toMatchObject({
    groups: [unknown],
    left: [],
  });
});

it('all groups are named if none can have the header', () => {
  expect(chooseGroups(nlb({ targetGroups: [front] }), 'all')).toEqual({
    wrong: { kind: 'no-group', left: [front] },
  });
});
