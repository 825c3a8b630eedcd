import { command } from '../define.js';

/** `elb-proxy ssm-document`. */
export const ssmDocument = command({
  name: 'ssm-document',
  options: {},
  examples: {
    'elb-proxy ssm-document > elb-proxy-probe.json': 'to read it, and to create it in AWS',
    'elb-proxy ssm-document | aws ssm create-document --name elb-proxy-probe --document-type Command --content file:///dev/stdin':
      'once in each account and region',
  },
  mutates: false,
  iam: [],
  exitCodes: [0, 1],
  run: async (_, context) => {
    const { documentText, probeDocument } = await import('../../core/instance-probe/document.js');
    await context.print(probeDocument, () => documentText);
    return 0;
  },
});
