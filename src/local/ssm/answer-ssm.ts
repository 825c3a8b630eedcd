import { z } from 'zod';
import type { InstanceAddresses } from '../instance-address.js';
import type { Answer } from '../responses.js';
import { ServiceError } from '../service-error.js';
import type { Store } from '../store.js';
import { CommandStore, type InvocationState, type SentCommand } from './command-store.js';
import { DocumentStore, type StoredDocument } from './documents.js';
import { managedInstances } from './managed-instances.js';
import { sendCommand } from './send-command.js';

/** What Systems Manager's actions work with. */
export interface SsmContext {
  readonly region: string;
  readonly accountId: string;
  readonly now: () => Date;
  readonly store: Store;
  readonly addresses: InstanceAddresses;
  readonly ssm: SystemsManager;
}

/** Systems Manager here: its documents, its commands, and how a shell is started on an instance. */
export interface SystemsManager {
  readonly commands: CommandStore;
  readonly documents: DocumentStore;
  readonly shells: Readonly<Record<string, readonly string[]>>;
  readonly path: string;
}

/** Nothing sent, and no document, yet. */
export function createSystemsManager(
  now: () => Date,
  { shells, path }: Pick<SystemsManager, 'shells' | 'path'>,
): SystemsManager {
  return { commands: new CommandStore(now), documents: new DocumentStore(), shells, path };
}

const target = 'AmazonSSM.';

/** The action that a request's head names, where it is for Systems Manager. */
export function ssmAction(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): string | undefined {
  const named = headers['x-amz-target'];
  return typeof named === 'string' && named.startsWith(target) ? named.slice(target.length) : undefined;
}

/** The result of an action. @throws ServiceError */
export function runSsm(action: string, body: Buffer, context: SsmContext): object {
  switch (action) {
    case 'DescribeInstanceInformation':
      return describeInstances(input(instancesInput, body), context);
    case 'SendCommand':
      return { Command: commandOf(sendCommand(input(sendInput, body), context)) };
    case 'ListCommandInvocations':
      return listInvocations(input(listInput, body), context);
    case 'GetCommandInvocation':
      return getInvocation(input(getInput, body), context);
    case 'CancelCommand': {
      const { CommandId, InstanceIds = [] } = input(cancelInput, body);
      context.ssm.commands.cancel(CommandId, context.region, InstanceIds);
      return {};
    }
    case 'CreateDocument': {
      const { Name, Content } = input(createInput, body);
      const { region, now, ssm } = context;
      return { DocumentDescription: descriptionOf(ssm.documents.create(Name, Content, region, now())) };
    }
    case 'DescribeDocument': {
      const { Name } = input(z.object({ Name: z.string() }), body);
      return { Document: descriptionOf(context.ssm.documents.find(Name, context.region)) };
    }
    default:
      throw new ServiceError('UnknownOperationException', 400, `There is no operation ${action} here`);
  }
}

/** An answer in JSON 1.1. */
export function ssmResult(result: object): Answer {
  return { status: 200, ...json(result) };
}

/** The same for an error. */
export function ssmError({ code, status, message }: ServiceError): Answer {
  return { status, code, ...json({ __type: code, message }) };
}

function json(value: object) {
  return { body: JSON.stringify(value), headers: { 'content-type': 'application/x-amz-json-1.1' } };
}

const instanceId = z.string().regex(/^(?:i-(?:[0-9a-f]{8}|[0-9a-f]{17})|mi-[0-9a-f]{17})$/);
const commandId = z.string().length(36);

const instancesInput = z.object({
  Filters: z.array(z.object({ Key: z.string(), Values: z.array(z.string()).min(1).max(100) })).optional(),
  MaxResults: z.int().min(5).max(50).optional(),
  NextToken: z.string().optional(),
});
const sendInput = z.object({
  InstanceIds: z.array(instanceId).max(50).optional(),
  DocumentName: z.string(),
  DocumentHash: z.string().max(256).optional(),
  DocumentHashType: z.enum(['Sha256', 'Sha1']).optional(),
  TimeoutSeconds: z.int().min(30).max(2_592_000).default(3600),
  Comment: z.string().max(100).default(''),
  Parameters: z.record(z.string(), z.array(z.string())).default({}),
});
const listInput = z.object({
  CommandId: commandId.optional(),
  InstanceId: instanceId.optional(),
  Details: z.boolean().default(false),
  MaxResults: z.int().min(1).max(50).default(50),
  NextToken: z.string().optional(),
});
const getInput = z.object({ CommandId: commandId, InstanceId: instanceId });
const cancelInput = z.object({ CommandId: commandId, InstanceIds: z.array(instanceId).max(50).optional() });
const createInput = z.object({ Name: z.string(), Content: z.string().min(1).max(65_536) });

/** What `SendCommand` takes, checked. */
export type SendInput = z.output<typeof sendInput>;

/** A request's body, in its shape. @throws ServiceError `ValidationException` */
function input<T>(shape: z.ZodType<T>, body: Buffer): T {
  let parsed: unknown;
  try {
    parsed = body.length === 0 ? {} : JSON.parse(body.toString());
  } catch {
    throw new ServiceError('SerializationException', 400, 'The request is not JSON');
  }
  const checked = shape.safeParse(parsed);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new ServiceError(
    'ValidationException',
    400,
    `1 validation error detected: Value at '${issue?.path.join('.') ?? ''}' failed to satisfy constraint: ${issue?.message ?? ''}`,
  );
}

