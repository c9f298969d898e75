/** Where to listen. Without a host: on all addresses, IPv4 and IPv6. */
export interface Address {
  readonly host?: string | undefined;
  readonly port: number;
}

/**
 * Reads `host:port`, `:port`, `[v6]:port`, or a bare port, as Gardener's flags have it. `0` alone disables the server: undefined.
 * Port 0 behind a colon lets the system choose. Throws for anything else.
 */
export function parseAddress(text: string): Address | undefined {
  if (text === '0') return undefined;
  const match = /^(?:(?:\[(?<v6>[0-9a-fA-F:.]+(?:%\w+)?)\]|(?<host>[^\s:[\]/]*)):)?(?<port>\d{1,5})$/.exec(text);
  const port = Number(match?.groups?.port);
  if (!match || port > 65_535) {
    throw new Error(`${JSON.stringify(text)} is not an address: give host:port, :port or [IPv6]:port, or 0 for none`);
  }
  const host = match.groups?.v6 ?? match.groups?.host;
  return { port, ...(host && { host }) };
}

export function showAddress({ host = '', port }: Address): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
