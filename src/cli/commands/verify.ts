import { usageError } from '../../errors.js';
import { command } from '../define.js';
import { reviewOutputs } from '../options.js';
import { verifyOptions } from '../verify/verify-options.js';

/** `elb-proxy verify`: three questions, each in a separate file. */
export const verify = command({
  name: 'verify',
  positionals: {
    usage: '<backend|listen|capture> [host:port...|file]',
    least: 0,
    most: Number.POSITIVE_INFINITY,
  },
  options: verifyOptions,
  examples: {
    'elb-proxy verify backend 10.0.0.5:8443': 'does it require, accept or refuse the PROXY line?',
    'elb-proxy verify backend --load-balancer web --port 8443 --expect requires-proxy':
      'the same of every registered instance; exit 4 unless all require it',
    'elb-proxy verify backend --load-balancer web --port 8443 --from instances':
      'the same from the instances themselves, where only the load balancer gets through',
    'elb-proxy verify backend --load-balancer edge --target-group web-tls':
      'the targets of a Network Load Balancer, each on its own port, with version 2 headers',
    'elb-proxy verify backend cache:6379 --send "PING\\r\\n" --expect-reply +PONG':
      'in a protocol that is neither HTTP nor TLS',
    'elb-proxy verify listen --port 8443 --host 0.0.0.0':
      "take the backend's place, and show what each connection begins with",
    'elb-proxy verify listen --port 8443 --host 0.0.0.0 --load-balancer web':
      'the same, through the load balancer: certain, because the connection is known',
    "tcpdump -i any -s 0 -U -w - 'tcp port 8443' | elb-proxy verify capture - --port 8443":
      'on a live port: show what each connection begins with, from its packets',
  },
  mutates: false,
  iam: [
    'DescribeListeners',
    'DescribeLoadBalancers',
    'DescribeTargetGroupAttributes',
    'DescribeTargetGroups',
    'DescribeTargetHealth',
  ],
  outputs: reviewOutputs,
  exitCodes: [0, 1, 4, 130],
  run: async (given, context) => {
    const [question, ...targets] = given.positionals;
    switch (question) {
      case 'backend':
        return (await import('../verify/verify-backend.js')).verifyBackend(targets, given, context);
      case 'listen':
        return (await import('../verify/verify-listen.js')).verifyListen(targets, given, context);
      case 'capture':
        return (await import('../verify/verify-capture.js')).verifyCapture(targets, given, context);
      default:
        throw usageError(
          question === undefined
            ? 'the question is missing: backend, listen or capture'
            : `verify ${question}: the question is backend, listen or capture`,
          'usage: elb-proxy verify backend HOST:PORT... | listen --port N | capture FILE --port N',
        );
    }
  },
});
