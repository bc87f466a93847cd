import type { HostNotification } from '#shared/host-window.ts';
import type { MissingWatchdog } from '#shared/model/source.ts';
import { severityOf } from '#shared/model/severity.ts';
import type { NotificationPolicy } from '#shared/notify/model.ts';
import { plainText } from '#shared/text.ts';
import { formatClock } from '#shared/time.ts';

/** The one notification that a source is blind: as loud as what is critical, and about no incident. */
export function missingNotification(
  source: string,
  { sinceMs, matchers }: MissingWatchdog,
  policy: NotificationPolicy,
): HostNotification {
  const name = plainText(source, 64);
  const which = plainText(matchers, 100);
  return {
    id: missingId(source, sinceMs),
    incidentId: null,
    title: `Blind: ${name} has lost its watchdog`,
    body: `${which} has been missing since ${formatClock(sinceMs)}. What fires may not reach you.`,
    severity: severityOf('critical'),
    sound: policy.usual.critical.sound,
    urgency: 'critical',
  };
}

export function missingId(source: string, sinceMs: number): string {
  return `watchdog-${source}-${sinceMs}`;
}
