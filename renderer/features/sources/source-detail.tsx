import { useEffect, useState } from 'react';
import type { CommandFailure } from '#shared/failure.ts';
import type { MissingWatchdog, SourceHealth } from '#shared/model/source.ts';
import { plainText } from '#shared/text.ts';
import { formatClock, formatDateTime, formatSpan } from '#shared/time.ts';
import { useApp, useLive } from '../../app.ts';
import { tellingWords } from '../../stores/alert-tellers.ts';
import { SourceGlyph, wordOfSource } from '../../parts/source-glyph.tsx';
import { Age } from '../../parts/age.tsx';
import styles from './sources.module.css';

type Facts = readonly { readonly label: string; readonly value: string }[];

/** One source: its failure with the next step, its own health, and what it says about itself. */
export function SourceDetail({ source, blind }: { readonly source: SourceHealth; readonly blind: boolean }) {
  const telling = useLive(({ sources }) => tellingWords(source, sources ?? []));
  return (
    <aside className={styles.detail} aria-label={`Source ${source.name}`} tabIndex={0}>
      <header className={styles.detailHeader}>
        <p className={styles.state}>
          <SourceGlyph state={source.state} blind={isBlind(source, blind)} />
          {wordOfSource(source)}
          {source.staleSinceMs === null ? null : (
            <span className={styles.number}>
              for <Age sinceMs={source.staleSinceMs} />
            </span>
          )}
        </p>
        <h2 className={styles.title}>{plainText(source.name, 64)}</h2>
      </header>
      {source.failure === null ? null : (
        <section className={styles.failed} aria-label="Failure">
          <p>
            <code>{source.failure.code}</code> {plainText(source.failure.message, 600)}
          </p>
          <p className={styles.support}>{plainText(source.failure.nextStep, 600)}</p>
        </section>
      )}
      {source.missingWatchdog === null ? null : (
        <Blindness kind={source.kind} missing={source.missingWatchdog} />
      )}
      <FactList facts={healthFacts(source, telling)} />
      <SaidFacts source={source} />
    </aside>
  );
}

/** @param nothingSeen whether no source of alerts is seen at all. */
export function isBlind({ state, missingWatchdog }: SourceHealth, nothingSeen: boolean): boolean {
  return missingWatchdog !== null || (nothingSeen && state === 'stale');
}

export function missingWords({ matchers, sinceMs }: MissingWatchdog): string {
  return `${matchers} has been missing since ${formatClock(sinceMs)}`;
}

function Blindness({
  kind,
  missing,
}: {
  readonly kind: SourceHealth['kind'];
  readonly missing: MissingWatchdog;
}) {
  return (
    <section className={styles.failed} aria-label="Missing watchdog">
      <p>
        <code>no watchdog</code> {plainText(missingWords(missing), 600)}, and it always fires: what else fires
        may not reach this source.
      </p>
      <p className={styles.support}>
        {kind === 'prometheus'
          ? 'Look at its rules: whether the alert is still among them, and whether they are evaluated.'
          : 'Look at what sends it alerts: whether Prometheus runs, evaluates its rules and reaches it.'}
      </p>
    </section>
  );
}

function healthFacts(source: SourceHealth, telling: string | null): Facts {
  const time = (atMs: number | null): string => (atMs === null ? 'never' : formatDateTime(atMs));
  const facts = [
    { label: 'Address', value: source.url },
    { label: 'Last answer', value: time(source.lastSuccessAtMs) },
    { label: 'Last try', value: time(source.lastAttemptAtMs) },
    { label: 'Failures in a row', value: String(source.consecutiveFailures) },
    {
      label: 'Server started',
      value: source.serverStartedAtMs === null ? 'not told' : time(source.serverStartedAtMs),
    },
  ];
  if (telling !== null) facts.push({ label: 'Alerts', value: telling });
  if (source.clockSkewMs !== null && Math.abs(source.clockSkewMs) >= 1_000) {
    const side = source.clockSkewMs > 0 ? 'ahead of' : 'behind';
    facts.push({ label: 'Clock', value: `${formatSpan(Math.abs(source.clockSkewMs))} ${side} this machine` });
  }
  return facts;
}

/** What the source says about itself, asked when the pane opens. */
function SaidFacts({ source }: { readonly source: SourceHealth }) {
  const { core } = useApp();
  const [answer, setAnswer] = useState<{ facts: Facts } | { failure: CommandFailure } | null>(null);
  const { name, lastSuccessAtMs } = source;
  const answering = source.state === 'fresh' || source.state === 'late';
  useEffect(() => {
    if (!answering) return;
    const controller = new AbortController();
    void core.call('source.describe', { name }, { signal: controller.signal }).then((result) => {
      if (controller.signal.aborted) return;
      setAnswer(result.ok ? { facts: result.value.facts } : { failure: result.failure });
    });
    return () => controller.abort();
  }, [core, name, answering]);

  if (answer === null) {
    const words = answering
      ? 'Asking it about itself.'
      : lastSuccessAtMs === null
        ? 'It has never answered.'
        : 'It does not answer now.';
    return <p className={styles.message}>{words}</p>;
  }
  if ('failure' in answer) {
    return (
      <p className={styles.message}>
        {plainText(answer.failure.message, 300)}. {plainText(answer.failure.nextStep, 300)}
      </p>
    );
  }
  return <FactList facts={answer.facts} />;
}

function FactList({ facts }: { readonly facts: Facts }) {
  return (
    <dl className={styles.facts}>
      {facts.map((fact, index) => (
        <div key={index}>
          <dt>{plainText(fact.label, 60)}</dt>
          <dd>{plainText(fact.value, 400)}</dd>
        </div>
      ))}
    </dl>
  );
}
