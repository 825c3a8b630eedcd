import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { AppEvent } from '../../src/app/events.js';
import { hazards } from '../../src/core/hazards.js';
import type { LoadBalancer } from '../../src/core/model.js';
import { instancePorts } from '../../src/core/status.js';
import { ElbProxyError, usageError } from '../../src/errors.js';
import { renderError } from '../../src/render/error.js';
import { changeDocument } from '../../src/render/json/change.js';
import { historyDocument } from '../../src/render/json/history.js';
import { policiesDocument } from '../../src/render/json/policies.js';
import type { Style } from '../../src/render/style.js';
import { renderChange } from '../../src/render/text/change.js';
import { renderEvent } from '../../src/render/text/event.js';
import { renderHistory } from '../../src/render/text/history.js';
import { renderPlan, renderPlanLine } from '../../src/render/text/plan.js';
import { renderPolicies } from '../../src/render/text/policies.js';
import { type PortFacts, portChoices } from '../../src/render/text/port-choice.js';
import { renderOutcome, renderReport } from '../../src/render/text/report.js';
import { describeEveryLook, type Look } from './every-look.js';
import { cutShort, everyOutcome, takenBack } from './fixtures/histories.js';
import { awkward, bare, inspected, shop, sparse } from './fixtures/load-balancers.js';
import { edge, hazy, inspectedNetwork, lone } from './fixtures/network-load-balancers.js';
import * as plans from './fixtures/plans.js';
import { reports } from './fixtures/reports.js';
import { renderStatus, renderStatusLines, statusDocument } from './fixtures/whole-status.js';

const regions = ['us-east-1', 'eu-central-1'];
const denied = {
  region: 'eu-west-1',
  code: 'AccessDenied',
  message:
    'User: arn:aws:iam::123456789012:user/ops is not authorized to perform: elasticloadbalancing:DescribeLoadBalancers',
};
const noNetwork = {
  region: 'us-east-1',
  kind: 'network',
  code: 'AccessDenied',
  message: 'DescribeTargetGroups in us-east-1 failed: not authorized (AccessDenied)',
} as const;
const bothKinds = [
  inspected(shop, false),
  inspectedNetwork(edge, false),
  inspectedNetwork(hazy, false),
  inspectedNetwork(lone, false),
];
const fleet = [inspected(shop, false), inspected(awkward), inspected(sparse, false), inspected(bare)];
const noPolicies: LoadBalancer = { ...sparse, policies: [] };

const step = {
  call: 'SetLoadBalancerPoliciesForBackendServer',
  instancePort: 8443,
  before: [],
  after: ['P'],
} as const;
const loadBalancer = { name: 'shop-web', region: 'us-east-1' };
const requestId = '1f0c9a52-7e34-4d0b-9a43-5f4f1c9e2b71';
const events: readonly AppEvent[] = [
  { code: 'step-started', loadBalancer, step, direction: 'forward' },
  { code: 'waiting', why: 'throttled', ms: 400 },
  { code: 'waiting', why: 'answer-lost', ms: 1600 },
  { code: 'waiting', why: 'slow-read', ms: 5000 },
  { code: 'step-done', loadBalancer, step, direction: 'forward', requestId, answerLost: false },
  { code: 'step-done', loadBalancer, step, direction: 'forward', answerLost: true },
  { code: 'rolling-back', reason: 'the guard failed' },
  { code: 'step-started', loadBalancer, step: { ...step, before: ['P'], after: [] }, direction: 'back' },
  {
    code: 'step-done',
    loadBalancer,
    step: { ...step, before: ['P'], after: [] },
    direction: 'back',
    requestId,
    answerLost: false,
  },
  { code: 'warning', message: 'tags could not be read' },
];

const errors: readonly unknown[] = [
  new ElbProxyError('no Classic Load Balancer named shop-wbe in us-east-1', {
    code: 'LoadBalancerNotFound',
    fault: 'user',
    hint: 'list what is there with: elb-proxy status --region us-east-1',
    requestId,
  }),
  new ElbProxyError(
    'load balancer payments-edge-production-eu-0001 (eu-central-1) is not as change 20260501-123000-a1b2c3 left it: instance port 10443 was left as [A, B], is [A]. Nothing was written.',
    {
      code: 'stale-plan',
      fault: 'world',
      hint: 'to keep what others changed, use: elb-proxy disable payments-edge-production-eu-0001 --port 10443 --region eu-central-1',
    },
  ),
  usageError(
    '--port 443 is not an instance port of shop-web',
    'listener SSL 443 forwards to instance port 8443: use --port 8443\nor see them all:\nelb-proxy status shop-web',
  ),
  usageError('no name was given'),
  new TypeError("Cannot read properties of undefined (reading 'name')"),
];

const found = [...hazards(awkward, { purpose: 'on', instancePorts: instancePorts(awkward), asked: false })];
const ports: readonly PortFacts[] = [
  ...instancePorts(awkward).map((instancePort) => ({
    instancePort,
    listeners: awkward.listeners.filter((listener) => listener.instancePort === instancePort),
    states: ['disabled' as const],
    hazards: found.filter((hazard) => hazard.instancePort === instancePort && hazard.level !== 'note'),
  })),
  {
    instancePort: 8443,
    listeners: shop.listeners,
    states: ['enabled', 'disabled', 'enabled'],
    hazards: [],
  },
  { instancePort: 25, listeners: [], states: ['conflicting'], hazards: [], remark: 'not on all of them' },
];

