import { type Action, read, write } from '../action.js';
import { defaultAttributes } from '../attribute-rules.js';
import { describeHealthCheck, describeLoadBalancer } from '../describe-load-balancer.js';
import { defaultHealthCheck, parseHealthCheck } from '../health-check-rules.js';
import { addListeners, parseListener, sameListener, withDefaultSecurityPolicy } from '../listener-rules.js';
import {
  checkLoadBalancerName,
  checkNameCharacters,
  findLoadBalancer,
  getLoadBalancer,
  inRegion,
  replaceLoadBalancer,
} from '../load-balancers.js';
import { loopbackAddress } from '../loopback-address.js';
import { decodeMarker, encodeMarker } from '../marker.js';
import { checkSecurityGroups, parsePlacement, sourceSecurityGroup } from '../placement.js';
import { optionalStringList, requiredStringList, requiredStructureList } from '../request-lists.js';
import { optionalInteger, requiredString } from '../request-parameters.js';
import { sameElements } from '../same-elements.js';
import { invalidConfiguration, ServiceError } from '../service-error.js';
import type { LoadBalancer } from '../shapes.js';
import { mergeTags, parseTags } from '../tag-rules.js';
import { members } from '../xml.js';

/** How a repeated CreateLoadBalancer differs from the first; undefined if it is the same. */
function difference(present: LoadBalancer, asked: LoadBalancer): 'tags' | 'parameters' | undefined {
  const sameParameters =
    present.scheme === asked.scheme &&
    sameElements(present.subnets, asked.subnets) &&
    sameElements(present.securityGroups, asked.securityGroups) &&
    present.listeners.length === asked.listeners.length &&
    asked.listeners.every((one) => present.listeners.some((other) => sameListener(one, other)));
  if (!sameParameters) return 'parameters';
  return sameElements(present.tags, asked.tags) ? undefined : 'tags';
}

// AWS's default quotas. They are reported, not enforced: a test may need a thousand load balancers.
const limits = [
  { Name: 'classic-load-balancers', Max: '20' },
  { Name: 'classic-listeners', Max: '100' },
  { Name: 'classic-registered-instances', Max: '1000' },
];

/** The actions about load balancers as a whole. */
export const loadBalancerActions: Readonly<Record<string, Action>> = {
  /** Answers with its DNS name, here an address. The same again changes nothing. */
  CreateLoadBalancer: write((state, parameters, { region, accountId, now }) => {
    const name = checkLoadBalancerName(requiredString(parameters, 'LoadBalancerName'));
    const asked = requiredStructureList(parameters, 'Listeners').map(parseListener);
    const listeners = addListeners(name, [], asked);
    const created: LoadBalancer = {
      region,
      loadBalancerName: name,
      dnsName: loopbackAddress(state.addressesUsed),
      createdTime: now().toISOString(),
      ...parsePlacement(parameters, { region, accountId }),
      listeners,
      policies: withDefaultSecurityPolicy([], listeners),
      backendPolicies: [],
      instances: [],
      healthCheck: defaultHealthCheck(listeners[0]?.instancePort ?? 80),
      tags: mergeTags([], parseTags(parameters)),
      attributes: defaultAttributes,
    };
    const present = findLoadBalancer(state, region, name);
    if (present === undefined) {
      return {
        state: {
          ...state,
          addressesUsed: state.addressesUsed + 1,
          loadBalancers: [...state.loadBalancers, created],
        },
        result: { DNSName: created.dnsName },
      };
    }
    const what = difference(present, created);
    if (what === undefined) return { state, result: { DNSName: present.dnsName } };
    // The real service's text, seen for tags (ansible/ansible#29965).
    throw new ServiceError(
      'DuplicateLoadBalancerName',
      `Load Balancer named ${name} already exists and it is configured with different ${what}.`,
    );
  }),
  /** The load balancers named, or a page of all of them. */
  DescribeLoadBalancers: read((state, parameters, { region }) => {
    const names = optionalStringList(parameters, 'LoadBalancerNames') ?? [];
    const pageSize = optionalInteger(parameters, 'PageSize', { min: 1, max: 400 }) ?? 400;
    const after = decodeMarker(parameters.get('Marker'));
    const all =
      names.length > 0
        ? [...new Set(names)].map((name) => getLoadBalancer(state, region, name))
        : inRegion(state, region);
    const rest = after === undefined ? all : all.filter((one) => one.loadBalancerName > after);
    const page = rest.slice(0, pageSize);
    return {
      LoadBalancerDescriptions: members(page.map(describeLoadBalancer)),
      NextMarker: rest.length > page.length ? encodeMarker(page.at(-1)?.loadBalancerName ?? '') : undefined,
    };
  }),
  /** Succeeds even when there is none with that name. Its address is not used again. */
  DeleteLoadBalancer: write((state, parameters, { region }) => {
    const name = checkNameCharacters(requiredString(parameters, 'LoadBalancerName'));
    const found = findLoadBalancer(state, region, name);
    if (found === undefined) return { state, result: {} };
    const loadBalancers = state.loadBalancers.filter((one) => one !== found);
    return { state: { ...state, loadBalancers }, result: {} };
  }),
  /** Replaces all of the health check's settings. */
  ConfigureHealthCheck: write((state, parameters, { region, seeding }) => {
    const name = requiredString(parameters, 'LoadBalancerName');
    const healthCheck = parseHealthCheck(parameters, seeding);
    const loadBalancer = getLoadBalancer(state, region, name);
    return {
      state: replaceLoadBalancer(state, { ...loadBalancer, healthCheck }),
      result: { HealthCheck: describeHealthCheck(healthCheck) },
    };
  }),
  /** Replaces the load balancer's security groups. */
  ApplySecurityGroupsToLoadBalancer: write((state, parameters, { region, accountId }) => {
    const name = requiredString(parameters, 'LoadBalancerName');
    const securityGroups = [...new Set(requiredStringList(parameters, 'SecurityGroups'))];
    const loadBalancer = getLoadBalancer(state, region, name);
    checkSecurityGroups(securityGroups);
    if (securityGroups.length === 0) {
      throw invalidConfiguration('A load balancer must have at least one security group');
    }
    const source = sourceSecurityGroup(securityGroups, { region, accountId });
    const changed = { ...loadBalancer, securityGroups, sourceSecurityGroup: source };
    return {
      state: replaceLoadBalancer(state, changed),
      result: { SecurityGroups: members(securityGroups) },
    };
  }),
  /** The default quotas, in pages. */
  DescribeAccountLimits: read((_state, parameters) => {
    const pageSize = optionalInteger(parameters, 'PageSize', { min: 1, max: 400 }) ?? 400;
    const after = decodeMarker(parameters.get('Marker'));
    const start = limits.findIndex(({ Name }) => Name === after) + 1;
    const page = limits.slice(start, start + pageSize);
    return {
      Limits: members(page),
      NextMarker: start + page.length < limits.length ? encodeMarker(page.at(-1)?.Name ?? '') : undefined,
    };
  }),
};
