import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { certificate, post, proxyPolicy, type Running, start, tcp, zones } from '../local/clients.js';
import {
  encode,
  findModel,
  type Input,
  membersIn,
  type Operation,
  places,
  type Shape,
  unlike,
  type Value,
  type Wrong,
  wrongAt,
} from './botocore-model.js';

const found = findModel();
const model = found ?? { operations: {}, shapes: {} };
const shapeOf = (name: string): Shape => model.shapes[name] ?? { type: 'string' };
const operations = Object.values(model.operations);

// What no model says: names of things that are there, and what goes together.
const values: Readonly<Record<string, Value>> = {
  AccessPointName: 'web',
  AccessPointPort: 443,
  AccessLogInterval: 60,
  AdditionalAttributeKey: 'elb.http.desyncmitigationmode',
  AdditionalAttributeValue: 'monitor',
  AttributeName: 'ProxyProtocol',
  AttributeValue: 'true',
  AvailabilityZone: 'us-east-1b',
  ConnectionDrainingTimeout: 300,
  CookieExpirationPeriod: 60,
  EndPointPort: 8443,
  HealthCheckTarget: 'TCP:8443',
  HealthCheckInterval: 30,
  InstanceId: 'i-0123456789abcdef0',
  InstancePort: 9443,
  LoadBalancerScheme: 'internal',
  PolicyName: 'proxy',
  PolicyTypeName: 'ProxyProtocolPolicyType',
  Protocol: 'TCP',
  SSLCertificateId: certificate,
  SecurityGroupId: 'sg-11111111',
  SubnetId: 'subnet-11111111',
};
// Members that are left out of a full input, since others exclude them, and values of single operations.
const leftOut: Readonly<Record<string, readonly string[]>> = {
  CreateLoadBalancer: ['Subnets'],
  DescribeLoadBalancers: ['Marker'],
  DescribeAccountLimits: ['Marker'],
};
// What the type of a policy requires, whatever the model says.
const needed: Readonly<Record<string, string>> = { CreateLoadBalancerPolicy: 'PolicyAttributes' };
const own: Readonly<Record<string, Readonly<Record<string, Value>>>> = {
  CreateLoadBalancer: { LoadBalancerName: 'new' },
  CreateAppCookieStickinessPolicy: { PolicyName: 'new' },
  CreateLBCookieStickinessPolicy: { PolicyName: 'new' },
  CreateLoadBalancerPolicy: { PolicyName: 'new' },
  CreateLoadBalancerListeners: {
    Listeners: [{ Protocol: 'TCP', LoadBalancerPort: 444, InstanceProtocol: 'TCP', InstancePort: 9443 }],
  },
  DescribeLoadBalancers: { LoadBalancerNames: ['web', 'web-2'], PageSize: 1 },
  DescribeAccountLimits: { PageSize: 1 },
  SetLoadBalancerListenerSSLCertificate: { LoadBalancerPort: 8444 },
  SetLoadBalancerPoliciesOfListener: { LoadBalancerPort: 80, PolicyNames: ['sticky'] },
  DeleteLoadBalancerPolicy: { PolicyName: 'unused' },
};

function example(name: string): Value {
  const known = values[name];
  if (known !== undefined) return known;
  const { type, members = {}, member, min, required = [] } = shapeOf(name);
  switch (type) {
    case 'structure':
      return Object.fromEntries(
        Object.entries(members).flatMap(([key, one]) => {
          // On a plain listener a certificate would be dropped.
          if (key === 'SSLCertificateId' && !required.includes(key)) return [];
          return [[key, example(one.shape)]];
        }),
      );
    case 'list':
      return [example(member?.shape ?? '')];
    case 'integer':
    case 'long':
      return min ?? 1;
    case 'boolean':
      return true;
    default:
      return 'some';
  }
}

/** A valid input: all members that go together, or those only that are required. */
function inputOf(operation: Operation, which: 'all' | 'required'): Input {
  const { members = {}, required = [] } = shapeOf(operation.input.shape);
  const names = Object.keys(members).filter((name) =>
    which === 'all'
      ? leftOut[operation.name]?.includes(name) !== true
      : required.includes(name) || needed[operation.name] === name,
  );
  const more = operation.name === 'CreateLoadBalancer' ? zones : {};
  const made = names.map((name) => {
    const shape = members[name]?.shape ?? '';
    return [name, own[operation.name]?.[name] ?? example(shape)];
  });
  return { ...more, ...Object.fromEntries(made) };
}

async function stage(): Promise<Running> {
  const running = await start();
  const { elb } = running;
  const LoadBalancerName = 'web';
  const secure = { Protocol: 'HTTPS', InstanceProtocol: 'HTTP', SSLCertificateId: certificate };
  await elb.createLoadBalancer({
    LoadBalancerName,
    Listeners: [
      tcp(443, 8443),
      { Protocol: 'HTTP', LoadBalancerPort: 80, InstanceProtocol: 'HTTP', InstancePort: 8080 },
      { ...secure, LoadBalancerPort: 8444, InstancePort: 8080 },
    ],
    AvailabilityZones: ['us-east-1a', 'us-east-1c'],
    Tags: [{ Key: 'team', Value: 'edge' }],
  });
  await elb.createLoadBalancer({ LoadBalancerName: 'web-2', Listeners: [tcp(443, 8443)], ...zones });
  await elb.createLoadBalancerPolicy(proxyPolicy(LoadBalancerName));
  await elb.createLoadBalancerPolicy(proxyPolicy(LoadBalancerName, 'unused'));
  await elb.createLBCookieStickinessPolicy({ LoadBalancerName, PolicyName: 'sticky' });
  await elb.createAppCookieStickinessPolicy({ LoadBalancerName, PolicyName: 'app', CookieName: 'session' });
  const Instances = [{ InstanceId: 'i-0123456789abcdef0' }];
  await elb.registerInstancesWithLoadBalancer({ LoadBalancerName, Instances });
  await elb.setLoadBalancerPoliciesForBackendServer({
    LoadBalancerName,
    InstancePort: 8443,
    PolicyNames: ['proxy'],
  });
  await elb.modifyLoadBalancerAttributes({
    LoadBalancerName,
    LoadBalancerAttributes: {
      AccessLog: { Enabled: true, S3BucketName: 'logs', S3BucketPrefix: 'web', EmitInterval: 5 },
    },
  });
  return running;
}

