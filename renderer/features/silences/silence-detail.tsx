import type { ReactNode } from 'react';
import type { Silence } from '#shared/model/silence.ts';
import { plainText } from '#shared/text.ts';
import { formatDateTime } from '#shared/time.ts';
import { useApp } from '../../app.ts';
import { Age, Until } from '../../parts/age.tsx';
import { Glyph } from '../../parts/glyphs.tsx';
import { ServerText } from '../../parts/server-text.tsx';
import { Button } from '../../ui/button.tsx';
import { ComingBack } from './coming-back-note.tsx';
import { MatcherTokens } from './matcher-tokens.tsx';
import { quietWords } from './preview-words.ts';
import { silencesActions } from './silences-commands.ts';
import styles from './silences.module.css';

interface SilenceDetailProps {
  readonly silence: Silence;
  readonly isStale: boolean;
  readonly blind: boolean;
}

function careSentence({ care, endsAfterQuietMs }: Silence): string | null {
  if (care === 'acknowledgement')
    return 'Renewed while its incident is acknowledged, and ended when that is released.';
  if (care === null || endsAfterQuietMs === null) return null;
  return `Ends by itself when nothing has matched for ${quietWords(endsAfterQuietMs)}.`;
}

/** One silence whole: what it asks for, who made it and why, where it is, and what would come back without it. */
export function SilenceDetail({ silence, isStale, blind }: SilenceDetailProps) {
  const { care, comment, createdBy, endsAtMs, startsAtMs, state, updatedAtMs } = silence;
  return (
    <aside className={styles.detail} aria-label="Silence" tabIndex={0}>
      <h2>
        <StateWords silence={silence} isPast={isStale || blind} />
      </h2>
      <p className={styles.wrap}>
        <MatcherTokens matchers={silence.matchers} />
      </p>
      <Actions silence={silence} />
      <p className={styles.words}>
        <ServerText text={comment} />
      </p>
      <dl className={styles.facts}>
        <Fact name="By">
          {plainText(createdBy, 120)}, <Age sinceMs={updatedAtMs} /> ago
        </Fact>
        <Fact name="Starts">{formatDateTime(startsAtMs)}</Fact>
        <Fact name={state === 'expired' ? 'Ended' : 'Ends'}>{formatDateTime(endsAtMs)}</Fact>
        {care === null ? null : <Fact name="Care">{careSentence(silence)}</Fact>}
        <Fact name="Where">
          <Outcomes silence={silence} isStale={isStale} />
        </Fact>
        <Fact name="Id">
          <code>{plainText(silence.id, 80)}</code>
        </Fact>
      </dl>
      {state === 'active' ? <ComingBack silences={[silence]} /> : null}
    </aside>
  );
}

export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function StateWords({ silence, isPast }: { readonly silence: Silence; readonly isPast: boolean }) {
  const { state, startsAtMs, endsAtMs } = silence;
  if (state === 'expired') {
    return (
      <>
        Expired <Age sinceMs={endsAtMs} /> ago
      </>
    );
  }
  if (isPast) return <>Was {state} when last seen</>;
  return state === 'active' ? (
    <>
      Active, ends <Until atMs={endsAtMs} />
    </>
  ) : (
    <>
      Pending, starts <Until atMs={startsAtMs} />
    </>
  );
}

/** Each Alertmanager of the cluster, and whether it has the silence. */
function Outcomes({
  silence: { sources, missingFrom, heardAtMs },
  isStale,
}: Omit<SilenceDetailProps, 'blind'>) {
  return (
    <>
      <ul>
        {sources.map((name) => (
          <li key={name}>
            <Glyph name="ok" plain={isStale} /> {plainText(name, 64)} {isStale ? 'had it' : 'has it'}
          </li>
        ))}
        {missingFrom.map((name) => (
          <li key={name} className={styles.missing}>
            <Glyph name="failed" plain /> missing at {plainText(name, 64)}
          </li>
        ))}
      </ul>
      {isStale ? (
        <p className={styles.stale}>
          <Glyph name="cached" /> heard <Age sinceMs={heardAtMs} /> ago: it may have changed since
        </p>
      ) : null}
    </>
  );
}

function Actions({ silence: { state } }: { readonly silence: Silence }) {
  const app = useApp();
  const isOver = state === 'expired';
  return (
    <p className={styles.actions}>
      {isOver ? null : (
        <>
          <Button chord="e" onClick={() => silencesActions['silences.edit'].run(app)}>
            Edit
          </Button>
          <Button chord="+" onClick={() => silencesActions['silences.extend'].run(app)}>
            Extend
          </Button>
          <Button chord="E" onClick={() => silencesActions['silences.expire'].run(app)}>
            Expire
          </Button>
        </>
      )}
      <Button chord="c" onClick={() => silencesActions['silences.copy'].run(app)}>
        Once more
      </Button>
    </p>
  );
}
