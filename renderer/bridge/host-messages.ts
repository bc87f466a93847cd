import type { LiveStore } from '../stores/live.ts';
import type { HostLink } from './connection.ts';
import type { Notifier } from './notifications.ts';

/** What the host may ask of the window itself. */
export interface HostWishes {
  readonly openIncident: (incidentId: number) => void;
  /** @param command a name from outside, which may be of no command. */
  readonly runCommand: (command: string) => void;
}

/** Gives what the host says to whom it concerns. */
export function feedHostMessages(
  live: LiveStore,
  host: HostLink,
  notifier: Notifier,
  wishes: HostWishes,
): void {
  host.onMessage((message) => {
    switch (message.kind) {
      case 'core-state':
        return live.setState(
          message.state === 'running' ? { core: message } : { core: message, coreIsAwaited: true },
        );
      case 'notify':
      case 'withdraw':
        return notifier.receive(message);
      case 'open-incident':
        return wishes.openIncident(message.incidentId);
      case 'secret-state':
        return live.setState({ secrets: message });
      case 'run-command':
        return wishes.runCommand(message.command);
      case 'desktop':
        return live.setState({ desktop: message.desktop });
    }
  });
}
