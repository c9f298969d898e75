import type { KubeClient } from '../../src/kube/client.ts';
import { type Secret, secrets } from '../../src/kube/secret.ts';

const TOKEN = /\b([a-z0-9]{6})\.([a-z0-9]{16})\b/g;
/** As it is, and as it stands in the data URLs of Ignition. */
const UNFILLED = /<<BOOTSTRAP_TOKEN>>|%3C%3CBOOTSTRAP_TOKEN%3E%3E/;

interface BootstrapToken {
  readonly id: string;
  readonly secret: string;
}

/** What may be bootstrap tokens in the user data. Throws when the machine controller has left the placeholder in it. */
export function bootstrapTokensIn(userData: string): BootstrapToken[] {
  if (UNFILLED.test(userData)) throw new Error('the user data has no bootstrap token but its placeholder');
  return [...userData.matchAll(TOKEN)].map(([, id = '', secret = '']) => ({ id, secret }));
}

/** As the API server's authenticator sees it. */
export function isAccepted(token: BootstrapToken, secret: Secret | undefined, nowMs: number): boolean {
  if (secret?.type !== 'bootstrap.kubernetes.io/token') return false;
  const field = (name: string) => Buffer.from(secret.data?.[name] ?? '', 'base64').toString('utf8');
  return (
    field('token-id') === token.id &&
    field('token-secret') === token.secret &&
    field('usage-bootstrap-authentication') === 'true' &&
    !(Date.parse(field('expiration')) <= nowMs)
  );
}

/** Throws unless the user data has a token that the shoot accepts, or none at all. */
export async function authenticate(
  shoot: KubeClient,
  userData: string,
  nowMs: number,
  signal: AbortSignal,
): Promise<void> {
  const tokens = bootstrapTokensIn(userData);
  for (const token of tokens) {
    const key = { namespace: 'kube-system', name: `bootstrap-token-${token.id}` };
    if (isAccepted(token, await shoot.find(secrets, key, { signal }), nowMs)) return;
  }
  if (tokens.length > 0) throw new Error('the shoot does not accept the bootstrap token');
}
