import type { X509Certificate } from 'node:crypto';
// Loaded before it is needed: were toLegacyObject the first to load a part of it, node:tls would lack the other half in this thread.
import 'node:tls';

/** Values of the subject by their short names; several of one name are a list. */
export function subjectOf(x509: X509Certificate): Readonly<Record<string, string | string[] | undefined>> {
  return { ...x509.toLegacyObject().subject };
}
