import { drop } from '#shared/result.ts';
import type { SourceHealth } from '#shared/model/source.ts';
import { plainText } from '#shared/text.ts';
import { formatClock } from '#shared/time.ts';
import type { ReactNode } from 'react';
import { connectOffer, dismissNotice, pollSources } from '../actions/console.ts';
import { askNotificationPermission, startCore } from '../actions/host.ts';
import { openSettings, show } from '../actions/view.ts';
import { useApp, useLive, useSession } from '../app.ts';
import { Age, Until } from '../parts/age.tsx';
import { Glyph, type GlyphName } from '../parts/glyphs.tsx';
import { failingRules } from '../parts/rule-items.ts';
import { useSight } from '../parts/use-sight.ts';
import { Button } from '../ui/button.tsx';
import { currentOffer, topNotice } from './banners.ts';
import styles from './banner-stack.module.css';

const told = 'tells its own failure';

/** What the console itself has to say, under the top bar: sight first, at most one line of each kind. */
export function BannerStack() {
  const sight = useSight();
  const coreSpeaks = useLive(({ core }) => core?.state === 'restarting' || core?.state === 'stopped');
  return (
    <section aria-label="Notices">
      {sight.kind === 'blind' ? <BlindBar lastSeenAtMs={sight.lastSeenAtMs} cause={sight.cause} /> : null}
      {sight.kind === 'partial' || (sight.kind === 'cached' && !coreSpeaks) ? (
        <Banner glyph="cached">
          <strong>{sight.kind === 'cached' ? 'Reaching the core again.' : <PartialWords />}</strong>{' '}
          {plainText(sight.cause, 300)}
        </Banner>
      ) : null}
      <CoreBanner />
      <ConfigurationBanner />
      <NoticeBanner />
      <OfferBanner />
      <PermissionBanner />
    </section>
  );
}

/** Without a source that is lost it is rules of the console's own that see nothing. */
function PartialWords() {
  const lost = useLive((state) => (state.sources ?? []).some((source) => source.state === 'stale'));
  const rules = useLive((state) => failingRules(state.rules));
  const lacking = useLive(({ sources }) => lacksWatchdog(sources));
  if (lacking && !lost) return 'What fires may not reach every source of alerts.';
  return rules > 0 && !lost
    ? 'Not every local rule can be evaluated.'
    : 'Some sources of alerts do not answer.';
}

function Banner({
  glyph,
  children,
  actions,
}: {
  readonly glyph: GlyphName;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <div className={styles.banner}>
      <Glyph name={glyph} />
      <p>{children}</p>
      {actions}
    </div>
  );
}

function BlindBar({ lastSeenAtMs, cause }: { readonly lastSeenAtMs: number | null; readonly cause: string }) {
  const app = useApp();
  const lacking = useLive(({ sources }) => lacksWatchdog(sources));
  return (
    <section className={styles.blind} aria-label="Blind">
      <p className={styles.blindAge}>
        <Glyph name="blind" />
        {lastSeenAtMs === null ? (
          'Blind'
        ) : (
          <>
            Blind for{' '}
            <span className="mono">
              <Age sinceMs={lastSeenAtMs} />
            </span>
          </>
        )}
      </p>
      <div className={styles.blindWords}>
        <p>
          {lastSeenAtMs === null
            ? 'No source of alerts has answered yet.'
            : `${lacking ? 'What fires may not have arrived' : 'No source of alerts has answered'} since ${formatClock(lastSeenAtMs)}.`}{' '}
          {plainText(cause, 300)}
        </p>
        <p className={styles.support}>You see what was last seen. Nothing here is known to be well.</p>
      </div>
      <div className={styles.blindActions}>
        <Button chord="r" onClick={() => drop(pollSources(app, []), told)}>
          Try now
        </Button>
        <Button chord="g o" onClick={() => show(app, { kind: 'sources' })}>
          Sources
        </Button>
      </div>
    </section>
  );
}

