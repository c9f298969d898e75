import { createHash } from 'node:crypto';

export interface NameParts {
  readonly config: string;
  readonly configChecksum: string;
  readonly signerChecksum?: string;
  /** Time of a rotation in seconds since the epoch; empty when there was none. */
  readonly rotation?: string;
}

/**
 * `<config>-<8 hex>[-<5 hex>]` as Gardener's secrets manager builds names (gardener-contract 3.5), and none of those
 * that are taken. Whoever sees the same Secrets finds the same name, so two that make the same at once collide.
 */
export function secretName(
  { config, configChecksum, signerChecksum = '', rotation }: NameParts,
  taken: ReadonlySet<string>,
) {
  const suffix = rotation ? `-${sha256(rotation).slice(0, 5)}` : '';
  for (let attempt = 0; ; attempt++) {
    const inputs = `${configChecksum}${signerChecksum}${attempt || ''}`;
    const name = `${config}-${sha256(inputs).slice(0, 8)}${suffix}`;
    if (!taken.has(name)) return name;
  }
}

/** A number of 64 bits, as Gardener writes it. */
export function configChecksum(...inputs: readonly unknown[]): string {
  return BigInt(`0x${sha256(JSON.stringify(inputs)).slice(0, 16)}`).toString();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
