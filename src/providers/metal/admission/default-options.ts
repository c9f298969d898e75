/** What Shoots get where they say nothing (metal-provider 2.2). */
export interface DefaultOptions {
  readonly nodeCIDRMaskSize: number;
  readonly maxPods: number;
  readonly networkType: string;
  readonly podsCIDR: string;
  readonly servicesCIDR: string;
  readonly calico: {
    readonly kubeProxyEnabled: boolean;
    readonly backend: string;
    readonly poolMode: string;
    readonly typhaEnabled: boolean;
  };
  readonly cilium: {
    readonly kubeProxyEnabled: boolean;
    readonly hubbleEnabled: boolean;
    readonly tunnel: string;
    readonly devices: readonly string[];
    readonly directRoutingDevice: string;
    readonly bgpControlPlane: boolean;
    readonly ipv4NativeRoutingCIDREnabled: boolean;
    readonly loadBalancingMode: string;
    readonly mtu: number;
  };
}

/** Truth values as Go's strconv.ParseBool reads them. */
const BOOLEANS: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(['1', 't', 'T', 'true', 'TRUE', 'True'].map((word) => [word, true])),
  ...Object.fromEntries(['0', 'f', 'F', 'false', 'FALSE', 'False'].map((word) => [word, false])),
};

/**
 * The defaults with the overrides of the environment, `DEFAULTER_<NAME>`; `ignored` are the names of variables whose value
 * cannot be read: for these the built-in default stays, as operators know it.
 */
export function readDefaultOptions(env: Readonly<Record<string, string | undefined>>): {
  readonly options: DefaultOptions;
  readonly ignored: readonly string[];
} {
  const ignored: string[] = [];
  const read = <T>(name: string, fallback: T, parse: (text: string) => T | undefined): T => {
    const text = env[`DEFAULTER_${name}`];
    if (text === undefined) return fallback;
    const value = parse(text);
    if (value === undefined) ignored.push(`DEFAULTER_${name}`);
    return value ?? fallback;
  };
  const text = (name: string, fallback: string) => read(name, fallback, (given) => given || undefined);
  const flag = (name: string, fallback: boolean) =>
    read(name, fallback, (given) => (Object.hasOwn(BOOLEANS, given) ? BOOLEANS[given] : undefined));
  const count = (name: string, fallback: number) =>
    read(name, fallback, (given) => (/^\d{1,9}$/.test(given) ? Number(given) : undefined));
  const list = (name: string, fallback: readonly string[]) =>
    read(name, fallback, (given) => (given ? given.split(',') : undefined));
  const options: DefaultOptions = {
    nodeCIDRMaskSize: count('NODECIDRMASKSIZE', 23),
    maxPods: count('MAXPODS', 250),
    networkType: text('NETWORKTYPE', 'calico'),
    podsCIDR: text('PODSCIDR', '10.240.0.0/13'),
    servicesCIDR: text('SERVICESCIDR', '10.248.0.0/18'),
    calico: {
      kubeProxyEnabled: flag('CALICOKUBEPROXYENABLED', true),
      backend: text('CALICOBACKEND', 'none'),
      poolMode: text('CALICOPOOLMODE', 'Never'),
      typhaEnabled: flag('CALICOTYPHAENABLED', false),
    },
    cilium: {
      kubeProxyEnabled: flag('CILIUMKUBEPROXYENABLED', false),
      hubbleEnabled: flag('CILIUMHUBBLEENABLED', true),
      tunnel: text('CILIUMTUNNEL', 'disabled'),
      devices: list('CILIUMDEVICES', ['lan+', 'lo']),
      directRoutingDevice: text('CILIUMDIRECTROUTINGDEVICE', 'lo'),
      bgpControlPlane: flag('CILIUMBGPCONTROLPLANE', true),
      ipv4NativeRoutingCIDREnabled: flag('CILIUMIPV4NATIVEROUTINGCIDRENABLED', true),
      loadBalancingMode: text('CILIUMLOADBALANCINGMODE', 'dsr'),
      mtu: count('CILIUMMTU', 1440),
    },
  };
  return { options, ignored };
}
