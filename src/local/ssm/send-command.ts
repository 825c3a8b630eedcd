import { isProbeDocument } from '../../core/instance-probe/document.js';
import { type ProbeParameters, parametersOf, wrongParameter } from '../../core/instance-probe/parameters.js';
import { scriptAddress } from '../../core/instance-probe/script-address.js';
import { ServiceError } from '../service-error.js';
import type { Fate, SentCommand } from './command-store.js';
import type { SendInput } from './inputs.js';
import { type KnownInstance, managedInstances } from './managed-instances.js';
import { runProbe } from './run-probe.js';
import type { SsmContext } from './systems-manager.js';

const onlyOwn =
  'elb-proxy local runs nothing but the probe of this very version, with parameters that it knows: see elb-proxy ssm-document';

/**
 * `SendCommand`. Nothing that a caller sends is run: a command that is this tool's own probe, byte for byte, names
 * parameters, and the probe is built from those; every other command ends as Failed, with the reason.
 * @throws ServiceError
 */
export function sendCommand(given: SendInput, context: SsmContext): SentCommand {
  const { region, store, addresses, ssm } = context;
  const { InstanceIds: ids = [], DocumentName, Parameters, TimeoutSeconds, Comment } = given;
  if (ids.length === 0) throw new ServiceError('ValidationException', 'Here, InstanceIds have to be given');
  if (new Set(ids).size < ids.length)
    throw new ServiceError('DuplicateInstanceId', 'An instance is named more than once');
  const known = managedInstances(store.current(), region, addresses);
  const instances = ids.map((id) => {
    const found = known.find((one) => one.id === id);
    if (found !== undefined) return found;
    throw new ServiceError(
      'InvalidInstanceId',
      `Instances [[${id}]] not in a valid state for account ${context.accountId}`,
    );
  });
  const asked = whatIsAsked(given, context);
  const seconds = secondsOf(Parameters['executionTimeout']);
  const fates = new Map(
    instances.map((one): readonly [string, Fate] => [one.id, fateOf(one, asked, seconds, context)]),
  );
  return ssm.commands.add(
    {
      region,
      documentName: DocumentName,
      comment: Comment,
      parameters: Parameters,
      instanceIds: ids,
      timeoutSeconds: TimeoutSeconds,
    },
    fates,
  );
}

/** The parameters of the probe that is to be run; undefined if it is not ours. @throws ServiceError */
function whatIsAsked(
  { DocumentName, DocumentHash, Parameters }: SendInput,
  { ssm, region }: SsmContext,
): ProbeParameters | undefined {
  if (DocumentName === 'AWS-RunShellScript') {
    const { commands } = Parameters;
    if (commands === undefined)
      throw new ServiceError('InvalidParameters', 'The parameter commands is required');
    return parametersOf(commands.join('\n'));
  }
  const { hash, content } = ssm.documents.find(DocumentName, region);
  if (DocumentHash !== undefined && DocumentHash !== hash)
    throw new ServiceError('InvalidDocument', `The hash of document ${DocumentName} is another`);
  if (!isProbeDocument(content)) return undefined;
  const { executionTimeout: _, ...own } = Object.fromEntries(
    Object.entries(Parameters).map(([name, [value, ...more]]) => [
      name,
      more.length === 0 ? value : undefined,
    ]),
  );
  const wrong = wrongParameter(own);
  if (wrong !== undefined)
    throw new ServiceError(
      'InvalidParameters',
      `The parameter ${wrong} is missing, or does not match its allowedPattern`,
    );
  return own as unknown as ProbeParameters;
}

function secondsOf([text = '300']: readonly string[] = []): number {
  if (/^[1-9][0-9]{1,3}$/.test(text)) return Number(text);
  throw new ServiceError('InvalidParameters', 'executionTimeout does not match its allowedPattern');
}

function fateOf(
  { id, ping, platform, address }: KnownInstance,
  asked: ProbeParameters | undefined,
  seconds: number,
  { ssm }: SsmContext,
): Fate {
  if (ping !== 'Online') return { kind: 'away' };
  if (asked === undefined) return { kind: 'refused', why: onlyOwn };
  if (platform !== 'Linux') return { kind: 'refused', why: `the document does not run on ${platform}` };
  const own = scriptAddress(address);
  // The instance has no other: here, where every address is this machine's, the script could not know.
  if (own === undefined || !asked.Addresses.split(',').includes(own))
    return { kind: 'refused', why: `none of the addresses is the instance's: it has ${address}` };
  const run = runProbe(
    { ...asked, Addresses: own },
    { shell: ssm.shells[id] ?? ['sh'], path: ssm.path, seconds },
  );
  return { kind: 'run', run };
}
