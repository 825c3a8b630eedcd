import { describe, expect, it } from 'vitest';
import { hintFor, readLoadBalancerWord } from '../../src/cli/load-balancer-word.js';

const read = (word: string) => {
  const found = readLoadBalancerWord(word);
  return found === undefined ? undefined : { what: found.what, hint: hintFor(found, 'status') };
};

describe('a load balancer argument', () => {
  it.each(['web', 'my-lb-1234567890', 'a', 'elb', 'arn'])('%s may be a name', (word) => {
    expect(readLoadBalancerWord(word)).toBeUndefined();
  });

  it.each([
    ['arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/web', 'an ARN'],
    ['arn:aws-cn:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/web', 'an ARN'],
    ['arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/web/50dc6c495c0c9188', 'an ARN'],
    ['web-50dc6c495c0c9188.elb.eu-west-1.amazonaws.com', 'a DNS name'],
    ['web-1234567890.eu-west-1.elb.amazonaws.com', 'a DNS name'],
    ['internal-web-1234567890.eu-west-1.elb.amazonaws.com.', 'a DNS name'],
    ['dualstack.web-1234567890.eu-west-1.elb.amazonaws.com:443', 'a DNS name'],
    ['http://web-1234567890.eu-west-1.elb.amazonaws.com/path', 'a URL'],
    [
      'https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#LoadBalancers:search=web',
      'a console URL',
    ],
    [
      'https://console.aws.amazon.com/ec2/home?region=eu-west-1#LoadBalancer:loadBalancerArn=arn%3Aaws%3Aelasticloadbalancing%3Aeu-west-1%3A123456789012%3Aloadbalancer%2Fweb;tab=listeners',
      'a console URL',
    ],
    [
      'https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#LoadBalancer:loadBalancerArn=web',
      'a console URL',
    ],
  ])('%s has a name and a region', (word, what) => {
    expect(read(word)).toEqual({ what, hint: 'give its name: elb-proxy status web --region eu-west-1' });
  });

  it('keeps the letter case of the name', () => {
    expect(read('Web-1234567890.us-east-1.elb.amazonaws.com')?.hint).toContain('status Web --region');
  });

  it.each([
    [
      'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188',
      'Application',
    ],
    ['arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/gwy/web/50dc6c495c0c9188', 'Gateway'],
    [
      'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/50dc6c495c0c9188',
      '--target-group',
    ],
    ['arn:aws:s3:::bucket', 'not the ARN of a load balancer'],
    ['www.example.com', 'name'],
    ['https://www.example.com/%E0%A4%A', 'name'],
  ])('%s is said to be what it is', (word, said) => {
    expect(read(word)?.hint).toContain(said);
  });
});
