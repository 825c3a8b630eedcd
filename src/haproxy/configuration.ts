import { comments, commentText } from './words.js';

/** A configuration file: comments on what it replaces and how to use it, the global section, and the others. */
export function configuration(
  kind: 'Classic' | 'Network',
  { name, region }: { readonly name: string; readonly region: string },
  {
    remarks,
    sections,
  }: { readonly remarks: readonly string[]; readonly sections: readonly (readonly string[])[] },
): string {
  const heading = [
    `HAProxy 2.6 or newer instead of the ${kind} Load Balancer ${commentText(name)} (${commentText(region)})`,
    'Made by elb-proxy haproxy-config from what the API answered.',
    '',
    '  haproxy -c -f FILE   checks this file',
    '  haproxy -f FILE      runs it; ports below 1024 take root or CAP_NET_BIND_SERVICE',
    '',
    ...remarks,
  ];
  const all = [comments(heading, ''), ['global', '    log stdout format raw local0'], ...sections];
  return `${all.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
