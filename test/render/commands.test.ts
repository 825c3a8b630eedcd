import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { awsCommand, jsonWord } from '../../src/core/aws-command.js';
import { callInput } from '../../src/core/call-input.js';
import { invertSteps } from '../../src/core/invert.js';
import { type Plan, plan } from '../../src/core/plan.js';
import type { Step } from '../../src/core/step.js';
import { renderPlanCommands } from '../../src/render/commands/plan.js';
import { shellWord } from '../../src/render/commands/shell-word.js';
import { makeStyle } from '../../src/render/make-style.js';
import { fc } from '../helpers/fast-check.js';
import * as plans from './fixtures/plans.js';
import { expectGolden } from './golden.js';
import { hostileNames } from './hostile.js';

const style = makeStyle({ width: 100, colourLevel: 0, unicode: true });

const [argumentEnd, callEnd] = ['\u0002', '\u0001'];

/** Stands in for the AWS CLI: writes down what the shell made of its arguments. */
const fakeAws = String.raw`aws() { for word; do printf '%s\002' "$word"; done; printf '\001'; }`;

/** What a POSIX shell calls `aws` with, call by call. */
function callsOf(script: string, prelude = fakeAws): readonly (readonly string[])[] {
  const out = execFileSync('sh', ['-s'], {
    input: `${prelude}\n${script}`,
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin' },
  });
  return out
    .split(callEnd)
    .slice(0, -1)
    .map((call) => call.split(argumentEnd).slice(0, -1));
}

interface Call {
  readonly subcommand: string | undefined;
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
  readonly input: unknown;
}

/** The arguments as the AWS CLI reads them. */
function readCall([service, subcommand, ...words]: readonly string[]): Call {
  expect(service).toBe('elb');
  const options = new Map<string, string[]>();
  let values: string[] = [];
  for (const word of words) {
    if (word.startsWith('--')) options.set(word, (values = []));
    else values.push(word);
  }
  const one = (name: string) => options.get(name)?.[0];
  const json = one('--cli-input-json');
  return {
    subcommand,
    region: one('--region'),
    endpoint: one('--endpoint-url'),
    input: json === undefined ? inputOf(options) : JSON.parse(json),
  };
}

function inputOf(options: ReadonlyMap<string, readonly string[]>): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const [option, values] of options) {
    if (option === '--load-balancer-name') input['LoadBalancerName'] = values[0];
    if (option === '--policy-name') input['PolicyName'] = values[0];
    if (option === '--policy-type-name') input['PolicyTypeName'] = values[0];
    if (option === '--instance-port') input['InstancePort'] = Number(values[0]);
    if (option === '--policy-names') input['PolicyNames'] = values[0] === '[]' ? [] : values;
    if (option === '--policy-attributes')
      input['PolicyAttributes'] = values.map((pair) => {
        const [, AttributeName, AttributeValue] =
          /^AttributeName=([^,]*),AttributeValue=([^,]*)$/.exec(pair) ?? [];
        return { AttributeName, AttributeValue };
      });
  }
  return input;
}

const inputsOf = ({ changes }: Plan, steps: (steps: readonly Step[]) => readonly Step[] = (all) => all) =>
  changes.flatMap((change) =>
    steps(change.steps).map((step) => JSON.parse(JSON.stringify(callInput(change.loadBalancer.name, step)))),
  );

