import { z } from 'zod';
import type { Answer } from '../responses.js';
import { ServiceError } from '../service-error.js';
import type { InvocationState, SentCommand } from './command-store.js';
import type { StoredDocument } from './documents.js';
import {
  cancelInput,
  createInput,
  getInput,
  inputOf,
  instancesInput,
  listInput,
  sendInput,
} from './inputs.js';
import { managedInstances } from './managed-instances.js';
import { sendCommand } from './send-command.js';
import type { SsmContext } from './systems-manager.js';

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
      return describeInstances(inputOf(instancesInput, body), context);
    case 'SendCommand':
      return { Command: commandOf(sendCommand(inputOf(sendInput, body), context)) };
    case 'ListCommandInvocations':
      return listInvocations(inputOf(listInput, body), context);
    case 'GetCommandInvocation':
      return getInvocation(inputOf(getInput, body), context);
    case 'CancelCommand': {
      const { CommandId, InstanceIds = [] } = inputOf(cancelInput, body);
      context.ssm.commands.cancel(CommandId, context.region, InstanceIds);
      return {};
    }
    case 'CreateDocument': {
      const { Name, Content } = inputOf(createInput, body);
      const { region, now, ssm } = context;
      return { DocumentDescription: descriptionOf(ssm.documents.create(Name, Content, region, now())) };
    }
    case 'GetDocument': {
      const { Name } = inputOf(z.object({ Name: z.string() }), body);
      const { name, content } = context.ssm.documents.find(Name, context.region);
      return { Name: name, Content: content, DocumentVersion: '1', DocumentFormat: 'JSON', Status: 'Active' };
    }
    case 'DescribeDocument': {
      const { Name } = inputOf(z.object({ Name: z.string() }), body);
      return { Document: descriptionOf(context.ssm.documents.find(Name, context.region)) };
    }
    default:
      throw new ServiceError('UnknownOperationException', `There is no operation ${action} here`);
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
    throw new ServiceError('ValidationException', 'Here, CommandId has to be given');
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
    throw new ServiceError('InvocationDoesNotExist', `Command ${CommandId} was not sent to ${InstanceId}`);
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
    throw new ServiceError('InvalidNextToken', 'The specified token is not valid.');
  const end = from + size;
  return { page: all.slice(from, end), next: end < all.length ? { NextToken: String(end) } : {} };
}