function describeInstances(
  { Filters = [], MaxResults = 10, NextToken }: z.output<typeof instancesInput>,
  { store, region, addresses, now }: SsmContext,
): object {
  const keys: Readonly<Record<string, 'id' | 'ping' | 'platform'>> = {
    InstanceIds: 'id',
    PingStatus: 'ping',
    PlatformTypes: 'platform',
  };
  const passing = managedInstances(store.current(), region, addresses).filter((one) =>
    Filters.every(({ Key, Values }) => {
      const key = keys[Key];
      if (key === undefined)
        throw new ServiceError(
          'InvalidInstanceInformationFilterValue',
          400,
          `The filter ${Key} is not served here`,
        );
      return Values.includes(one[key]);
    }),
  );
  const { page, next } = paged(passing, MaxResults, NextToken);
  return {
    InstanceInformationList: page.map(({ id, ping, platform, address }) => ({
      InstanceId: id,
      PingStatus: ping,
      LastPingDateTime: now().getTime() / 1000,
      AgentVersion: '3.3.0.0',
      IsLatestVersion: true,
      PlatformType: platform,
      ResourceType: 'EC2Instance',
      IPAddress: address,
      ComputerName: id,
    })),
    ...next,
  };
}

function listInvocations(
  { CommandId, InstanceId, Details, MaxResults, NextToken }: z.output<typeof listInput>,
  { ssm, region }: SsmContext,
): object {
  if (CommandId === undefined)
    throw new ServiceError('ValidationException', 400, 'Here, CommandId has to be given');
  const { command, invocations } = ssm.commands.find(CommandId, region);
  const own = invocations.filter((one) => InstanceId === undefined || one.instanceId === InstanceId);
  const { page, next } = paged(own, MaxResults, NextToken);
  return {
    CommandInvocations: page.map((one) => ({
      CommandId,
      InstanceId: one.instanceId,
      Comment: command.comment,
      DocumentName: command.documentName,
      RequestedDateTime: command.requestedAt.getTime() / 1000,
      Status: one.status,
      StatusDetails: one.details,
      CommandPlugins: Details
        ? [
            {
              Name: pluginName,
              Status: one.status,
              StatusDetails: one.details,
              ResponseCode: one.code,
              Output: shortOutput(one),
            },
          ]
        : [],
    })),
    ...next,
  };
}

const pluginName = 'probe';

/** Output and errors as a listing has them: no more than 2,500 characters. */
function shortOutput({ output, errors }: InvocationState): string {
  const whole = errors === '' ? output : `${output}\n----------ERROR-------\n${errors}`;
  const mark = '---Output truncated---';
  return whole.length <= 2500 ? whole : `${whole.slice(0, 2500 - mark.length)}${mark}`;
}

function getInvocation(
  { CommandId, InstanceId }: z.output<typeof getInput>,
  { ssm, region }: SsmContext,
): object {
  const { command, invocations } = ssm.commands.find(CommandId, region);
  const one = invocations.find((invocation) => invocation.instanceId === InstanceId);
  if (one === undefined)
    throw new ServiceError(
      'InvocationDoesNotExist',
      400,
      `Command ${CommandId} was not sent to ${InstanceId}`,
    );
  return {
    CommandId,
    InstanceId,
    Comment: command.comment,
    DocumentName: command.documentName,
    PluginName: pluginName,
    ResponseCode: one.code,
    Status: one.status,
    StatusDetails: one.details,
    StandardOutputContent: one.output.slice(0, 24_000),
    StandardErrorContent: one.errors.slice(0, 8000),
  };
}

function commandOf(command: SentCommand): object {
  const { id, documentName, comment, parameters, instanceIds, requestedAt, timeoutSeconds } = command;
  return {
    CommandId: id,
    DocumentName: documentName,
    Comment: comment,
    Parameters: parameters,
    InstanceIds: instanceIds,
    RequestedDateTime: requestedAt.getTime() / 1000,
    Status: 'Pending',
    StatusDetails: 'Pending',
    TimeoutSeconds: timeoutSeconds,
    TargetCount: instanceIds.length,
    CompletedCount: 0,
    ErrorCount: 0,
  };
}

function descriptionOf({ name, hash, createdAt }: StoredDocument): object {
  return {
    Name: name,
    Hash: hash,
    HashType: 'Sha256',
    Status: 'Active',
    DocumentVersion: '1',
    DefaultVersion: '1',
    LatestVersion: '1',
    DocumentType: 'Command',
    DocumentFormat: 'JSON',
    SchemaVersion: '2.2',
    CreatedDate: createdAt.getTime() / 1000,
    PlatformTypes: ['Linux'],
  };
}

/** A page of a list; the token is where the next begins. */
function paged<T>(all: readonly T[], size: number, token: string | undefined) {
  const from = token === undefined || token === '' ? 0 : Number(token);
  if (!Number.isInteger(from) || from < 0)
    throw new ServiceError('InvalidNextToken', 400, 'The specified token is not valid.');
  const end = from + size;
  return { page: all.slice(from, end), next: end < all.length ? { NextToken: String(end) } : {} };
}
