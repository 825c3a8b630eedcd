import type { XmlElements } from './xml.js';

/** STS's `GetCallerIdentity`: signatures are not checked, so every caller is the same user of the account. */
export function stsGetCallerIdentity({ accountId }: { readonly accountId: string }): XmlElements {
  return {
    Arn: `arn:aws:iam::${accountId}:user/local`,
    UserId: 'AIDALOCALLOCALLOCAL1',
    Account: accountId,
  };
}
