import type { AddressInfo } from 'node:net';
import { hostAndPort } from '../core/host-and-port.js';
import { messageOf } from '../errors.js';
import { applySeed } from './apply-seed.js';
import { checkOptions } from './check-options.js';
import { claimAddresses } from './claim-addresses.js';
import type { OpenPort } from './data-plane/create-data-plane.js';
import { makeDataPlanes, noDataPlanes } from './data-planes.js';
import type { OpenNetworkPort } from './elbv2/data-plane/create-network-data-plane.js';
import type { ElbV2State } from './elbv2/shapes.js';
import { createApiServer } from './http-server.js';
import type { InstanceAddresses } from './instance-address.js';
import { LocalElbError } from './local-elb-error.js';
import type { LocalEvent, OnLocalEvent } from './local-event.js';
import type { LocalOptions } from './local-options.js';
import { readSeed } from './read-seed.js';
import type { CheckedSeed } from './seed.js';
import type { Seed } from './seed-shape.js';
import type { LoadBalancer, State } from './shapes.js';
import { createSystemsManager } from './ssm/systems-manager.js';
import { emptyState } from './state.js';
import { type StateFile, stateFileAt } from './state-file.js';
import { createStore } from './store.js';

export type { Certificate } from './data-plane/certificate-source.js';
export type { OpenPort } from './data-plane/create-data-plane.js';
export type { OpenNetworkPort } from './elbv2/data-plane/create-network-data-plane.js';
export { LocalElbError, type LocalElbErrorCode } from './local-elb-error.js';
export type { LocalOptions } from './local-options.js';
export type { Listener, LoadBalancer, Policy } from './shapes.js';
export type { ElbV2State, InstanceAddresses, LocalEvent, OnLocalEvent, Seed };

/** A local load balancer service that is running. */
export interface LocalElb extends AsyncDisposable {
  /**
   * For `AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING`, and those of `…_V2`, `AWS_ENDPOINT_URL_EC2`, `…_STS`,
   * `…_CLOUDWATCH` and `…_SSM`.
   */
  readonly endpoint: string;
  readonly port: number;
  /** All Classic Load Balancers of all regions, as they are now. */
  loadBalancers(): readonly LoadBalancer[];
  /** All other load balancers of all regions, with their listeners and target groups, as they are now. */
  readonly elbv2: () => ElbV2State;
  /** All listeners of all Classic Load Balancers, and where each is open; none without a data plane. */
  readonly openPorts: () => readonly OpenPort[];
  /** The same of all Network Load Balancers. */
  readonly openNetworkPorts: () => readonly OpenNetworkPort[];
  /** Stops it after the requests under way; a second call does nothing more. */
  close(): Promise<void>;
}

/** The PATH of an agent's shell. */
const agentPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The state that a service starts from. */
interface Beginning {
  readonly state: State;
  readonly seed: CheckedSeed | undefined;
  readonly stateFile: StateFile | undefined;
  /** Gives the claimed addresses back. */
  readonly release?: () => void;
}

async function serve(
  options: LocalOptions,
  { state, seed, stateFile, release }: Beginning,
): Promise<LocalElb> {
  const { host = '127.0.0.1' } = options;
  const { region = 'us-east-1', accountId = '123456789012', latencyMs = 0 } = options;
  const now = options.clock ?? (() => new Date());
  const onEvent = (event: LocalEvent): void => options.onEvent?.(event);
  const planes = options.dataPlane === false ? noDataPlanes : await makeDataPlanes(options, onEvent);
  const { health, targetHealth } = planes;
  const save = async (changed: State): Promise<void> => {
    if (stateFile === undefined) return;
    try {
      await stateFile.write(changed);
    } catch (error) {
      onEvent({
        kind: 'warning',
        code: 'StateNotSaved',
        message: `${options.stateFile}: ${messageOf(error)}`,
      });
      throw error;
    }
  };
  const follow = async (changed: State): Promise<void> => {
    try {
      await planes.follow(changed);
    } catch (error) {
      onEvent({ kind: 'warning', code: 'DataPlane', message: messageOf(error) });
    }
  };

  const { loadBalancers, targetGroups } = state.elbv2;
  const isEmpty = [state.loadBalancers, loadBalancers, targetGroups].every(({ length }) => length === 0);
  const seeding = seed !== undefined && isEmpty;
  const initial = seeding ? applySeed(state, seed, { region, accountId, now, health, targetHealth }) : state;

  const store = createStore(initial, { save, follow });
  const ssm = createSystemsManager(now, { shells: options.instanceShells ?? {}, path: agentPath });
  const context = { store, accountId, now, health, targetHealth, addresses: options.instances ?? {}, ssm };
  const { server, stop } = createApiServer({ ...context, defaultRegion: region, latencyMs, onEvent });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: options.port ?? 4580, host, exclusive: true }, resolve);
  }).catch((error: unknown) => {
    const where = `${host}:${options.port ?? 4580}`;
    throw new LocalElbError('PortUnavailable', `Cannot listen on ${where}: ${messageOf(error)}`, {
      cause: error,
    });
  });
  // Only now: a start that fails must leave nothing behind.
  try {
    if (seeding) await save(initial);
  } catch (error) {
    await stop();
    throw error;
  }
  await follow(initial);

  const { port } = server.address() as AddressInfo;
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    ssm.commands.close();
    await stop();
    await store.settled();
    await planes.close();
    release?.();
  };
  const closeOnce = (): Promise<void> => (closing ??= close());
  return {
    endpoint: `http://${hostAndPort(host, port)}`,
    port,
    loadBalancers: () => store.current().loadBalancers,
    elbv2: () => store.current().elbv2,
    openPorts: planes.openPorts,
    openNetworkPorts: planes.openNetworkPorts,
    close: closeOnce,
    [Symbol.asyncDispose]: closeOnce,
  };
}

/**
 * Starts an Elastic Load Balancing service on this machine: the Query API of 2012-06-01 for Classic Load Balancers and
 * that of 2015-12-01 for all others, EC2's DescribeInstances for the registered instances, STS's GetCallerIdentity,
 * CloudWatch's DescribeAlarms and SetAlarmState, and Systems Manager's Run Command for this tool's own probe. It serves
 * every region, and checks no signature.
 *
 * @throws {@link LocalElbError} for an option that cannot be used, a damaged state file (which is left as it is), a
 * seed that is not valid, a certificate that does not fit its key, or an API port that cannot be bound. A
 * listener's port that cannot be bound is a warning event.
 */
export async function startLocal(options: LocalOptions = {}): Promise<LocalElb> {
  checkOptions(options);
  const stateFile = options.stateFile === undefined ? undefined : stateFileAt(options.stateFile);
  const seed = options.seed === undefined ? undefined : await readSeed(options.seed);
  const state = stateFile === undefined ? emptyState : await stateFile.read();
  if (options.dataPlane === false) return serve(options, { state, seed, stateFile });
  const { first, release } = await claimAddresses(state.addressesUsed);
  try {
    return await serve(options, { state: { ...state, addressesUsed: first }, seed, stateFile, release });
  } catch (error) {
    release();
    throw error;
  }
}
