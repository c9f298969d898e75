import type { KeyPair } from '../../pki/issue.ts';

/** Makes known whom to trust: writes the CA bundle (PEM) to where clients look. Undefined: that is another's work. */
export type Publish = (bundle: string | undefined, signal: AbortSignal) => Promise<void>;

/** Where the server's certificate comes from. */
export interface Certificates {
  /** What is to be served first. Tries until there is something; rejects with the signal's reason. */
  open(signal: AbortSignal): Promise<KeyPair>;
  /** Calls back with each certificate that comes after, until the signal is aborted. Resolves then, never rejects. */
  watch(onChange: (pair: KeyPair) => void, signal: AbortSignal): Promise<void>;
  /** The authorities' certificates that clients must trust, PEM; undefined when that is not known here. */
  readonly bundle: string | undefined;
  /** What only the leader does, once: renews what is due. Trust is published before what needs it is served. */
  maintain(publish: Publish, signal: AbortSignal): Promise<void>;
}
