import { describe, expect, test } from 'vitest';
import { makeStyle } from '../../src/render/make-style.js';
import { hintWords } from '../../src/render/markdown/prose.js';
import { commandLines } from '../../src/render/text/command-lines.js';
import { hintLines } from '../../src/render/text/hint-lines.js';
import { listDifference } from '../../src/render/text/list-difference.js';
import { listenerPicture } from '../../src/render/text/listener-picture.js';
import { timestamp } from '../../src/render/text/timestamp.js';
import { fc } from '../helpers/fast-check.js';

const style = makeStyle({ width: 40, colourLevel: 0, unicode: false });

describe('the difference of two lists', () => {
  test('shows every entry in order: kept, added, removed', () => {
    expect(
      listDifference(['a', 'b', 'c'], ['a', 'c', 'd']).map(({ kind, name }) => `${kind} ${name}`),
    ).toEqual(['kept a', 'removed b', 'kept c', 'added d']);
  });

  test('is the old list without what was added, and the new one without what was removed', () => {
    const list = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 8 });
    fc.assert(
      fc.property(list, list, (before, after) => {
        const entries = listDifference(before, after);
        const names = (not: string) => entries.filter(({ kind }) => kind !== not).map(({ name }) => name);
        expect(names('added')).toEqual(before);
        expect(names('removed')).toEqual(after);
      }),
    );
  });
});

describe('a command', () => {
  test('goes on behind a backslash where it is too long, an option with its value', () => {
    expect(
      commandLines("aws elb delete-load-balancer-policy --region us-east-1 --policy-name 'a  b'", style, 2),
    ).toEqual([
      '  aws elb delete-load-balancer-policy \\',
      '    --region us-east-1 \\',
      "    --policy-name 'a  b'",
    ]);
  });

  test('is the same to a shell, however it is broken', () => {
    const word = fc.constantFrom(
      'aws',
      '--region',
      'us-east-1',
      "'a  b'",
      '"c --d"',
      'x'.repeat(50),
      '--flag',
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (words) => {
        const joined = commandLines(words.join(' '), style, 4)
          .map((line) => line.trimStart())
          .join('\n')
          .replaceAll(' \\\n', ' ');
        expect(joined).toBe(words.join(' '));
      }),
    );
  });

  test('gets lines of its own at the end of a hint only if the hint is too long', () => {
    expect(hintLines('see: elb-proxy history', style, 2)).toEqual(['  see: elb-proxy history']);
    expect(hintLines('list what is there with: elb-proxy status', style, 2)).toEqual([
      '  list what is there with:',
      '    elb-proxy status',
    ]);
    expect(hintLines('wait for it to end, or stop it: it finishes first', style, 2)).toEqual([
      '  wait for it to end, or stop it: it',
      '  finishes first',
    ]);
  });

  test('gets lines of its own within a hint, and prose goes on behind it without a backslash', () => {
    const hint =
      'go on there: elb-proxy apply /tmp/a-long-name/plan.json --endpoint-url http://127.0.0.1:4580; where the same service has another address now, make the plan again here';
    expect(hintLines(hint, style, 2)).toEqual([
      '  go on there:',
      '    elb-proxy apply \\',
      '      /tmp/a-long-name/plan.json \\',
      '      --endpoint-url http://127.0.0.1:4580',
      '  where the same service has another',
      '  address now, make the plan again here',
    ]);
    expect(
      hintLines(
        "elb-proxy undo 'a; b, c' --region us-east-1, or leave it as it is, it is harmless",
        style,
        0,
      ),
    ).toEqual([
      "elb-proxy undo 'a; b, c' \\",
      '  --region us-east-1',
      'or leave it as it is, it is harmless',
    ]);
    expect(hintLines('first: aws elb describe-tags --a b; then: aws elb describe-all', style, 0)).toEqual([
      'first:',
      '  aws elb describe-tags --a b',
      'then:',
      '  aws elb describe-all',
    ]);
  });

  test('is not broken within a sentence if it has no values', () => {
    expect(
      hintLines('list the alarms that there are (elb-proxy iam-policy --guard-alarms) with care', style, 0),
    ).toEqual(['list the alarms that there are', '(elb-proxy iam-policy --guard-alarms)', 'with care']);
  });

  test('is the same to a shell and to Markdown in a hint, whatever is around it', () => {
    const words = fc.array(
      fc.constantFrom('undo', '--region', 'us-east-1', "'a; b, c'", 'x'.repeat(50), '--port', '80,443'),
      { minLength: 1, maxLength: 6 },
    );
    const prose = fc.constantFrom(
      'look at it, or wait, and try again later',
      'it is (probably) over now, or will be soon',
      'then it goes on by itself as it did',
    );
    fc.assert(
      fc.property(prose, words, fc.constantFrom('; ', ', '), prose, (before, given, separator, behind) => {
        const command = `elb-proxy ${given.join(' ')}`;
        const hint = `${before}: ${command}${separator}${behind}`;
        const lines = hintLines(hint, style, 2).map((line) => line.trim());
        expect(lines.join('\n').replaceAll(' \\\n', ' ').split('\n')).toContain(command);
        const first = lines.findIndex((line) => line.startsWith('elb-proxy'));
        const last = lines.findIndex((line, index) => index >= first && !line.endsWith(' \\'));
        expect(lines.filter((_, index) => index < first || index > last).join(' ')).toBe(
          `${before}: ${behind}`,
        );
        expect(hintWords(hint)).toContain(`\`${command}\`${separator.trim()}`);
      }),
    );
  });
});

describe('the picture of listeners', () => {
  const listener = { protocol: 'TCP', loadBalancerPort: 443, instanceProtocol: 'TCP', instancePort: 8443 };

  test('draws one way, several that join, and a port that nothing leads to', () => {
    expect(listenerPicture(8443, [listener], style, 8)).toEqual(['TCP 443  --> 8443 TCP']);
    const other = { ...listener, loadBalancerPort: 80, instanceProtocol: 'SSL' };
    expect(listenerPicture(8443, [listener, other], style, 8)).toEqual([
      'TCP 80   -+> 8443 SSL',
      "TCP 443  -'       TCP",
    ]);
    expect(listenerPicture(8443, [], style, 11)).toEqual(['no listener     8443']);
  });
});

test('a time that is not an ISO time stays as it is', () => {
  expect(timestamp('2024-05-01T12:30:00.123Z')).toBe('2024-05-01 12:30:00 UTC');
  expect(timestamp('yesterday')).toBe('yesterday');
});
