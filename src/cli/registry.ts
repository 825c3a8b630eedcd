import type { Registry } from './define.js';

/** Every command, in the order of the help. Loading one loads no other. */
export const registry: Registry = {
  status: {
    usage: 'status [name...]',
    summary: 'which instance ports and target groups send PROXY, and what else is attached',
    load: async () => (await import('./commands/status.js')).status,
  },
  policies: {
    usage: 'policies <name>',
    summary: "the load balancer's policies: type, attributes, where each is attached",
    load: async () => (await import('./commands/policies.js')).policies,
  },
  enable: {
    usage: 'enable <name...> --port N',
    summary: 'add the PROXY policy to instance ports, keeping every other policy; or switch target groups on',
    load: async () => (await import('./commands/enable.js')).enable,
  },
  disable: {
    usage: 'disable <name...> --port N',
    summary: 'take the PROXY policy off, keeping every other policy; or switch target groups off',
    load: async () => (await import('./commands/disable.js')).disable,
  },
  apply: {
    usage: 'apply <plan.json>',
    summary: 'carry out a reviewed plan, or refuse if something has changed since',
    load: async () => (await import('./commands/apply.js')).apply,
  },
  history: {
    usage: 'history [change-id]',
    summary: 'changes made from this machine, newest first; or one of them in full',
    load: async () => (await import('./commands/history.js')).history,
  },
  undo: {
    usage: 'undo [change-id]',
    summary: 'put back what a change replaced (default: the newest)',
    load: async () => (await import('./commands/undo.js')).undo,
  },
  verify: {
    usage: 'verify <backend|listen|capture> [host:port...|file]',
    summary: 'find out which side is wrong: how a backend handles the PROXY line, or what arrives at a port',
    load: async () => (await import('./commands/verify.js')).verify,
  },
  unlock: {
    usage: 'unlock <name>',
    summary: 'remove the lock that a dead run with --lock left on a load balancer',
    load: async () => (await import('./commands/unlock.js')).unlock,
  },
  local: {
    usage: 'local [-- command...]',
    summary: 'load balancers on this machine: the API, and a data plane that sends the PROXY protocol',
    load: async () => (await import('./commands/local.js')).local,
  },
  demo: {
    usage: 'demo',
    summary: 'the whole story on a temporary local load balancer, without an AWS account',
    load: async () => (await import('./commands/demo.js')).demo,
  },
  'haproxy-config': {
    usage: 'haproxy-config <name>',
    summary: 'an HAProxy configuration that replaces this load balancer',
    load: async () => (await import('./commands/haproxy-config.js')).haproxyConfig,
  },
  'iam-policy': {
    usage: 'iam-policy [--read-only]',
    summary: 'the least-privilege IAM policy for this tool',
    load: async () => (await import('./commands/iam-policy.js')).iamPolicy(registry),
  },
  'ssm-document': {
    usage: 'ssm-document',
    summary: 'the Systems Manager document that probes from an instance',
    load: async () => (await import('./commands/ssm-document.js')).ssmDocument,
  },
  schema: {
    usage: 'schema <document>',
    summary: 'the JSON Schema of what a command prints with --output json',
    load: async () => (await import('./commands/schema.js')).schema,
  },
  completion: {
    usage: 'completion <shell>',
    summary: 'a completion script: commands, options, values, load balancer names',
    load: async () => (await import('./commands/completion.js')).completion(registry),
  },
  help: {
    usage: 'help [topic]',
    summary: 'the manual, topic by topic; without a topic, the list of commands and topics',
    load: async () => (await import('./commands/help.js')).help(registry),
  },
};
