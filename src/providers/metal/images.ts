/** The images of what runs in seed and shoot (metal-provider 4.1). */
const vector = {
  metalccm: { repository: 'ghcr.io/metal-stack/metal-ccm', tag: 'v0.9.10' },
  'machine-controller-manager-provider-metal': {
    repository: 'ghcr.io/metal-stack/machine-controller-manager-provider-metal',
    tag: 'v0.1.28',
  },
  droptailer: { repository: 'ghcr.io/metal-stack/droptailer', tag: 'v0.2.15' },
  'csi-lvm-controller': { repository: 'ghcr.io/metal-stack/csi-lvm-controller', tag: 'v0.7.0' },
  'csi-lvm-provisioner': { repository: 'ghcr.io/metal-stack/csi-lvm-provisioner', tag: 'v0.7.0' },
  'metallb-speaker': { repository: 'quay.io/metallb/speaker', tag: 'v0.15.2' },
  'metallb-controller': { repository: 'quay.io/metallb/controller', tag: 'v0.15.2' },
  'duros-controller': { repository: 'ghcr.io/metal-stack/duros-controller', tag: 'v0.12.1' },
  'node-init': { repository: 'ghcr.io/metal-stack/node-init', tag: 'v0.1.8' },
  'metallb-health-sidecar': { repository: 'ghcr.io/metal-stack/metallb-health-sidecar', tag: 'v0.1.2' },
  'firewall-controller-manager': { repository: 'ghcr.io/metal-stack/firewall-controller-manager', tag: 'v0.6.0' },
} as const;

export type ImageName = keyof typeof vector;

/** The reference of an image, `repository:tag`. */
export type Images = (name: ImageName) => string;

/** What the operator's image vector says, by name: a reference, or only its `:tag` or `@digest`. */
export type ImageOverwrites = ReadonlyMap<string, string>;

/** What makes the machines of shoots. */
export interface MachineController {
  readonly image: string;
  /** Before the flags, which all machine controllers have in common. */
  readonly command: readonly string[];
}

/**
 * Espalier's own machine controller, from the image that this process runs from. That of metal-stack in Go where the operator
 * names it in the image vector, or where the own image is not known.
 */
export function machineControllerOf(overwrites: ImageOverwrites, own: string | undefined): MachineController {
  const name = 'machine-controller-manager-provider-metal';
  if (own && !overwrites.has(name)) return { image: own, command: ['machine-controller'] };
  return { image: createImages(overwrites)(name), command: [] };
}

export function createImages(overwrites: ImageOverwrites = new Map()): Images {
  return (name) => {
    const { repository, tag } = vector[name];
    const overwrite = overwrites.get(name) ?? `:${tag}`;
    return /^[:@]/.test(overwrite) ? repository + overwrite : overwrite;
  };
}
