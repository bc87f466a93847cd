import type { ReactNode } from 'react';
import type { SourceHealth } from '#shared/model/source.ts';
import { counted, plainText } from '#shared/text.ts';
import { formatClock } from '#shared/time.ts';
import { useApp, useLive, useSession, useTimed } from '../app.ts';
import { Age } from '../parts/age.tsx';
import { incidentOf, nameOfChoice, rangeOf } from '../parts/time-range.ts';
import { Glyph } from '../parts/glyphs.tsx';
import { failingRules } from '../parts/rule-items.ts';
import { SourceGlyph, wordOfSource } from '../parts/source-glyph.tsx';
import { useFitting } from '../parts/use-fitting.ts';
import { useSight } from '../parts/use-sight.ts';
import type { ScreenSight } from '../stores/sight.ts';
import { classes } from '../ui/classes.ts';
import { KeyChip } from '../ui/key-chip.tsx';
import { runCommand } from './run-command.ts';
import { showsTime } from './time.ts';
import styles from './top-bar.module.css';

/** Environment, time range where there is one, each source with its age, and how far the screen sees. */
export function TopBar() {
  const environment = useLive((state) => state.console?.environment ?? '');
  const demo = useLive((state) => state.console?.demo ?? false);
  const safeMode = useLive((state) => state.console?.safeMode ?? false);
  const pausedUntilMs = useLive((state) => state.console?.notificationsPausedUntilMs ?? null);
  const sources = useLive((state) => state.sources);
  const sight = useSight();
  return (
    <header className={styles.bar}>
      <Mark />
      <span className={styles.environment}>
        {environment === '' ? 'OpsSight' : plainText(environment, 64)}
      </span>
      {demo ? <span className={styles.mark}>Demo fleet</span> : null}
      {safeMode ? <span className={styles.mark}>Safe mode: nothing is polled</span> : null}
      {pausedUntilMs === null ? null : (
        <span className={styles.mark}>No notifications until {formatClock(pausedUntilMs).slice(0, 5)}</span>
      )}
      <TimeRange />
      <Sources sources={sources ?? []} sight={sight.kind} />
      <SightState
        sight={sight}
        failing={(sources ?? []).filter((source) => source.state === 'stale').length}
      />
    </header>
  );
}

function Mark() {
  return (
    <svg className={styles.logo} viewBox="0 0 18 18" width={18} height={18} aria-hidden="true">
      <circle cx={9} cy={9} r={6.5} />
      <circle cx={9} cy={9} r={1.5} />
      <path d="M9 .8v4M9 13.2v4M.8 9h4M13.2 9h4" />
    </svg>
  );
}

/** Only where something is drawn over time. */
function TimeRange() {
  const app = useApp();
  const view = useSession((state) => state.view);
  const choice = useSession((state) => state.timeChoice);
  const row = useLive((state) => incidentOf(state, choice));
  const text = useTimed((nowMs) => {
    const range = rangeOf(choice, row, nowMs);
    return `${formatClock(range.fromMs)} – ${formatClock(range.toMs)}`;
  });
  if (!showsTime(view)) return null;
  return (
    <>
      <span className={styles.range}>
        <button type="button" aria-label="Earlier" onClick={() => runCommand(app, 'time.earlier')}>
          <KeyChip chord="[" />
        </button>
        <span>{nameOfChoice(choice)}</span>
        <button type="button" aria-label="Later" onClick={() => runCommand(app, 'time.later')}>
          <KeyChip chord="]" />
        </button>
      </span>
      <span className={styles.times}>
        {text} <span>{zoneName()}</span>
      </span>
    </>
  );
}

function zoneName(): string {
  const parts = new Intl.DateTimeFormat('en', { timeZoneName: 'short' }).formatToParts(new Date());
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
}

interface SourcesProps {
  readonly sources: readonly SourceHealth[];
  readonly sight: ScreenSight['kind'];
}

function Sources({ sources, sight }: SourcesProps) {
  const blind = sight === 'blind';
  const app = useApp();
  const { ref, fitting } = useFitting<HTMLUListElement>(sources.length);
  return (
    <div className={styles.sources}>
      <ul ref={ref} aria-label="Sources">
        {sources.map((source) => (
          <li
            key={source.name}
            className={classes(
              source.missingWatchdog !== null
                ? styles.blind
                : source.state === 'stale' && (blind ? styles.blind : styles.stale),
            )}
          >
            {/* While the core is not heard, nothing is known to be fresh. */}
            <SourceGlyph
              state={sight === 'cached' ? 'late' : source.state}
              blind={blind || source.missingWatchdog !== null}
            />
            <span>{plainText(source.name, 64)}</span>
            <span className={styles.age}>
              <span className="unseen">{wordOfSource(source)} </span>
              {source.lastSuccessAtMs === null ? '–' : <Age sinceMs={source.lastSuccessAtMs} short />}
            </span>
          </li>
        ))}
      </ul>
      {sources.length > fitting ? (
        <button
          type="button"
          className={styles.more}
          aria-label={`${sources.length - fitting} more sources`}
          onClick={() => runCommand(app, 'go.sources')}
        >
          +{sources.length - fitting}
        </button>
      ) : null}
    </div>
  );
}

/** One state for the whole screen. */
function SightState({ sight, failing }: { readonly sight: ScreenSight; readonly failing: number }) {
  const age = sight.lastSeenAtMs === null ? null : <Age sinceMs={sight.lastSeenAtMs} />;
  return (
    <p className={classes(styles.sight, sight.kind === 'blind' && styles.blindSight)} role="status">
      <SightWords sight={sight} age={age} failing={failing} />
    </p>
  );
}

/** What of the alerts is not seen: sources, or else rules of the console's own. */
function PartlyBut({ failing }: { readonly failing: number }) {
  const rules = useLive((state) => failingRules(state.rules));
  if (failing > 0 || rules === 0)
    return <span className={styles.but}>but {counted(Math.max(1, failing), 'source')}</span>;
  return <span className={styles.but}>but {counted(rules, 'local rule')}</span>;
}

interface SightWordsProps {
  readonly sight: ScreenSight;
  readonly age: ReactNode;
  readonly failing: number;
}

function SightWords({ sight, age, failing }: SightWordsProps) {
  switch (sight.kind) {
    case 'live':
      return (
        <>
          <span className={styles.dot} />
          <strong>Live</strong>
          {failing === 0 ? null : <span className={styles.but}>but {counted(failing, 'source')}</span>}
        </>
      );
    case 'partial':
      return (
        <>
          <Glyph name="cached" />
          <strong>Partly live</strong>
          <PartlyBut failing={failing} />
        </>
      );
    case 'cached':
      return (
        <>
          <Glyph name="cached" />
          <strong>Cached</strong> <span aria-hidden="true">{age}</span>
        </>
      );
    case 'blind':
      return (
        <>
          <Glyph name="blind" />
          <strong>Blind</strong> <span aria-hidden="true">{age}</span>
        </>
      );
    case 'starting':
      return (
        <>
          <Glyph name="waiting" />
          <strong>Asking</strong>
        </>
      );
    case 'rules-only':
      return (
        <>
          <Glyph name="muted" />
          <strong>Local rules only</strong> <span aria-hidden="true">{age}</span>
        </>
      );
    case 'unwatched':
      return (
        <>
          <Glyph name="muted" />
          <strong>Nothing watched</strong>
        </>
      );
  }
}
