import { defaultDocumentName } from '../../core/instance-probe/document-name.js';
import { type LoadBalancerKind, loadBalancerKinds } from '../../core/kinds.js';
import { usageError } from '../../errors.js';
import { type Command, command, type Registry } from '../define.js';

/** `elb-proxy iam-policy`, of the commands that there are. */
export function iamPolicy(registry: Registry): Command {
  return command({
    name: 'iam-policy',
    options: {
      'read-only': { type: 'flag', describe: 'only what read-only commands need' },
      from: {
        type: 'text',
        value: 'WHERE',
        choices: ['instances'],
        describe: 'also what verify --from instances needs',
      },
      'ssm-document': {
        type: 'text',
        value: 'NAME',
        describe: 'with --from instances: the document that may be sent (default: elb-proxy-probe)',
      },
      kind: {
        type: 'text',
        value: 'KIND',
        choices: loadBalancerKinds,
        describe: 'classic or network: only what load balancers of this kind need',
      },
      'guard-alarms': { type: 'flag', describe: 'also what --guard alarm:NAME needs' },
    },
    examples: {
      'elb-proxy iam-policy > policy.json': 'for everything',
      'elb-proxy iam-policy --guard-alarms': 'with CloudWatch alarms as guards',
      'elb-proxy iam-policy --from instances':
        'with probes by Systems Manager, limited to the document of this tool',
      'elb-proxy iam-policy --read-only': 'for status, policies and dry runs',
    },
    mutates: false,
    iam: [],
    exitCodes: [0, 1],
    run: async (given, context) => {
      const others = Object.entries(registry).filter(([name]) => name !== 'iam-policy');
      const commands = await Promise.all(others.map(([, { load }]) => load()));
      const { kind } = given.options;
      const actions = [...new Set(commands.flatMap(({ iam }) => iam))]
        .filter(
          (action) =>
            kind === undefined || !ofOneKind[kind === 'classic' ? 'network' : 'classic'].has(action),
        )
        .toSorted();
      const writes = actions.filter((action) => !isRead(action));
      // No Describe* action of these APIs takes a resource; the writes take what they change (Service Authorization Reference).
      const read = statement('Read', actions.filter(isRead), '*');
      const changes = [
        statement(
          'Change',
          writes.filter((action) => ofOneKind.classic.has(action)),
          'arn:aws:elasticloadbalancing:*:*:loadbalancer/*',
        ),
        statement(
          'ChangeTargetGroups',
          writes.filter((action) => ofOneKind.network.has(action)),
          'arn:aws:elasticloadbalancing:*:*:targetgroup/*/*',
        ),
      ].filter(({ Action }) => Action.length > 0);
      const document = {
        Version: '2012-10-17',
        Statement: [
          read,
          ...(given.options['read-only'] ? [] : changes),
          ...(given.options['guard-alarms'] ? [guardAlarms] : []),
          ...fromInstances(given.options),
        ],
      };
      await context.print(document, (policy) => `${JSON.stringify(policy, null, 2)}\n`);
      return 0;
    },
  });
}

/** Only these reads take no resource (Service Authorization Reference); a tag may limit the instances. */
function fromInstances({
  from,
  'ssm-document': name,
}: {
  readonly from: string | undefined;
  readonly 'ssm-document': string | undefined;
}): readonly object[] {
  if (from === undefined) {
    if (name !== undefined) throw usageError('--ssm-document only works with --from instances');
    return [];
  }
  const document = name ?? defaultDocumentName;
  if (!/^[A-Za-z0-9_.-]{3,128}$/.test(document))
    throw usageError(
      `--ssm-document ${JSON.stringify(document)}: give a document's name`,
      'a name has 3 to 128 letters, digits, _ . and -',
    );
  const arn = `arn:aws:ssm:*:*:document/${document}`;
  return [
    allow(
      'FindInstances',
      [
        'ec2:DescribeInstances',
        'ssm:DescribeInstanceInformation',
        'ssm:ListCommandInvocations',
        'ssm:CancelCommand',
      ],
      '*',
    ),
    allow('ReadProbe', ['ssm:DescribeDocument', 'ssm:GetDocument'], arn),
    allow('SendProbe', ['ssm:SendCommand'], [arn, 'arn:aws:ec2:*:*:instance/*']),
  ];
}

/** Composite alarms show only to who may describe all (API reference of DescribeAlarms). */
const guardAlarms = allow('GuardAlarms', ['cloudwatch:DescribeAlarms'], '*');

/** The actions of one API alone; both have the others, under one name. */
const ofOneKind: Readonly<Record<LoadBalancerKind, ReadonlySet<string>>> = {
  classic: new Set([
    'CreateLoadBalancerPolicy',
    'DeleteLoadBalancerPolicy',
    'DescribeInstanceHealth',
    'DescribeLoadBalancerPolicies',
    'SetLoadBalancerPoliciesForBackendServer',
  ]),
  network: new Set([
    'DescribeListeners',
    'DescribeTargetGroupAttributes',
    'DescribeTargetGroups',
    'DescribeTargetHealth',
    'ModifyTargetGroupAttributes',
  ]),
};

function isRead(action: string): boolean {
  return action.startsWith('Describe');
}

/** A statement on Elastic Load Balancing's own actions. */
function statement(Sid: string, actions: readonly string[], Resource: string) {
  return allow(
    Sid,
    actions.map((action) => `elasticloadbalancing:${action}`),
    Resource,
  );
}

function allow(Sid: string, Action: readonly string[], Resource: string | readonly string[]) {
  return { Sid, Effect: 'Allow', Action, Resource };
}
