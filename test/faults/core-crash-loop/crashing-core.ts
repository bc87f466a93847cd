import { runCore } from '#host/browser/run-core.ts';
import { commandFailure } from '#shared/failure.ts';

/**
 * A core that cannot hold on, for the supervisor's sake: it serves, greets windows and then ends with code
 * 7, unless it runs in safe mode. The configuration's path says how else it may misbehave.
 */
runCore(async (port, start) => {
  if (start.configurationPath === 'bug') throw new Error('a bug\nof two lines');
  if (start.configurationPath === 'refuse') {
    return port.refuse(commandFailure('unavailable', 'The journal is newer.', 'Update OpsSight.'));
  }
  const alive = setInterval(() => undefined, 1_000);
  port.onStop(() => clearInterval(alive));
  port.onLink((link) => {
    link.onMessage((message) => link.send({ echo: message }));
    link.send({ safeMode: start.safeMode });
    port.notify({
      id: 'incident-1',
      incidentId: 1,
      title: 'HighErrorRate',
      body: 'backend',
      severity: { level: 'critical', word: 'critical' },
      sound: 'alarm',
      urgency: 'critical',
    });
  });
  port.onNotificationOutcome(() => {
    if (!start.safeMode) process.exit(7);
  });
  port.ready();
});
