import { BlockList, isIP } from 'node:net';

/**
 * The proxy for this URL. HTTP_PROXY, HTTPS_PROXY and NO_PROXY hold as they do for Go programs
 * (golang.org/x/net/http/httpproxy): in either case of letters, and never for this host.
 */
export function proxyFor(url: URL, env: NodeJS.ProcessEnv): string | undefined {
  const proxy = url.protocol === 'https:' ? env.https_proxy || env.HTTPS_PROXY : env.http_proxy || env.HTTP_PROXY;
  if (!proxy || isExempt(url, env.no_proxy || env.NO_PROXY || '')) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

function isExempt(url: URL, noProxy: string): boolean {
  const host = bare(url.hostname);
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  if (host === 'localhost' || contains(host, '127.0.0.0/8') || host === '::1') return true;
  const entries = noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  return entries.some((entry) => entry === '*' || contains(host, entry) || matchesName(host, port, entry));
}

/** `name` is that host and those below it, `.name` and `*.name` only those below; with a port, on that port alone. */
function matchesName(host: string, port: string, entry: string): boolean {
  const [, name = '', entryPort] = /^(\[.*\]|[^:]*|.*:.*:.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (entryPort !== undefined && entryPort !== port) return false;
  const wanted = bare(name.startsWith('*.') ? name.slice(1) : name);
  if (wanted === '') return false;
  return wanted.startsWith('.') ? host.endsWith(wanted) : host === wanted || host.endsWith(`.${wanted}`);
}

function contains(host: string, entry: string): boolean {
  const [address = '', bits] = entry.split('/');
  const family = isIP(address);
  if (bits === undefined || family === 0 || isIP(host) !== family || !(Number(bits) <= (family === 4 ? 32 : 128))) {
    return false;
  }
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const network = new BlockList();
  network.addSubnet(address, Number(bits), type);
  return network.check(host, type);
}

const bare = (host: string): string => host.replace(/^\[|\]$/g, '');
