import { entriesOf, pairsOf } from './pairs.js';
import { optionalStructure, structureList } from './request-lists.js';
import {
  optionalBoolean,
  optionalInteger,
  type Parameters,
  requiredInteger,
  requiredString,
} from './request-parameters.js';
import { constraintError, invalidConfiguration, ServiceError } from './service-error.js';
import type { LoadBalancerAttributes } from './shapes.js';
import { describePairs, type XmlElements, type XmlValue } from './xml.js';

/** The attributes of a new load balancer. */
export const defaultAttributes: LoadBalancerAttributes = {
  crossZone: false,
  accessLog: { enabled: false },
  connectionDraining: { enabled: false, timeout: 300 },
  idleTimeout: 60,
  additional: [{ key: 'elb.http.desyncmitigationmode', value: 'defensive' }],
};

const describers: Readonly<Record<string, (attributes: LoadBalancerAttributes) => XmlValue>> = {
  CrossZoneLoadBalancing: ({ crossZone }) => ({ Enabled: crossZone }),
  AccessLog: ({ accessLog }) => ({
    Enabled: accessLog.enabled,
    S3BucketName: accessLog.s3BucketName,
    EmitInterval: accessLog.emitInterval,
    S3BucketPrefix: accessLog.s3BucketPrefix,
  }),
  ConnectionDraining: ({ connectionDraining }) => ({
    Enabled: connectionDraining.enabled,
    Timeout: connectionDraining.timeout,
  }),
  ConnectionSettings: ({ idleTimeout }) => ({ IdleTimeout: idleTimeout }),
  AdditionalAttributes: ({ additional }) => describePairs(additional),
};

/** Attributes in the API's form. */
export const describeAttributes = (attributes: LoadBalancerAttributes): XmlElements =>
  Object.fromEntries(Object.entries(describers).map(([name, describe]) => [name, describe(attributes)]));

/** Only the attributes that a request's `LoadBalancerAttributes` sets, for the answer to it. */
export const describeAttributesOf = (attributes: LoadBalancerAttributes, wanted: Parameters): XmlElements =>
  Object.fromEntries(
    Object.entries(describers)
      .filter(([name]) => optionalStructure(wanted, name) !== undefined)
      .map(([name, describe]) => [name, describe(attributes)]),
  );

function requiredEnabled(parameters: Parameters, at: string): boolean {
  const enabled = optionalBoolean(parameters, 'Enabled', `${at}.enabled`);
  if (enabled === undefined) throw constraintError(null, `${at}.enabled`, 'not be null');
  return enabled;
}

function parseAccessLog(parameters: Parameters): LoadBalancerAttributes['accessLog'] {
  const at = 'loadBalancerAttributes.accessLog';
  const s3BucketName = parameters.get('S3BucketName');
  const emitInterval = optionalInteger(parameters, 'EmitInterval', {}, `${at}.emitInterval`);
  if (emitInterval !== undefined && emitInterval !== 5 && emitInterval !== 60) {
    throw constraintError(String(emitInterval), `${at}.emitInterval`, 'satisfy enum value set: [5, 60]');
  }
  const s3BucketPrefix = parameters.get('S3BucketPrefix');
  return {
    enabled: requiredEnabled(parameters, at),
    ...(s3BucketName === undefined ? {} : { s3BucketName }),
    ...(emitInterval === undefined ? {} : { emitInterval }),
    ...(s3BucketPrefix === undefined ? {} : { s3BucketPrefix }),
  };
}

// The one additional attribute that there is, and its values (API reference, AdditionalAttribute).
const additionalValues: ReadonlyMap<string, readonly string[]> = new Map([
  ['elb.http.desyncmitigationmode', ['monitor', 'defensive', 'strictest']],
]);

function parseAdditional(parameters: Parameters): [key: string, value: string] {
  const key = requiredString(parameters, 'Key', 'loadBalancerAttributes.additionalAttributes.key');
  const value = parameters.get('Value') ?? '';
  const values = additionalValues.get(key);
  // The code is the model's; the text is not known.
  if (values === undefined) {
    throw new ServiceError('LoadBalancerAttributeNotFound', `Load balancer attribute ${key} not found`);
  }
  if (!values.includes(value)) {
    throw invalidConfiguration(`The value '${value}' of ${key} is not one of ${values.join(', ')}.`);
  }
  return [key, value];
}

/** The attributes with those of a request's `LoadBalancerAttributes` changed. */
export function mergeAttributes(present: LoadBalancerAttributes, wanted: Parameters): LoadBalancerAttributes {
  const at = 'loadBalancerAttributes';
  const crossZone = optionalStructure(wanted, 'CrossZoneLoadBalancing');
  const accessLog = optionalStructure(wanted, 'AccessLog');
  const draining = optionalStructure(wanted, 'ConnectionDraining');
  const settings = optionalStructure(wanted, 'ConnectionSettings');
  const added = structureList(wanted, 'AdditionalAttributes');
  if (added.length > 10) {
    throw constraintError(
      `[${added.length} attributes]`,
      `${at}.additionalAttributes`,
      'have length less than or equal to 10',
    );
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
    additional: pairsOf(entriesOf(present.additional, added.map(parseAdditional))),
  };
}
