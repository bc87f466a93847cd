import { useMemo, type ReactNode } from 'react';
import { compareNanoseconds } from '#shared/model/log.ts';
import {
  spanFlags,
  type Attribute,
  type SpanDetail,
  type Trace,
  type TraceOutline,
} from '#shared/model/trace.ts';
import { plainText } from '#shared/text.ts';
import { openTrace } from '../../actions/across.ts';
import { useApp } from '../../app.ts';
import { Glyph } from '../../parts/glyphs.tsx';
import { ServerText } from '../../parts/server-text.tsx';
import { serviceColour } from '../../parts/service-colour.ts';
import { formatDuration, formatOffset } from '../../parts/trace-duration.ts';
import { TraceFailure } from '../../parts/trace-note.tsx';
import { selfTimeOf } from '../../stores/trace-look.ts';
import { Button } from '../../ui/button.tsx';
import styles from './span.module.css';
import { tracesActions } from './traces-commands.ts';
import { useSpan } from './use-span.ts';

interface SpanPaneProps {
  readonly traceId: string;
  readonly source: string | null;
  readonly outline: TraceOutline;
  readonly row: number;
  readonly held: Trace | undefined;
}

/** The most of each list that is shown; the rest is said in a number. */
const maxTags = 200;
const maxEvents = 100;
const maxLinks = 50;
const maxValue = 600;

/** The span under the cursor: numbers at once, the rest once it is known. */
export function SpanPane(props: SpanPaneProps) {
  const { outline, row } = props;
  const app = useApp();
  const { detail, failure } = useSpan(props);
  const selfNs = useMemo(() => selfTimeOf(outline, row), [outline, row]);
  const service = outline.services[outline.serviceOf[row] ?? -1] ?? '';
  const operation = outline.operations[outline.operationOf[row] ?? -1] ?? '';
  const isError = ((outline.flags[row] ?? 0) & spanFlags.error) !== 0;
  return (
    <aside className={styles.pane} aria-label="Span" tabIndex={0}>
      <header className={styles.head}>
        <h2 style={{ borderColor: serviceColour(service) }}>{plainText(operation, 200) || 'no name'}</h2>
        {isError ? (
          <span className={styles.error}>
            <Glyph name="critical" /> Error
          </span>
        ) : null}
        <p className={styles.support}>
          {plainText(service, 120)}
          {detail === null || detail.span.kind === 'unspecified' ? '' : `, ${detail.span.kind}`}
        </p>
        <dl className={styles.numbers}>
          <Measure name="Duration" value={formatDuration(outline.durationsNs[row] ?? 0)} />
          <Measure name="Self" value={formatDuration(selfNs)} />
          <Measure name="Starts" value={formatOffset(outline.offsetNs[row] ?? 0)} />
        </dl>
      </header>
      {failure === null ? null : <TraceFailure what="The span is not known" failure={failure} />}
      {detail === null ? null : <Detail detail={detail} startNs={outline.startNs} source={props.source} />}
      <section className={styles.section} aria-label="Around it">
        <h3>Around it</h3>
        <p className={styles.around}>
          <Button chord="L" onClick={() => tracesActions['trace.logs'].run(app)}>
            Logs of this trace
          </Button>
          <Button chord="m" onClick={() => tracesActions['trace.metrics'].run(app)}>
            Metrics of {plainText(service, 24)}
          </Button>
        </p>
      </section>
    </aside>
  );
}

function Measure({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

interface DetailProps {
  readonly detail: SpanDetail;
  readonly startNs: string;
  readonly source: string | null;
}

function Detail({ detail: { span, process }, startNs, source }: DetailProps) {
  const app = useApp();
  return (
    <>
      {span.statusMessage === '' && span.warnings.length === 0 ? null : (
        <section className={styles.said} aria-label="Status and warnings">
          {span.statusMessage === '' ? null : <p>{plainText(span.statusMessage, maxValue)}</p>}
          {span.warnings.slice(0, 20).map((warning) => (
            <p key={warning}>
              <Glyph name="warning" /> {plainText(warning, maxValue)}
            </p>
          ))}
        </section>
      )}
      <Tags name="Tags" tags={span.attributes} />
      <List name="Events" of={span.events} most={maxEvents}>
        {(event, index) => (
          <li key={index}>
            <p className={styles.event}>
              <span>{formatOffset(sinceStart(event.timeNs, startNs))}</span>
              <b>{plainText(event.name, 200)}</b>
            </p>
            <TagList tags={event.attributes} />
          </li>
        )}
      </List>
      <Tags name="Process" tags={process.attributes} />
      <List name="Links" of={span.links} most={maxLinks}>
        {(link, index) => (
          <li key={index}>
            <button
              type="button"
              className={styles.link}
              onClick={() => openTrace(app, link.traceId, link.spanId, source ?? '')}
            >
              {plainText(link.kind, 40)} <code>{plainText(link.traceId, 32)}</code>{' '}
              <code>{plainText(link.spanId, 16)}</code>
            </button>
            <TagList tags={link.attributes ?? []} />
          </li>
        )}
      </List>
      <section className={styles.section} aria-label="Ids">
        <p className={styles.support}>
          span <code>{span.spanId}</code>
          {span.parentSpanId === '' ? ', a root' : ', below '}
          <code>{span.parentSpanId}</code>
        </p>
      </section>
    </>
  );
}

/** Nanoseconds between a moment and the trace's start. */
function sinceStart(timeNs: string, startNs: string): number {
  return compareNanoseconds(timeNs, startNs) === 0 ? 0 : Number(BigInt(timeNs) - BigInt(startNs));
}

function Tags({ name, tags }: { readonly name: string; readonly tags: readonly Attribute[] }) {
  if (tags.length === 0) return null;
  return (
    <section className={styles.section} aria-label={name}>
      <h3>
        {name} <span>{tags.length}</span>
      </h3>
      <TagList tags={tags} />
    </section>
  );
}

function TagList({ tags }: { readonly tags: readonly Attribute[] }) {
  if (tags.length === 0) return null;
  const others = tags.length - maxTags;
  return (
    <>
      <dl className={styles.tags}>
        {tags.slice(0, maxTags).map((tag, index) => (
          <div key={index}>
            <dt>{plainText(tag.key, 120)}</dt>
            <dd title={tag.type}>
              {tag.type === 'binary' ? (
                `${plainText(tag.value, 120)} (base64)`
              ) : (
                <ServerText text={tag.value} max={maxValue} />
              )}
            </dd>
          </div>
        ))}
      </dl>
      {others > 0 ? <p className={styles.more}>{others} more are not shown.</p> : null}
    </>
  );
}

interface ListProps<Item> {
  readonly name: string;
  readonly of: readonly Item[];
  readonly most: number;
  readonly children: (item: Item, index: number) => ReactNode;
}

function List<Item>({ name, of, most, children }: ListProps<Item>) {
  if (of.length === 0) return null;
  return (
    <section className={styles.section} aria-label={name}>
      <h3>
        {name} <span>{of.length}</span>
      </h3>
      <ul>{of.slice(0, most).map(children)}</ul>
      {of.length > most ? <p className={styles.more}>{of.length - most} more are not shown.</p> : null}
    </section>
  );
}
