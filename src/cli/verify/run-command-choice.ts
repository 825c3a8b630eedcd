import type { RunCommand, Runnable } from '../../app/run-command.js';
import { defaultDocumentName } from '../../core/instance-probe/document-name.js';
import { awsOptions, shellWord } from '../../core/next-command.js';
import { ElbProxyError, usageError } from '../../errors.js';

/** The content of the commands: a document by name, or the script itself. */
export type RunCommandChoice =
  | { readonly kind: 'document'; readonly name: string }
  | { readonly kind: 'script' };

/** The choice of `--ssm-document` and `--allow-run-shell-script`. */
export function readRunCommandChoice(options: {
  readonly 'ssm-document': string | undefined;
  readonly 'allow-run-shell-script': boolean;
}): RunCommandChoice {
  const { 'ssm-document': name, 'allow-run-shell-script': script } = options;
  if (name !== undefined && script)
    throw usageError('--ssm-document and --allow-run-shell-script are both given', 'give one of them');
  if (script) return { kind: 'script' };
  const chosen = name ?? defaultDocumentName;
  if (/^AWS-/i.test(chosen))
    throw usageError(
      `--ssm-document ${chosen}: only this tool's own document is sent`,
      '--allow-run-shell-script sends the probe through AWS-RunShellScript',
    );
  if (!/^[A-Za-z0-9_.:/-]{3,200}$/.test(chosen))
    throw usageError(
      `--ssm-document ${JSON.stringify(chosen)}: give a document's name or ARN`,
      'a name has 3 to 128 letters, digits, _ . and -',
    );
  return { kind: 'document', name: chosen };
}

/**
 * The content of the commands: the document, once it is known to be this version's, pinned by its hash; or the script.
 * @throws ElbProxyError `no-ssm-document` or `other-ssm-document`, with what to run
 */
export async function runnableOf(
  choice: RunCommandChoice,
  api: RunCommand,
  parameters: { readonly Port: string; readonly Exchanges: string },
): Promise<(addresses: string) => Runnable> {
  if (choice.kind === 'script') {
    const { scriptWith } = await import('../../core/instance-probe/parameters.js');
    return (Addresses) => ({ kind: 'script', text: scriptWith({ ...parameters, Addresses }) });
  }
  const { name } = choice;
  const { documentHashes, isProbeDocument } = await import('../../core/instance-probe/document.js');
  const found = await api.describeDocument(name);
  const file = 'elb-proxy-probe.json';
  const aws = (verb: string, ...words: readonly string[]) =>
    ['aws ssm', verb, '--name', shellWord(name), ...awsOptions(api.region, api.endpoint), ...words].join(' ');
  if (found === undefined) {
    throw new ElbProxyError(`there is no Systems Manager document ${name} in ${api.region}`, {
      code: 'no-ssm-document',
      fault: 'user',
      hint: `create it, once: elb-proxy ssm-document > ${file} && ${aws('create-document', `--document-type Command --document-format JSON --content file://${file}`)}`,
    });
  }
  const { hash, version } = found;
  // It is not documented whether the service keeps a document byte for byte; if not, its text decides.
  if (!documentHashes.includes(hash) && !isProbeDocument(await api.documentText(name, version))) {
    throw new ElbProxyError(
      `the Systems Manager document ${name} in ${api.region} is from another version: nothing was sent`,
      {
        code: 'other-ssm-document',
        fault: 'user',
        hint: `check what it is; to replace it: elb-proxy ssm-document > ${file} && ${aws('update-document', `--document-version '$LATEST' --document-format JSON --content file://${file}`)}; then, with the version that it answers: ${aws('update-document-default-version', '--document-version N')}; or create one under another name, for --ssm-document`,
      },
    );
  }
  return () => ({ kind: 'document', name, hash });
}
