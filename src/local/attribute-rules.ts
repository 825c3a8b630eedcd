import { optionalStructure, structureList } from './request-lists.js';
import { optionalBoolean, optionalInteger, type Parameters, requiredInteger } from './request-parameters.js';
import { constraintError } from './service-error.js';
import type { LoadBalancerAttributes } from './shapes.js';
import { members, type XmlElements } from './xml.js';

/** The attributes of a new load balancer. */
export const defaultAttributes: LoadBalancerAttributes = {
  crossZone: false,
  accessLog: { enabled: false },
  connectionDraining: { enabled: false, timeout: 300 },
  idleTimeout: 60,
  additional: [{ key: 'elb.http.desyncmitigationmode', value: 'defensive' }],
};

/** Attributes as the API tells them. */
export const describeAttributes = (attributes: LoadBalancerAttributes): XmlElements => ({
  CrossZoneLoadBalancing: { Enabled: attributes.crossZone },
  AccessLog: {
    Enabled: attributes.accessLog.enabled,
    S3BucketName: attributes.accessLog.s3BucketName,
    EmitInterval: attributes.accessLog.emitInterval,
    S3BucketPrefix: attributes.accessLog.s3BucketPrefix,
  },
  ConnectionDraining: {
    Enabled: attributes.connectionDraining.enabled,
    Timeout: attributes.connectionDraining.timeout,
  },
  ConnectionSettings: { IdleTimeout: attributes.idleTimeout },
  AdditionalAttributes: members(attributes.additional.map(({ key, value }) => ({ Key: key, Value: value }))),
});

function requiredEnabled(parameters: Parameters, at: string): boolean {
  const enabled = optionalBoolean(parameters, 'Enabled', `${at}.enabled`);
  if (enabled === undefined) throw constraintError(null, `${at}.enabled`, 'not be null');
  return enabled;
}

function parseAccessLog(parameters: Parameters): LoadBalancerAttributes['accessLog'] {
  const s3BucketName = parameters.get('S3BucketName');
  const emitInterval = optionalInteger(parameters, 'EmitInterval', { min: 5, max: 60 });
  const s3BucketPrefix = parameters.get('S3BucketPrefix');
  return {
    enabled: requiredEnabled(parameters, 'loadBalancerAttributes.accessLog'),
    ...(s3BucketName === undefined ? {} : { s3BucketName }),
    ...(emitInterval === undefined ? {} : { emitInterval }),
    ...(s3BucketPrefix === undefined ? {} : { s3BucketPrefix }),
  };
}

/** The attributes with those of a request's `LoadBalancerAttributes` changed. */
export function mergeAttributes(present: LoadBalancerAttributes, wanted: Parameters): LoadBalancerAttributes {
  const at = 'loadBalancerAttributes';
  const crossZone = optionalStructure(wanted, 'CrossZoneLoadBalancing');
  const accessLog = optionalStructure(wanted, 'AccessLog');
  const draining = optionalStructure(wanted, 'ConnectionDraining');
  const settings = optionalStructure(wanted, 'ConnectionSettings');
  const additional = new Map(present.additional.map(({ key, value }) => [key, value]));
  for (const one of structureList(wanted, 'AdditionalAttributes')) {
    additional.set(one.get('Key') ?? '', one.get('Value') ?? '');
  }
  return {
    crossZone: crossZone ? requiredEnabled(crossZone, `${at}.crossZoneLoadBalancing`) : present.crossZone,
    accessLog: accessLog ? parseAccessLog(accessLog) : present.accessLog,
    connectionDraining: draining
      ? {
          enabled: requiredEnabled(draining, `${at}.connectionDraining`),
          timeout:
            optionalInteger(draining, 'Timeout', { min: 1, max: 3600 }, `${at}.connectionDraining.timeout`) ??
            present.connectionDraining.timeout,
        }
      : present.connectionDraining,
    idleTimeout: settings
      ? requiredInteger(
          settings,
          'IdleTimeout',
          { min: 1, max: 3600 },
          `${at}.connectionSettings.idleTimeout`,
        )
      : present.idleTimeout,
    additional: [...additional].map(([key, value]) => ({ key, value })),
  };
}