const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false });
type Xml = Record<string, unknown>;

async function call(running: Running, operation: Operation, parameters: readonly [string, string][]) {
  const { name } = operation;
  const body = new URLSearchParams([['Action', name], ['Version', '2012-06-01'], ...parameters]);
  const answer = await post(running.local.endpoint, body.toString());
  return { answer, xml: parser.parse(answer.text) as Xml };
}

/** Common to all actions (API reference, "Common Errors"). */
const common = new Map([['ValidationError', 400]]);
const declared = ({ errors = [] }: Operation): ReadonlyMap<string, number> =>
  new Map(
    errors.flatMap(({ shape }) => {
      const { error } = shapeOf(shape);
      return error === undefined ? [] : [[error.code, error.httpStatusCode] as const];
    }),
  );

// Names of nothing that is there, and the error that says so where an operation declares it.
const unknown: Readonly<Record<string, readonly [value: Value, code: string]>> = {
  AccessPointName: ['none-such', 'LoadBalancerNotFound'],
  PolicyName: ['none-such', 'PolicyNotFound'],
  PolicyTypeName: ['NoneSuchType', 'PolicyTypeNotFound'],
  AccessPointPort: [9999, 'ListenerNotFound'],
  InstanceId: ['none', 'InvalidInstance'],
  SubnetId: ['none', 'SubnetNotFound'],
  SecurityGroupId: ['none', 'InvalidSecurityGroup'],
  SSLCertificateId: ['none', 'CertificateNotFound'],
  LoadBalancerScheme: ['none', 'InvalidScheme'],
  Protocol: ['UDP', 'UnsupportedProtocol'],
  AdditionalAttributeKey: ['none', 'LoadBalancerAttributeNotFound'],
};

/** Every input that the model calls wrong, one thing at a time, and those that name what is not there. */
function* wrongInputs(operation: Operation): Generator<Wrong & { readonly code?: string }> {
  const codes = declared(operation);
  const valid = inputOf(operation, 'all');
  for (const place of places(model, operation.input.shape, valid, (input) => input as Input)) {
    yield* wrongAt(model, place);
    const [other, code] = unknown[place.shape] ?? ['', ''];
    if (codes.has(code)) yield { what: `${place.at} does not exist`, input: place.put(other), code };
  }
}

describe.skipIf(found === undefined)('botocore’s model of the API', () => {
  it('has 29 operations', () => {
    expect(operations).toHaveLength(29);
  });

  it('is what all answers look like, and all that it has is in one of them', async () => {
    const seen = new Set<string>();
    const expected = new Set<string>();
    for (const operation of operations) {
      for (const which of ['required', 'all'] as const) {
        await using running = await stage();
        const { answer, xml } = await call(running, operation, encode(inputOf(operation, which)));
        const where = `${operation.name} (${which}): ${answer.text}`;
        expect(answer.status, where).toBe(200);
        const { [`${operation.name}Response`]: response } = xml as Record<string, Xml>;
        const { '@_xmlns': _, ResponseMetadata: metadata, ...rest } = response ?? {};
        expect(metadata, where).toEqual({ RequestId: expect.stringMatching(/./) });
        const { output } = operation;
        if (output === undefined) continue;
        expect(Object.keys(rest), where).toEqual([output.resultWrapper]);
        expect(unlike(model, output.shape, rest[output.resultWrapper], { seen }), where).toEqual([]);
        membersIn(model, output.shape, expected);
      }
    }
    // AWS describes the attributes of its policy types in no example that is known.
    expected.delete('PolicyAttributeTypeDescription.Description');
    expect([...expected].filter((member) => !seen.has(member))).toEqual([]);
  });

  it.each(operations.map(({ name }) => name))(
    '%s takes nothing that the model calls wrong, and errs as declared',
    async (name) => {
      const operation = model.operations[name];
      if (operation === undefined) throw new Error(name);
      const codes = new Map([...declared(operation), ...common]);
      await using running = await stage();
      for (const { what, input, code } of wrongInputs(operation)) {
        const before = running.local.loadBalancers();
        const { answer, xml } = await call(running, operation, encode(input));
        const where = `${what}: ${answer.text}`;
        expect([...codes.keys()], where).toContain(answer.code);
        expect(answer.status, where).toBe(codes.get(answer.code ?? ''));
        if (code !== undefined) expect(answer.code, where).toBe(code);
        expect(xml, where).toMatchObject({
          ErrorResponse: { Error: { Type: 'Sender', Message: expect.stringMatching(/\S/) } },
        });
        expect(running.local.loadBalancers(), what).toBe(before);
      }
    },
  );

  it.each(operations.map(({ name }) => name))('%s ignores what the model does not have', async (name) => {
    const operation = model.operations[name];
    if (operation === undefined) throw new Error(name);
    await using running = await stage();
    const input = encode({ ...inputOf(operation, 'all'), Colour: 'red', 'Colours.member.1': 'red' });
    expect((await call(running, operation, input)).answer.status).toBe(200);
  });
});
