import { isIP, isIPv4 } from 'node:net';
import { isInstanceId } from '../instance-ids.js';
import { requiredStructureList, structureList } from '../request-lists.js';
import { optionalInteger, type Parameters, portBounds, requiredString } from '../request-parameters.js';
import { ServiceError, validationError } from '../service-error.js';
import { kindOfArn } from './arn.js';
import type { TargetGroupV2, TargetV2 } from './shapes.js';

/** Whether two of a group's targets are the same: by id and port. */
export const sameTarget = (a: TargetV2, b: TargetV2): boolean => a.id === b.id && a.port === b.port;

function checkAddress(address: string, { ipAddressType }: TargetGroupV2): void {
  const version = isIP(address);
  if (version === 0) throw validationError(`The IP address '${address}' is not a valid IP address`);
  if (version !== (ipAddressType === 'ipv6' ? 6 : 4)) {
    throw validationError(
      `The IP address '${address}' is not a valid ${ipAddressType === 'ipv6' ? 'IPv6' : 'IPv4'} address`,
    );
  }
  // The service's own rule is that it is in the VPC, or private.
  if (isIPv4(address) ? !address.startsWith('127.') : address !== '::1') {
    throw validationError(
      `The IP address '${address}' is not a loopback address: this endpoint balances on this machine alone; another machine can be an instance`,
    );
  }
}

function checkId(id: string, group: TargetGroupV2): void {
  switch (group.targetType) {
    case 'instance':
      if (!isInstanceId(id))
        throw new ServiceError('InvalidTarget', `The following targets are not valid instances: '${id}'`);
      return;
    case 'ip':
      checkAddress(id, group);
      return;
    case 'alb':
      if (kindOfArn(id) !== 'load balancer' || !id.includes(':loadbalancer/app/')) {
        throw new ServiceError('InvalidTarget', `'${id}' is not the ARN of an Application Load Balancer`);
      }
      return;
    case 'lambda':
      if (!/^arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:\S+$/.test(id)) {
        throw new ServiceError('InvalidTarget', `'${id}' is not a valid Lambda function ARN`);
      }
  }
}

function parseTarget(parameters: Parameters, index: number, group: TargetGroupV2): TargetV2 {
  const at = `targets.${index + 1}.member`;
  const id = requiredString(parameters, 'Id', `${at}.id`);
  const port = optionalInteger(parameters, 'Port', portBounds, `${at}.port`) ?? group.port;
  const availabilityZone = parameters.get('AvailabilityZone') || undefined;
  return {
    id,
    ...(port === undefined ? {} : { port }),
    ...(availabilityZone === undefined ? {} : { availabilityZone }),
  };
}

/** The targets of a request's `Targets.member.N`, which must be ones that the group can have. */
export const parseTargets = (parameters: Parameters, group: TargetGroupV2): readonly TargetV2[] =>
  requiredStructureList(parameters, 'Targets').map((one, index) => {
    const target = parseTarget(one, index, group);
    checkId(target.id, group);
    return target;
  });

/** The targets that a request asks about; none where it asks about all. */
export const askedTargets = (parameters: Parameters, group: TargetGroupV2): readonly TargetV2[] =>
  structureList(parameters, 'Targets').map((one, index) => parseTarget(one, index, group));
