import type { SilenceMatcher } from '#shared/model/silence.ts';
import type { LiveStore } from '../stores/live.ts';
import type { PreviewState, SilencesStore } from '../stores/silences.ts';
import type { LinkedCore } from './core-calls.ts';

/** Follows silences, and asks what one would hide. The outbox is followed by every window, silences are not. */

const followed = new WeakSet<LiveStore>();

/**
 * From the first look at silences on: a server may keep ten thousand of them, of which most windows never
 * show one. Not ended, for a window that looked once will again.
 */
export function followSilences(live: LiveStore, core: LinkedCore): void {
  if (followed.has(live)) return;
  followed.add(live);
  core.follow('silences', '', (silences) => live.setState({ silences }));
}

export interface PreviewQuestion {
  readonly matchers: readonly SilenceMatcher[];
  readonly cluster: string;
  /** How long it is to last; 0 where that is not decided. */
  readonly lastsMs: number;
  /** Those that it is made from; none where it is made from nothing. */
  readonly incidentIds: readonly number[];
}

/** The contract takes no more. */
const mostIncidents = 1_000;

const nothingAnswered = { answeredMatchers: [], answer: null, failure: null } as const;

/** The answer before stays until there is another one. @returns a function that gives the question up. */
export function requestPreview(
  store: SilencesStore,
  core: Pick<LinkedCore, 'call'>,
  { matchers, cluster, lastsMs, incidentIds }: PreviewQuestion,
  now: () => number,
): () => void {
  const controller = new AbortController();
  const write = (part: Partial<PreviewState>): void =>
    store.setState(({ preview }) => ({
      preview: { ...nothingAnswered, ...preview, askedAtMs: null, ...part },
    }));
  write({ askedAtMs: now() });
  const question = {
    matchers: [...matchers],
    cluster,
    ...(lastsMs > 0 ? { lastsMs } : {}),
    ...(incidentIds.length > 0 ? { incidentIds: incidentIds.slice(0, mostIncidents) } : {}),
  };
  void core.call('silence.preview', question, { signal: controller.signal }).then((answer) => {
    if (controller.signal.aborted) return;
    write(
      answer.ok
        ? { answer: answer.value, answeredMatchers: matchers, failure: null }
        : { failure: answer.failure },
    );
  });
  return () => controller.abort();
}
