const hidden = '[redacted]';
const maxDepth = 8;

/** Names under which a secret stands; matched without case, dashes, dots and underscores. */
const secretName =
  /password|passwd|passphrase|authorization|hmac|token$|^bearer|cookie|kubeconfig|privatekey|apikey|accesskey|secretkey|adminkey|tlskey|cakey|clientkey|userdata|dockerconfigjson|credentials?$|^secret$|clientsecret|^headers$|^body$/;
/** Secrets inside of text: user and password of a URL, and the value of an Authorization header. */
const urlCredentials = /(\/\/)[^/\s@"']+@/g;
const authorization = /\b(Bearer|Basic|Metal-(?:Admin|Edit|View))\s+[\w.~+/=-]{8,}/gi;
const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;

/** A copy without secrets, for the log. Secrets of Kubernetes lose their data; what is nested too deep is left out. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? value.toString() : value;
  if (depth >= maxDepth) return '[too deep]';
  if (value instanceof Error) return redactText(value.message);
  if (Buffer.isBuffer(value) || ArrayBuffer.isView(value)) return '[bytes]';
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  return redactFields(value, depth);
}

function redactFields(value: object, depth: number): Record<string, unknown> {
  const isSecret = 'kind' in value && value.kind === 'Secret';
  const isHidden = (name: string): boolean =>
    isSecret ? name === 'data' || name === 'stringData' : secretName.test(name.toLowerCase().replaceAll(/[-_.]/g, ''));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      isHidden(name) && inner !== undefined && inner !== null ? hidden : redact(inner, depth + 1),
    ]),
  );
}

export function redactText(text: string): string {
  return text
    .replace(urlCredentials, `$1${hidden}@`)
    .replace(authorization, `$1 ${hidden}`)
    .replace(privateKey, hidden);
}
