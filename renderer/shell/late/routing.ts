/** The routing view as one script. */
export { routingActions, routingCursor } from '../../features/routing/routing-commands.ts';
export { RoutingView } from '../../features/routing/routing-view.tsx';
