import { imageRoutes } from './catalogue/image-routes.ts';
import { catalogueRoutes } from './catalogue/routes.ts';
import { serviceRoutes } from './catalogue/service-routes.ts';
import type { Route } from './context.ts';
import { ipRoutes } from './ip/routes.ts';
import { firewallRoutes, machineRoutes } from './machine/routes.ts';
import { networkRoutes } from './network/routes.ts';

/** Every endpoint that the simulator has. */
export const routes: readonly Route[] = [
  ...networkRoutes,
  ...ipRoutes,
  ...machineRoutes,
  ...firewallRoutes,
  ...catalogueRoutes,
  ...imageRoutes,
  ...serviceRoutes,
];
