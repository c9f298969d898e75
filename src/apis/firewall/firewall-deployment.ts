import { z } from 'zod';
import { objectMeta } from '../meta.ts';

/** The slice of firewall.metal-stack.io/v2 FirewallDeployment that is read; the rest is firewall-controller-manager's. */
export const firewallDeployment = z.looseObject({ metadata: objectMeta });

/** Asks firewall-controller-manager to do now what it keeps for the maintenance window; it takes the annotation away. */
export const MAINTAIN_ANNOTATION = 'firewall.metal-stack.io/maintain';

/** Name of the one FirewallDeployment of a shoot, in its control-plane namespace. */
export const SHOOT_FIREWALL = 'shoot-firewall';
