import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { CloudWatchClient, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { expect, it } from 'vitest';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { type Guarded, pause, type Speaks, startGuarded } from '../helpers/guarded.js';

// Which guard sees which fault: each cell of the manual's table is measured here against a local load balancer.

const guards = { tcp: 'tcp', http: 'http:/', health: 'health', alarm: 'alarm:failed-requests' } as const;
type GuardKind = keyof typeof guards;

/** How a run ended, in the table's words: a change that stays, and traffic that does not, was not seen. */
function wordFor(code: number | null, trafficFlows: boolean): string {
  switch (code) {
    case 0:
      return trafficFlows ? 'stays' : 'blind';
    case 3:
      return 'refused';
    case 4:
      return 'taken back';
    default:
      return `exit ${code}`;
  }
}

/** Sets the alarm as CloudWatch would from a metric of failed requests: a client asks all the time. */
function countFailures(web: Guarded): AsyncDisposable & { readonly settled: Promise<void> } {
  const client = new CloudWatchClient({
    region: 'us-east-1',
    endpoint: web.service.endpoint,
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  const host = web.service.local.loadBalancers()[0]?.dnsName ?? '';
  const over = new AbortController();
  let first: () => void;
  const settled = new Promise<void>((resolve) => {
    first = resolve;
  });
  const loop = async () => {
    while (!over.signal.aborted) {
      const StateValue = (await answers(host, web.listenerPort)) ? 'OK' : 'ALARM';
      await client.send(
        new SetAlarmStateCommand({ AlarmName: 'failed-requests', StateValue, StateReason: 'counted' }),
      );
      first();
      await pause(100);
    }
  };
  const looping = loop();
  return {
    settled,
    [Symbol.asyncDispose]: async () => {
      over.abort();
      await looping;
      client.destroy();
    },
  };
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ host, port, agent: false, timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => resolve(false));
    asked.end();
  });
}

async function measure(
  action: string,
  speaks: Speaks,
  check: 'TCP' | 'HTTP',
  kind: GuardKind,
): Promise<string> {
  await using web = await startGuarded(speaks, {
    check,
    startsOn: action === 'disable',
    alarms: [{ name: 'failed-requests', period: 1 }],
  });
  // An HTTP check carries no line: who requires one is never in service.
  if (speaks !== 'requires' || check === 'TCP') await web.inService(1);
  await using counting = countFailures(web);
  await counting.settled;
  const ran = await elbProxyHere(
    [
      action,
      'web',
      '--port',
      String(web.port),
      '--guard',
      guards[kind],
      '--force',
      'http-health-check',
      '--guard-window',
      '1s',
      // What health holds for is its own to say.
      ...(kind === 'health' ? [] : ['--guard-hold', '3s']),
      '--yes',
    ],
    { endpoint: web.service.endpoint, env: { AWS_ENDPOINT_URL_CLOUDWATCH: web.service.endpoint } },
  );
  const { dnsName = '' } = web.service.local.loadBalancers()[0] ?? {};
  return wordFor(ran.code, await answers(dnsName, web.listenerPort));
}

/** The table that users read. */
async function readTable(): Promise<readonly (readonly string[])[]> {
  const places = ['README.md', 'src/cli/topics/guard.md'].filter((path) => existsSync(path));
  const text = (await Promise.all(places.map((path) => readFile(path, 'utf8')))).join('\n');
  const [, table = ''] = /\n(\| change \| the backend[^\n]*\n(?:\|[^\n]*\n)+)/.exec(text) ?? [];
  return table
    .trim()
    .split('\n')
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

const kinds = ['tcp', 'http', 'health', 'alarm'] as const;

it.concurrent.each(['enable', 'disable'])(
  '%s: the table of which guard sees which fault is what is measured',
  async (action) => {
    const [, , ...rows] = await readTable();
    const own = rows.filter(([change]) => change === action);
    expect(own.map((row) => row.slice(1, 3).join())).toEqual(
      (['TCP', 'HTTP'] as const).flatMap((check) =>
        (['plain', 'requires', 'accepts'] as const).map((speaks) => `${speaks},${check}`),
      ),
    );
    for (const [, speaks, check, ...cells] of own) {
      const measured = await Promise.all(
        kinds.map((kind) => measure(action, speaks as Speaks, check as 'TCP' | 'HTTP', kind)),
      );
      expect([action, speaks, check, ...measured]).toEqual([action, speaks, check, ...cells]);
    }
  },
  300_000,
);