/** Whether a source that answers lacks what always fires there. */
function lacksWatchdog(sources: readonly SourceHealth[] | null): boolean {
  return (sources ?? []).some(({ missingWatchdog }) => missingWatchdog !== null);
}

function CoreBanner() {
  const app = useApp();
  const core = useLive((state) => state.core);
  if (core === null || core.state === 'running' || core.state === 'starting') return null;
  return (
    <Banner
      glyph="failed"
      actions={
        <>
          {core.state === 'stopped' ? (
            <Button chord="R" onClick={() => startCore(app, false)}>
              Start it
            </Button>
          ) : null}
          {core.safeModeOffered ? (
            <Button chord="S" onClick={() => startCore(app, true)}>
              Safe mode: poll nothing
            </Button>
          ) : null}
        </>
      }
    >
      <strong>
        {core.state === 'stopped' ? 'The core has stopped.' : 'The core stopped and is started again'}
      </strong>{' '}
      {core.state === 'restarting' && core.nextStartAtMs !== null ? (
        <Until atMs={core.nextStartAtMs} />
      ) : null}
      {core.state === 'restarting' ? '. ' : ''}
      {core.crashes > 1 ? `${core.crashes} crashes within a minute. ` : ''}
      {plainText(core.message, 300)}
    </Banner>
  );
}

function ConfigurationBanner() {
  const app = useApp();
  const configuration = useLive((state) => state.console?.configuration);
  if (configuration === undefined || configuration.state !== 'broken') return null;
  const errors = configuration.problems.filter((problem) => problem.severity === 'error');
  const first = errors[0];
  return (
    <Banner
      glyph="failed"
      actions={<Button onClick={() => openSettings(app, 'configuration')}>All problems</Button>}
    >
      <strong>The configuration has errors; the last good one is in force.</strong>{' '}
      {first === undefined ? null : (
        <>
          <code>
            {plainText(first.file, 200)}:{first.line}:{first.column}
          </code>{' '}
          {plainText(first.message, 200)}
        </>
      )}
    </Banner>
  );
}

const noticeGlyph = { error: 'failed', warning: 'warning', info: 'info' } as const;

function NoticeBanner() {
  const app = useApp();
  const notice = useLive((state) => topNotice(state.console));
  const count = useLive((state) => state.console?.notices.length ?? 0);
  if (notice === undefined) return null;
  return (
    <Banner
      glyph={noticeGlyph[notice.severity]}
      actions={
        <Button chord="d" onClick={() => drop(dismissNotice(app, notice), told)}>
          Put away
        </Button>
      }
    >
      <strong>{plainText(notice.message, 300)}</strong> {plainText(notice.nextStep, 300)}{' '}
      <span className={styles.faint}>
        <Age sinceMs={notice.atMs} short /> ago{count > 1 ? `, 1 of ${count}` : ''}
      </span>
    </Banner>
  );
}

function OfferBanner() {
  const app = useApp();
  const offer = useLive((state) => currentOffer(state.console));
  const count = useLive((state) => state.console?.offers.length ?? 0);
  if (offer === undefined) return null;
  return (
    <Banner
      glyph="waiting"
      actions={
        <Button chord="y" due onClick={() => drop(connectOffer(app, offer), told)}>
          Connect
        </Button>
      }
    >
      <strong>
        Found {offer.kind} {plainText(offer.version, 30)}
      </strong>{' '}
      at <code>{plainText(offer.url, 200)}</code>. Connecting it leaves the demo fleet.{' '}
      {count > 1 ? <span className={styles.faint}>1 of {count}</span> : null}
    </Banner>
  );
}

function PermissionBanner() {
  const app = useApp();
  const permission = useSession((state) => state.notificationPermission);
  if (permission !== 'default') return null;
  return (
    <Banner
      glyph="waiting"
      actions={
        <Button chord="p" onClick={() => drop(askNotificationPermission(app), 'the browser answers or not')}>
          Allow
        </Button>
      }
    >
      <strong>This window may not notify you yet.</strong> One notification per incident, once you allow it.
    </Banner>
  );
}
