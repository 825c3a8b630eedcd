import { setTimeout as delay } from 'node:timers/promises';
import {
  CancelCommandCommand,
  type CommandInvocation,
  DescribeDocumentCommand,
  DescribeInstanceInformationCommand,
  GetDocumentCommand,
  ListCommandInvocationsCommand,
  SendCommandCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import type { CommandToSend, Invocation, ManagedInstance, RunCommand } from '../app/run-command.js';
import { ElbProxyError } from '../errors.js';
import { batchesOf } from './calling.js';
import type { AwsCall } from './calls.js';
import { endpointBeside } from './custom-endpoint.js';
import { faultOf, incompleteAnswer, isDenied, withHint } from './faults.js';
import type { Identity } from './identity/identity.js';
import { plainText } from './plain-text.js';
import { readRetries } from './retries.js';
import { settingsOf } from './settings.js';
import { watchAttempts } from './watch-calls.js';
import { isThrottle, wireCode, withJsonCode } from './wire-code.js';

interface RunCommandOptions {
  readonly identity: Identity;
  readonly region?: string | undefined;
  /** Called for each HTTP attempt as it ends; for `--debug`. */
  readonly onCall?: ((call: AwsCall) => void) | undefined;
}

/** No answer that a service gives in good faith has more pages. */
const mostPages = 20;
/** Tries of a command that was refused for the rate of calls: it was not sent then. */
const tries = 4;

/**
 * Run Command of a region. Denials name the action. At a custom endpoint of the load balancing API, Systems Manager is
 * asked only if an endpoint is configured for it as well: keys for a clone are not shown to AWS.
 * @throws ElbProxyError `no-region`, `invalid-endpoint`, `invalid-setting` or `no-ssm-endpoint`
 */
export function openRunCommand({ identity, region: given, onCall }: RunCommandOptions): RunCommand {
  const settings = settingsOf(identity, given);
  const { region } = settings;
  const endpoint = endpointBeside(identity, 'ssm', 'nothing was sent');
  const client = new SSMClient({
    ...identity.client('ssm', region),
    maxAttempts: settings.maxAttempts,
    retryStrategy: readRetries(settings),
  });
  client.middlewareStack.use(watchAttempts({ region, onCall }));
  const sender = new SSMClient({ ...identity.client('ssm', region), maxAttempts: 1, retryMode: 'standard' });
  sender.middlewareStack.use(watchAttempts({ region, onCall }));

  const about = (action: string) => ({ service: 'ssm' as const, action, region, endpoint });
  const asking = async <T>(action: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      throw withAdvice(faultOf(withJsonCode(error), about(action)), action, region);
    }
  };

  return {
    region,
    endpoint: endpoint?.url,
    describeInstances: (ids) =>
      asking('DescribeInstanceInformation', async () => {
        const found: ManagedInstance[] = [];
        for (const batch of batchesOf(ids, 50)) {
          const Values = [...batch];
          await eachPage(about('DescribeInstanceInformation'), async (NextToken) => {
            const answer = await client.send(
              new DescribeInstanceInformationCommand({
                Filters: [{ Key: 'InstanceIds', Values }],
                MaxResults: 50,
                NextToken,
              }),
            );
            if (answer.InstanceInformationList === undefined)
              throw incompleteAnswer(['InstanceInformationList'], about('DescribeInstanceInformation'));
            for (const { InstanceId, PingStatus, PlatformType } of answer.InstanceInformationList) {
              if (InstanceId === undefined || !Values.includes(InstanceId)) continue;
              found.push({
                instanceId: InstanceId,
                ping: PingStatus === undefined ? 'not said' : plainText(PingStatus, 40),
                ...(PlatformType === undefined ? {} : { platform: plainText(PlatformType, 40) }),
              });
            }
            return answer.NextToken;
          });
        }
        return found;
      }),

    describeDocument: (name) =>
      asking('DescribeDocument', async () => {
        try {
          const { Document } = await client.send(new DescribeDocumentCommand({ Name: name }));
          const { Hash: hash, HashType, DocumentVersion: version } = Document ?? {};
          if (hash === undefined || version === undefined || HashType !== 'Sha256')
            throw incompleteAnswer(['Document.Hash'], about('DescribeDocument'));
          return { hash, version };
        } catch (error) {
          if (wireCode(withJsonCode(error)) === 'InvalidDocument') return undefined;
          throw error;
        }
      }),

    documentText: (Name, DocumentVersion) =>
      asking('GetDocument', async () => {
        const input = { Name, DocumentVersion, DocumentFormat: 'JSON' as const };
        const { Content } = await client.send(new GetDocumentCommand(input));
        if (Content === undefined) throw incompleteAnswer(['Content'], about('GetDocument'));
        return Content;
      }),

    send: (command) =>
      asking('SendCommand', async () => {
        for (let attempt = 1; ; attempt++) {
          try {
            const { Command } = await sender.send(new SendCommandCommand(inputOf(command)));
            const id = Command?.CommandId ?? '';
            // It goes into a command line that a person may copy.
            if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id))
              throw incompleteAnswer(['Command.CommandId'], about('SendCommand'));
            return id;
          } catch (error) {
            if (!isThrottle(withJsonCode(error)) || attempt >= tries) throw error;
            await delay(500 * 2 ** attempt);
          }
        }
      }),

    invocations: (CommandId) =>
      asking('ListCommandInvocations', async () => {
        const found: Invocation[] = [];
        try {
          await eachPage(about('ListCommandInvocations'), async (NextToken) => {
            const answer = await client.send(
              new ListCommandInvocationsCommand({ CommandId, Details: true, MaxResults: 50, NextToken }),
            );
            if (answer.CommandInvocations === undefined)
              throw incompleteAnswer(['CommandInvocations'], about('ListCommandInvocations'));
            found.push(
              ...answer.CommandInvocations.filter((one) => one.CommandId === CommandId).flatMap(invocationOf),
            );
            return answer.NextToken;
          });
        } catch (error) {
          // Right after a command was sent, that is normal.
          if (wireCode(withJsonCode(error)) === 'InvocationDoesNotExist') return [];
          throw error;
        }
        return found;
      }),

    cancel: (CommandId) =>
      asking('CancelCommand', async () => {
        await client.send(new CancelCommandCommand({ CommandId }));
      }),
  };
}

