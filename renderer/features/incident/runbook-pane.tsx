import { useMemo } from 'react';
import { wasFetched, type IncidentRunbook, type Runbook } from '#shared/model/runbook.ts';
import { plainText } from '#shared/text.ts';
import { minuteMs, secondMs } from '#shared/time.ts';
import { useTimed } from '../../app.ts';
import { Age } from '../../parts/age.tsx';
import { CachedNote, hatching } from '../../parts/cached-note.tsx';
import { Markdown, stepsOf } from '../../parts/markdown.tsx';
import { safeHref } from '../../parts/safe-link.ts';
import type { IncidentEvidence } from '../../stores/live.ts';
import { classes } from '../../ui/classes.ts';
import styles from './evidence.module.css';
import { MissingEvidence } from './missing-evidence.tsx';
import { useSteps } from './use-steps.ts';

const runbookId = 'incident-runbook';

interface RunbookPaneProps {
  readonly incidentId: number;
  readonly evidence: IncidentEvidence | null;
}

/** What to do about it, step by step, with who did which. */
export function RunbookPane({ incidentId, evidence }: RunbookPaneProps) {
  const answer = evidence?.runbook;
  const runbook = answer?.runbook ?? null;
  const isOld = useIsOld(runbook);
  return (
    <section className={styles.pane} aria-label="Runbook" id={runbookId} tabIndex={-1}>
      <h2 className={classes(styles.heading, isOld && hatching.head)}>
        <span className={hatching.title}>
          <strong>Runbook</strong>
        </span>
        {runbook === null ? null : <Provenance runbook={runbook} isOld={isOld} link={answer?.link ?? null} />}
      </h2>
      {answer === undefined ? (
        <MissingEvidence failure={evidence?.runbookFailure ?? null} waiting="Looking for its runbook." />
      ) : runbook === null ? (
        <NoRunbook link={answer.link} />
      ) : (
        <RunbookText incidentId={incidentId} runbook={runbook} link={answer.link} />
      )}
    </section>
  );
}

type Link = IncidentRunbook['link'];

/** Whose text it is and of when. */
function Provenance({ runbook, isOld, link }: { runbook: Runbook; isOld: boolean; link: Link }) {
  const { title, path, writtenAtMs, readAtMs } = runbook;
  const isLinked = wasFetched(runbook);
  const cause = isLinked
    ? (link?.trouble ?? '') || 'its address has not been read since'
    : 'its file has not been read since';
  return (
    <>
      <span className={classes(styles.faint, hatching.pad)}>
        {plainText(title, 100)}, {plainText(path, 120)}
        {writtenAtMs === null ? null : (
          <>
            , written <Age sinceMs={writtenAtMs} /> ago
          </>
        )}
        {isOld ? null : (
          <>
            , {isLinked ? 'fetched' : 'read'} <Age sinceMs={readAtMs} /> ago
          </>
        )}
      </span>
      {isOld ? <CachedNote atMs={readAtMs} cause={cause} /> : null}
    </>
  );
}

function RunbookText({ incidentId, runbook, link }: { incidentId: number; runbook: Runbook; link: Link }) {
  const steps = useSteps(incidentId);
  const written = useMemo(() => stepsOf(runbook.markdown), [runbook.markdown]);
  const done = [...written].filter(([digest, isDone]) => steps.states.get(digest)?.isDone ?? isDone).length;
  return (
    <div className={styles.runbook}>
      {written.size === 0 ? null : (
        <p className={styles.faint} role="status">
          {done} of {written.size} steps done
        </p>
      )}
      <Markdown text={runbook.markdown} steps={steps} />
      {link === null ? null : (
        <p>
          <LinkOut url={link.url} />
        </p>
      )}
    </div>
  );
}

function NoRunbook({ link }: { readonly link: Link }) {
  if (link === null) {
    return (
      <p className={styles.words}>
        No runbook for this alert. Name their folder in the configuration file: runbooks.folder.
      </p>
    );
  }
  return (
    <div className={styles.words}>
      <p>No runbook for this alert in the folder. Its annotation names one:</p>
      <p>
        <LinkOut url={link.url} />
      </p>
      {link.trouble === '' ? null : <p>Not shown here: {plainText(link.trouble, 300)}.</p>}
    </div>
  );
}

/** What is no web address stays text. */
function LinkOut({ url }: { readonly url: string }) {
  const href = safeHref(url);
  if (href === null) return <>{plainText(url, 300)}</>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer" className={styles.link}>
      {plainText(href, 300)}, in the browser
    </a>
  );
}

/** A file is read in every turn of 30 s, an address every five minutes: one missed for two of them is old. */
const staleFileMs = 75 * secondMs;
const staleLinkMs = 12 * minuteMs;

function useIsOld(runbook: Runbook | null): boolean {
  const staleMs = runbook !== null && wasFetched(runbook) ? staleLinkMs : staleFileMs;
  const readAtMs = runbook?.readAtMs ?? null;
  return useTimed((nowMs) => readAtMs !== null && nowMs - readAtMs > staleMs);
}
