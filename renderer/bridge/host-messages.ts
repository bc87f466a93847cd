import type { LiveStore } from '../stores/live.ts';
import type { HostLink } from './connection.ts';
import type { Notifier } from './notifications.ts';

/** Gives what the host says to whom it concerns. */
export function feedHostMessages(
  live: LiveStore,
  host: HostLink,
  notifier: Notifier,
  openIncident: (incidentId: number) => void,
): void {
  host.onMessage((message) => {
    switch (message.kind) {
      case 'core-state':
        return live.setState({ core: message });
      case 'notify':
      case 'withdraw':
        return notifier.receive(message);
      case 'open-incident':
        return openIncident(message.incidentId);
    }
  });
}
