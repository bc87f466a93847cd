import type { CommandFailure } from '#shared/failure.ts';
import type { Labels } from '#shared/model/labels.ts';
import type { RoutingSubject } from '#shared/model/routing.ts';
import { failed, success, type Result } from '#shared/result.ts';
import type { OpenedText, RoutingStore } from '../stores/routing.ts';
import { nothingAsked } from '../stores/traces.ts';
import type { LinkedCore } from './core-calls.ts';

/** Asks how alerts are routed, and writes what becomes of it. */

export function subjectOf({
  source,
  text,
}: {
  readonly source: string;
  readonly text: OpenedText | null;
}): RoutingSubject {
  return text === null ? { kind: 'source', name: source } : { kind: 'text', key: text.key };
}

/** Asks for the tree of a source; what was shown stays until the answer. @returns a function that gives it up. */
export function requestTree(
  store: RoutingStore,
  core: LinkedCore,
  source: string,
  nowMs: number,
): () => void {
  const controller = new AbortController();
  store.setState(({ tree }) => ({ tree: { ...tree, askedAtMs: nowMs } }));
  void core.call('routing.tree', { source }, { signal: controller.signal }).then((answer) => {
    if (controller.signal.aborted) return;
    store.setState(({ tree }) => ({
      tree: answer.ok
        ? { answer: answer.value, failure: null, askedAtMs: null }
        : { ...tree, failure: answer.failure, askedAtMs: null },
    }));
  });
  return () => controller.abort();
}

/** Asks what the configuration means for these labels. @returns a function that gives it up. */
export function requestPaging(
  store: RoutingStore,
  core: LinkedCore,
  subject: RoutingSubject,
  labels: Labels,
): () => void {
  const controller = new AbortController();
  void core.call('routing.explain', { subject, labels }, { signal: controller.signal }).then((answer) => {
    if (controller.signal.aborted) return;
    store.setState(({ paging }) => ({
      paging: answer.ok
        ? { answer: answer.value, failure: null, askedAtMs: null }
        : { ...paging, failure: answer.failure, askedAtMs: null },
    }));
  });
  return () => controller.abort();
}

/** Has a text read that a person opened, and shows its tree. */
export async function openText(
  store: RoutingStore,
  core: LinkedCore,
  name: string,
  text: string,
): Promise<Result<void, CommandFailure>> {
  const answer = await core.call('routing.read', { text });
  if (!answer.ok) return failed(answer.failure);
  store.setState({
    text: { key: answer.value.key, name },
    tree: { answer: answer.value, failure: null, askedAtMs: null },
    paging: nothingAsked,
    cursor: null,
    isOpening: false,
  });
  return success(undefined);
}
