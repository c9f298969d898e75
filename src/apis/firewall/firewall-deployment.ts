/** Of firewall.metal-stack.io/v2 FirewallDeployment only names are used here: its content is for the Worker to say. */

/** Asks firewall-controller-manager to do now what it keeps for the maintenance window; it takes the annotation away. */
export const MAINTAIN_ANNOTATION = 'firewall.metal-stack.io/maintain';

/** Name of the one FirewallDeployment of a shoot, in its control-plane namespace. */
export const SHOOT_FIREWALL = 'shoot-firewall';