/** Choices below each other, each followed by what is shown when the cursor is on it. */
function portLook(style: Style): string {
  const lines = portChoices(ports, style).flatMap(({ name, description = '' }) => [name, description]);
  return `${lines.filter((text) => text !== '').join('\n')}\n`;
}

const looks: Readonly<Record<string, Look>> = {
  'status-one': (style) => renderStatus(statusDocument(['us-east-1'], [inspected(shop)], []), style),
  'status-fleet': (style) => renderStatus(statusDocument(regions, fleet, [denied]), style),
  'status-lines': (style) => renderStatusLines(statusDocument(regions, fleet, [denied]), style),
  'status-lines-attention': (style) =>
    renderStatusLines(statusDocument(regions, fleet, []), style, { only: 'attention' }),
  'status-lines-piped': (style) =>
    renderStatusLines(statusDocument(regions, fleet, [denied]), style, { tabs: true }),
  'status-network': (style) =>
    renderStatus(statusDocument(['us-east-1'], [inspectedNetwork(edge)], []), style),
  'status-network-hazy': (style) =>
    renderStatus(
      statusDocument(['us-east-1'], [inspectedNetwork(hazy, false), inspectedNetwork(lone)], [noNetwork]),
      style,
    ),
  'status-both-kinds': (style) =>
    renderStatusLines(statusDocument(['us-east-1'], bothKinds, [noNetwork]), style),
  'status-both-kinds-attention': (style) =>
    renderStatusLines(statusDocument(['us-east-1'], bothKinds, []), style, { only: 'attention' }),
  'status-both-kinds-piped': (style) =>
    renderStatusLines(statusDocument(['us-east-1'], bothKinds, []), style, { tabs: true }),
  'status-network-lines': (style) =>
    renderStatusLines(statusDocument(['us-east-1'], bothKinds.slice(1), []), style),
  'status-empty': (style) => renderStatus(statusDocument(['us-east-1'], [], []), style),
  'status-unread': (style) => renderStatus(statusDocument(['a', 'b', 'c', 'eu-west-1'], [], [denied]), style),
  'plan-enable': (style) => renderPlan(plans.enableFirst, style),
  'plan-line': (style) => renderPlanLine(plans.enableFirst, style) + renderPlanLine(plans.enableMany, style),
  'plan-enable-many': (style) => renderPlan(plans.enableMany, style),
  'plan-disable': (style) => renderPlan(plans.disable, style),
  'plan-disable-and-delete': (style) => renderPlan(plans.disableAndDelete, style),
  'plan-delete-only': (style) => renderPlan(plans.deleteOnly, style),
  'plan-undo': (style) => renderPlan(plans.undo, style),
  'plan-nothing-to-do': (style) => renderPlan(plans.nothingToDo, style),
  'plan-sparse': (style) => renderPlan(plans.sparsePlan, style),
  ...Object.fromEntries(
    Object.entries(reports).map(([name, report]) => [
      `report-${name}`,
      (style: Style) => renderReport(report, style),
    ]),
  ),
  outcomes: (style) =>
    Object.values(reports)
      .map((report) => renderOutcome(report, style))
      .join('\n'),
  policies: (style) => renderPolicies(policiesDocument(shop), style),
  'policies-awkward': (style) => renderPolicies(policiesDocument(awkward), style),
  'policies-none': (style) => renderPolicies(policiesDocument(noPolicies), style),
  history: (style) => renderHistory(historyDocument(everyOutcome), style),
  'history-change': (style) => renderChange(changeDocument(takenBack, ['line 7 was skipped']), style),
  'history-change-cut-off': (style) => renderChange(changeDocument(cutShort, []), style),
  'history-empty': (style) =>
    renderHistory(historyDocument({ changes: [], warnings: [], older: false }), style),
  'port-choices': portLook,
  errors: (style) => errors.map((error) => renderError(error, style)).join('\n'),
  events: (style) => events.map((event) => renderEvent(event, style)).join(''),
};

/** A line that nothing can be done about: one word, an item's sign before it or a shell's backslash behind it. */
function oneWord(line: string): boolean {
  return /^\s*(?:[-+✗•→] )?\S+(?: \\)?$/.test(line);
}

// An event, and a line for a pipe, is one line, whatever the terminal's width.
const oneLine = ['events', 'status-lines-piped', 'status-both-kinds-piped'];
describeEveryLook(looks, (name, line) => oneLine.includes(name) || oneWord(line));

test('every renderer of text has its golden files', () => {
  const render = new URL('../../src/render/', import.meta.url);
  const paths = ['error.ts', ...readdirSync(new URL('text/', render)).map((name) => `text/${name}`)];
  const sources = paths.map((path) => readFileSync(new URL(path, render), 'utf8'));
  const renderers = sources.flatMap((source) =>
    [...source.matchAll(/^export function (render\w+)\([^)]*\bstyle: Style\b/gms)].map(([, name]) => name),
  );
  const looked = ['looks.test.ts', 'verify.test.ts']
    .map((name) => readFileSync(new URL(name, import.meta.url), 'utf8'))
    .join('\n');
  expect(renderers).toContain('renderPlan');
  expect(renderers.filter((name = '') => !looked.includes(`${name}(`))).toEqual([]);
});
