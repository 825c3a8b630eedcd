import type { AppEvent } from '../../app/events.js';
import type { LoadBalancerIdentity } from '../../core/model.js';
import { describeStep } from '../../core/step.js';
import { printable } from '../printable.js';
import type { Style } from '../style.js';
import { duration } from './counted.js';

/** A use case's progress as one line for stderr; never wrapped, for people who read a log. */
export function renderEvent(event: AppEvent, style: Style): string {
  return `${eventLine(printable(event), style)}\n`;
}

function eventLine(event: AppEvent, { colour, unicode }: Style): string {
  const ellipsis = unicode ? '…' : '...';
  switch (event.code) {
    case 'step-started':
      return `${where(event.loadBalancer)}: ${way(event.direction)}${describeStep(event.step)}${ellipsis}`;
    case 'step-done': {
      const behind = event.answerLost
        ? colour.dim(' (its answer was lost; reading again showed it done)')
        : '';
      return `${where(event.loadBalancer)}: ${way(event.direction)}${describeStep(event.step)}: ${colour.green('done')}${behind}`;
    }
    case 'waiting':
      return `${waitingFor(event.why)}, retrying in ${duration(event.ms)}${ellipsis}`;
    case 'not-shown-yet':
      return `${where(event.loadBalancer)}: ${describeStep(event.step)} has not shown up after ${duration(event.ms)}; checking again for up to ${duration(event.atMostMs)} in all (--settle-timeout)`;
    case 'no-answer-yet':
      return `${where(event.loadBalancer)}: no answer for ${duration(event.ms)}; waiting up to ${duration(event.atMostMs)}`;
    case 'held-back':
      return (
        `${event.region}: at least ${Math.round(event.ms / 1000)} s more: ${event.calls} calls to make, ` +
        `at most ${Math.round(event.perSecond * 10) / 10} per second to keep under the rate limit (--rate N sets another)`
      );
    case 'load-balancer-done':
      return `${where(event.loadBalancer)}: ${colour.green('done')}, ${event.done} of ${event.total} load balancers`;
    case 'guard-note':
      return `${where(event.loadBalancer)}: ${colour.yellow('note:')} guard ${event.probe}: ${event.message}`;
    case 'guard-watching':
      return `watched: ${event.where.map((one) => `${where(one.loadBalancer)}, ${one.targetGroup === undefined ? `instance port ${one.instancePort}` : `target group ${one.targetGroup}`}`).join('; ')}`;
    case 'rolling-back':
      return `${colour.yellow('rolling back:')} ${event.reason}`;
    case 'warning':
      return `${colour.yellow('warning:')} ${event.message}`;
  }
}

function where({ name, region }: LoadBalancerIdentity): string {
  return `${name} (${region})`;
}

/** Back, the step is the one that is sent: the inverse of the plan's. */
function way(direction: 'forward' | 'back'): string {
  return direction === 'back' ? 'rolling back: ' : '';
}

function waitingFor(why: Extract<AppEvent, { code: 'waiting' }>['why']): string {
  switch (why) {
    case 'throttled':
      return 'throttled by the service';
    case 'slow-read':
      return 'the change has not shown up yet';
    case 'read-failed':
      return 'the load balancer could not be read';
    case 'answer-lost':
      return 'the answer was lost';
    case 'name-taken':
      return 'a policy of that name has appeared';
    case 'old-read':
      return 'the last read had become too old';
    case 'maybe-old':
      return 'the last read may be stale';
  }
}
