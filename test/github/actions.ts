/** The inputs of an action, as its own action.yml declares them for this major version. */
export interface Action {
  readonly inputs: readonly string[];
  readonly required?: readonly string[];
}

const subject = [
  'subject-path',
  'subject-digest',
  'subject-name',
  'subject-checksums',
  'push-to-registry',
  'show-summary',
  'github-token',
];

/** The actions that our workflows may use. */
export const actions: Readonly<Record<string, Action>> = {
  'actions/checkout@v4': {
    inputs: [
      'repository',
      'ref',
      'token',
      'ssh-key',
      'ssh-known-hosts',
      'ssh-strict',
      'ssh-user',
      'persist-credentials',
      'path',
      'clean',
      'filter',
      'sparse-checkout',
      'sparse-checkout-cone-mode',
      'fetch-depth',
      'fetch-tags',
      'show-progress',
      'lfs',
      'submodules',
      'set-safe-directory',
      'github-server-url',
    ],
  },
  'actions/setup-node@v4': {
    inputs: [
      'always-auth',
      'node-version',
      'node-version-file',
      'architecture',
      'check-latest',
      'registry-url',
      'scope',
      'token',
      'cache',
      'cache-dependency-path',
      'mirror',
      'mirror-token',
    ],
  },
  'actions/upload-artifact@v4': {
    inputs: [
      'name',
      'path',
      'if-no-files-found',
      'retention-days',
      'compression-level',
      'overwrite',
      'include-hidden-files',
    ],
    required: ['path'],
  },
  'actions/download-artifact@v4': {
    inputs: [
      'name',
      'artifact-ids',
      'path',
      'pattern',
      'merge-multiple',
      'github-token',
      'repository',
      'run-id',
    ],
  },
  'actions/attest-build-provenance@v2': { inputs: subject },
  'actions/attest-sbom@v2': { inputs: [...subject, 'sbom-path'], required: ['sbom-path'] },
  'aws-actions/configure-aws-credentials@v4': {
    inputs: [
      'aws-region',
      'role-to-assume',
      'aws-access-key-id',
      'aws-secret-access-key',
      'aws-session-token',
      'web-identity-token-file',
      'role-chaining',
      'audience',
      'http-proxy',
      'mask-aws-account-id',
      'role-duration-seconds',
      'role-external-id',
      'role-session-name',
      'role-skip-session-tagging',
      'inline-session-policy',
      'managed-session-policies',
      'output-credentials',
      'unset-current-credentials',
      'disable-retry',
      'retry-max-attempts',
      'special-characters-workaround',
      'use-existing-credentials',
    ],
    required: ['aws-region'],
  },
};
