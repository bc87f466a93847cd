import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { useApp, useLive, useTimed } from '../../app.ts';
import { followAlerts } from '../../bridge/alert-feed.ts';
import { requestPaging, requestTree, subjectOf } from '../../bridge/routing-feed.ts';
import { isReachable } from '../../stores/live.ts';
import type { RoutingState } from '../../stores/routing.ts';
import { readLabelLine } from '../../parts/label-line.ts';

/** Follows a part of the routing store; `select` must give equal values for an equal state. */
export function useRouting<Part>(select: (state: RoutingState) => Part): Part {
  return useStore(useApp().routing, select);
}

/** While somebody writes, what stands there for a moment is not asked about. */
const pauseMs = 120;
/** Time moves mutes too, and other alerts begin to inhibit: asked again this often at least. */
const againMs = 15_000;

/** Asks for the tree that is looked at and about the labels that are written, and again as things move. */
export function useQuestions(): void {
  const { routing, core, live } = useApp();
  const source = useRouting((state) => state.source);
  const text = useRouting((state) => state.text);
  const typed = useRouting((state) => state.typed);
  const reachable = useLive(isReachable);
  const asked = useRouting((state) => state.tree.answer?.source ?? source);
  const polledAtMs = useLive((state) => state.sources?.find(({ name }) => name === asked)?.lastSuccessAtMs);
  const state = useLive(({ sources }) => sources?.find(({ name }) => name === asked)?.state);
  const turn = useTimed((nowMs) => Math.floor(nowMs / againMs));
  // Another configuration holds since the tree was asked for.
  const isOld = useRouting(
    ({ tree, paging }) => (paging.answer?.key ?? tree.answer?.key) !== tree.answer?.key,
  );
  const read = useMemo(() => readLabelLine(typed), [typed]);

  useEffect(() => followAlerts(live, core), [live, core]);
  useEffect(() => {
    if (text !== null || !reachable) return;
    return requestTree(routing, core, source, Date.now());
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- the source comes, goes, or is configured anew
  }, [routing, core, source, text, reachable, state, isOld]);
  useEffect(() => {
    if (!reachable || !read.ok) return;
    const { labels } = read;
    let giveUp: (() => void) | undefined;
    const timer = setTimeout(() => {
      giveUp = requestPaging(routing, core, subjectOf({ source, text }), labels);
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      giveUp?.();
    };
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- with each poll and turn it is a new question
  }, [routing, core, source, text, read, reachable, polledAtMs, turn]);
}
