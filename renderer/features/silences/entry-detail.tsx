import type { OutboxEntry, Silence, SilenceMatcher } from '#shared/model/silence.ts';
import { plainText } from '#shared/text.ts';
import { formatDateTime } from '#shared/time.ts';
import { useApp } from '../../app.ts';
import { Age } from '../../parts/age.tsx';
import { Glyph } from '../../parts/glyphs.tsx';
import { Button } from '../../ui/button.tsx';
import { MatcherTokens } from './matcher-tokens.tsx';
import { actionsOf, verbOf, wordOfTarget } from './outbox-words.ts';
import { Standing } from './silence-cells.tsx';
import { Fact } from './silence-detail.tsx';
import { silencesActions } from './silences-commands.ts';
import styles from './silences.module.css';

interface EntryDetailProps {
  readonly entry: OutboxEntry;
  /** The silence that it changes or ends, as it is known now. */
  readonly subject: Silence | undefined;
}

const glyphOfTarget = { waiting: 'waiting', sent: 'waiting', confirmed: 'ok', failed: 'failed' } as const;

/** Something that waits to be sent: to whom, why it waits, and what can be done about it. */
export function EntryDetail({ entry, subject }: EntryDetailProps) {
  const { by, createdAtMs, targets, state, request } = entry;
  return (
    <aside className={styles.detail} aria-label="In the outbox" tabIndex={0}>
      <h2>{verbOf(entry)}, in the outbox</h2>
      <p className={state === 'failed' || state === 'conflict' ? styles.asks : styles.support}>
        <Standing entry={entry} />
      </p>
      <EntryActions entry={entry} />
      {state === 'conflict' && !entry.isDisplaced ? (
        <BothVersions entry={entry} theirs={subject} />
      ) : (
        <Version {...(request.kind === 'expire' ? versionOf(subject) : versionOf(request.draft))} />
      )}
      <dl className={styles.facts}>
        <Fact name="By">
          {plainText(by, 120)}, <Age sinceMs={createdAtMs} /> ago
        </Fact>
        <Fact name="To">
          <ul>
            {targets.map(({ source, state: outcome, detail, atMs }) => (
              <li key={source}>
                <Glyph name={glyphOfTarget[outcome]} /> {plainText(source, 64)} {wordOfTarget[outcome]}
                {atMs === null ? null : (
                  <span className={styles.faint}>
                    {' '}
                    <Age sinceMs={atMs} /> ago
                  </span>
                )}
                {detail === '' ? null : <p className={styles.support}>{plainText(detail, 400)}</p>}
              </li>
            ))}
          </ul>
        </Fact>
      </dl>
    </aside>
  );
}

function EntryActions({ entry }: { readonly entry: OutboxEntry }) {
  const app = useApp();
  const offered = actionsOf(entry);
  return (
    <p className={styles.actions}>
      {offered.includes('settle') ? (
        <>
          <Button chord="m" onClick={() => silencesActions['silences.mine'].run(app)}>
            {entry.isDisplaced ? 'Send it all the same' : 'Send mine'}
          </Button>
          {entry.isDisplaced ? null : (
            <Button chord="t" onClick={() => silencesActions['silences.theirs'].run(app)}>
              Keep theirs
            </Button>
          )}
        </>
      ) : null}
      {offered.includes('retry') ? (
        <Button chord="f" onClick={() => silencesActions['silences.retry'].run(app)}>
          Try again
        </Button>
      ) : null}
      {offered.includes('withdraw') ? (
        <Button chord="w" onClick={() => silencesActions['silences.withdraw'].run(app)}>
          Take back
        </Button>
      ) : null}
    </p>
  );
}

interface VersionProps {
  readonly matchers: readonly SilenceMatcher[];
  readonly endsAtMs: number | null;
  readonly comment: string;
  readonly by: string;
}

function versionOf(
  silence: (Pick<Silence, 'matchers' | 'endsAtMs' | 'comment'> & { createdBy?: string }) | undefined,
) {
  return {
    matchers: silence?.matchers ?? [],
    endsAtMs: silence?.endsAtMs ?? null,
    comment: silence?.comment ?? '',
    by: silence?.createdBy ?? '',
  };
}

function BothVersions({
  entry,
  theirs,
}: {
  readonly entry: OutboxEntry;
  readonly theirs: Silence | undefined;
}) {
  const { request, by } = entry;
  return (
    <div className={styles.versions}>
      <section aria-label="Mine">
        <h3>Mine</h3>
        {request.kind === 'expire' ? (
          <p>ends it now</p>
        ) : (
          <Version {...versionOf({ ...request.draft, createdBy: by })} />
        )}
      </section>
      <section aria-label="Theirs">
        <h3>Theirs</h3>
        {theirs === undefined ? <p>no longer there</p> : <Version {...versionOf(theirs)} />}
      </section>
    </div>
  );
}

function Version({ matchers, endsAtMs, comment, by }: VersionProps) {
  return (
    <div className={styles.version}>
      <p className={styles.wrap}>
        <MatcherTokens matchers={matchers} />
      </p>
      {endsAtMs === null ? null : <p>ends {formatDateTime(endsAtMs)}</p>}
      {comment === '' ? null : <p className={styles.support}>{plainText(comment, 400)}</p>}
      {by === '' ? null : <p className={styles.faint}>by {plainText(by, 80)}</p>}
    </div>
  );
}