function inputOf({ instanceIds, run, parameters, startWithin, runFor }: CommandToSend) {
  const lists = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, [value]]));
  const common = {
    InstanceIds: [...instanceIds],
    TimeoutSeconds: startWithin,
    // One that fails says nothing of the others.
    MaxErrors: '100%',
    Comment: 'elb-proxy verify: probes a port for the PROXY line',
  };
  const executionTimeout = [String(runFor)];
  return run.kind === 'document'
    ? {
        ...common,
        DocumentName: run.name,
        DocumentHash: run.hash,
        DocumentHashType: 'Sha256' as const,
        Parameters: { ...lists, executionTimeout },
      }
    : {
        ...common,
        DocumentName: 'AWS-RunShellScript',
        Parameters: { commands: run.text.split('\n'), executionTimeout },
      };
}

function invocationOf({
  InstanceId,
  Status,
  StatusDetails,
  CommandPlugins,
}: CommandInvocation): readonly Invocation[] {
  if (InstanceId === undefined || Status === undefined) return [];
  return [
    {
      instanceId: InstanceId,
      status: plainText(Status, 40),
      details: plainText(StatusDetails ?? Status, 60),
      output: (CommandPlugins ?? [])
        .map(({ Output = '' }) => Output)
        .join('\n')
        .slice(0, 20_000),
    },
  ];
}

/** Follows the pages; an answer that never ends is not an answer. */
async function eachPage(
  about: { readonly action: string; readonly region: string },
  read: (token: string | undefined) => Promise<string | undefined>,
): Promise<void> {
  let token: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    token = (await read(token)) || undefined;
    if (token === undefined) return;
  }
  throw new ElbProxyError(
    `${about.action} in ${about.region} failed: the answer has more than ${mostPages} pages`,
    { code: 'incomplete-answer', fault: 'service' },
  );
}

function withAdvice(fault: ElbProxyError, action: string, region: string): ElbProxyError {
  const { code } = fault;
  if (isDenied(fault))
    return withHint(
      fault,
      `the caller lacks the IAM action ssm:${action}; elb-proxy iam-policy --from instances prints a policy that has it`,
      'user',
    );
  if (action === 'SendCommand' && ['timeout', 'connection-lost', 'service-error'].includes(code))
    return withHint(
      fault,
      `it is not known whether it was sent; the probe ends by itself. To check: aws ssm list-commands --region ${region}`,
    );
  return code in advice ? withHint(fault, advice[code], 'user') : fault;
}

const advice: Readonly<Record<string, string>> = {
  InvalidInstanceId:
    'an instance left Systems Manager in the meantime, or the caller may not send commands to it: run it again, or look at the policy',
  InvalidDocument: 'print the document again with: elb-proxy ssm-document',
};