/** The way back: the comment's lines, taken out of the comment. */
const wayBack = (script: string) =>
  (script.split('# The way back')[1] ?? '').split('\n').slice(1).join('\n').replaceAll(/^# /gm, '');

const all: Readonly<Record<string, Plan>> = {
  enable: plans.enableFirst,
  'enable-many': plans.enableMany,
  disable: plans.disable,
  'disable-and-delete': plans.disableAndDelete,
  'delete-only': plans.deleteOnly,
  undo: plans.undo,
  'nothing-to-do': plans.nothingToDo,
};

describe.each(Object.entries(all))('the commands of %s', (name, made) => {
  const script = renderPlanCommands(made, style);

  test('look as their golden file', () => {
    expectGolden(`commands-${name}`, script);
  });

  test("are the plan's calls, in order, at any width", () => {
    for (const width of [40, 80, 100, Number.POSITIVE_INFINITY]) {
      const calls = callsOf(renderPlanCommands(made, { ...style, width })).map(readCall);
      expect(calls.map(({ input }) => input)).toEqual(inputsOf(made));
      expect(calls.map(({ region }) => region)).toEqual(
        made.changes.flatMap(({ loadBalancer, steps }) => steps.map(() => loadBalancer.region)),
      );
      for (const { endpoint } of calls) expect(endpoint).toBe(made.endpoint);
    }
  });

  test('have the way back behind them, as comments', () => {
    const back = callsOf(wayBack(script)).map((words) => readCall(words));
    expect(back.map(({ input }) => input)).toEqual(
      inputsOf({ ...made, changes: made.changes.toReversed() }, invertSteps),
    );
  });

  test('end at the first one that fails', () => {
    const failing = `${fakeAws.replace('aws()', 'try()')}\naws() { try "$@"; return 255; }`;
    const calls = callsOf(`${script}\ntrue`, failing);
    expect(calls).toHaveLength(Math.min(1, inputsOf(made).length));
  });
});

test('an empty list is said as the AWS CLI wants it', () => {
  expect(renderPlanCommands(plans.disableAndDelete, style)).toContain('--policy-names "[]"');
});

test('a plan that elb-proxy would refuse says so, and that nothing checks again', () => {
  const script = renderPlanCommands(plans.enableMany, style).replaceAll('\n# ', ' ');
  expect(script).toContain('elb-proxy would refuse: http-listener');
  expect(script).not.toContain('elb-proxy would refuse: ssl-backend');
  expect(script).toContain('do not check again before they write');
});

describe('names that were chosen to break a shell', () => {
  const planOf = (name: string): Plan =>
    plan(
      'enable',
      [
        {
          loadBalancer: { name, region: 'us-east-1' },
          affects: { instancePorts: [1], listeners: [] },
          steps: [
            {
              call: 'CreateLoadBalancerPolicy',
              policyName: name,
              policyTypeName: `t${name}`,
              attributes: { [`a${name}`]: name },
            },
            {
              call: 'SetLoadBalancerPoliciesForBackendServer',
              instancePort: 1,
              before: [name],
              after: [name, 'kept', name],
            },
          ],
          hazards: [{ code: 'http-listener', level: 'blocker', message: name, advice: name }],
          forced: [],
        },
      ],
      { tool: `tool ${name}`, createdAt: new Date(0), undoes: name },
    );
  /** Halves of surrogate pairs can't be sent. */
  const wellFormed = (name: string) => !/\p{Cs}/u.test(name);

  test.each(hostileNames.filter(wellFormed).map((name) => [name]))('%j is only a name', (name) => {
    const made = planOf(name);
    for (const width of [40, 100]) {
      const script = renderPlanCommands(made, { ...style, width });
      expect(callsOf(script).map((words) => readCall(words).input)).toEqual(inputsOf(made));
      expect(callsOf(wayBack(script)).map((words) => readCall(words).input)).toEqual(
        inputsOf(made, invertSteps),
      );
      expect(script.replaceAll('\n', '')).toMatch(/^[\P{Cc}]*$/u);
    }
  });

  test('reach the shell with no character as syntax, whatever they are', () => {
    const part = fc.oneof(fc.string({ unit: 'binary', maxLength: 8 }), fc.constantFrom(...hostileNames));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 3 }), (parts) => {
        const name = parts.join('');
        fc.pre(wellFormed(name));
        const made = planOf(name);
        expect(callsOf(renderPlanCommands(made, style)).map((words) => readCall(words).input)).toEqual(
          inputsOf(made),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('a leading dash, a file name and a shorthand are never options or files to the AWS CLI', () => {
    for (const name of ['-x', '--policy-name', 'file:///etc/passwd', 'a=b,c=d', 'a,b', '[1]', '{}']) {
      const step = {
        call: 'DeleteLoadBalancerPolicy',
        policyName: name,
        policyTypeName: 't',
        attributes: {},
      } as const;
      expect(awsCommand({ name: 'web', region: 'r' }, step, undefined)).toContain('--cli-input-json');
    }
  });
});

describe('a word of a shell', () => {
  test('is quoted where it has to be', () => {
    expect(shellWord('http://127.0.0.1:4580')).toBe('http://127.0.0.1:4580');
    expect(shellWord("a b'c")).toBe(`'a b'"'"'c'`);
    expect(shellWord('')).toBe("''");
    expect(() => shellWord('a\nb')).toThrow('characters that should not be in a command line');
  });

  test('is visible ASCII as JSON, and the same value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const word = jsonWord({ text });
        expect(word).toMatch(/^'[ -&(-~]*'$/);
        expect(JSON.parse(word.slice(1, -1))).toEqual({ text });
      }),
    );
  });
});
