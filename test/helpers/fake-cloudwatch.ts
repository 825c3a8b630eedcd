import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What is answered to a DescribeAlarms. */
export type CloudWatchAnswer =
  | { readonly alarms: readonly { readonly name: string; readonly state: string; readonly since?: number }[] }
  | { readonly code: string; readonly status?: number; readonly message?: string }
  | { readonly body: string; readonly status?: number }
  | 'reset'
  | 'silence';

/** A CloudWatch that answers as a test wants, in the SDK's JSON. */
export interface FakeCloudWatch extends AsyncDisposable {
  readonly endpoint: string;
  answer: CloudWatchAnswer;
  /** What was asked for, call by call. */
  readonly asked: readonly {
    readonly AlarmNames: readonly string[];
    readonly AlarmTypes: readonly string[];
  }[];
}

/** Starts it; at first every alarm that is asked for is OK. */
export async function startFakeCloudWatch(first?: CloudWatchAnswer): Promise<FakeCloudWatch> {
  const asked: FakeCloudWatch['asked'][number][] = [];
  const state: { answer: CloudWatchAnswer | undefined } = { answer: first };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const input = JSON.parse(body) as FakeCloudWatch['asked'][number];
      asked.push(input);
      give(state.answer ?? { alarms: input.AlarmNames.map((name) => ({ name, state: 'OK' })) }, response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    get answer() {
      return state.answer ?? 'silence';
    },
    set answer(answer) {
      state.answer = answer;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

function give(answer: CloudWatchAnswer, response: ServerResponse): void {
  if (answer === 'silence') return;
  if (answer === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const send = (status: number, body: string) =>
    void response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
  if ('body' in answer) return send(answer.status ?? 200, answer.body);
  if ('code' in answer)
    return send(
      answer.status ?? 400,
      JSON.stringify({ __type: answer.code, message: answer.message ?? 'no' }),
    );
  return send(
    200,
    JSON.stringify({
      MetricAlarms: answer.alarms.map(({ name, state, since = 1_700_000_000 }) => ({
        AlarmName: name,
        StateValue: state,
        StateReason: 'said so',
        StateTransitionedTimestamp: since,
      })),
      CompositeAlarms: [],
    }),
  );
}
