import { useEffect } from 'react';
import { minuteMs } from '#shared/time.ts';
import { useApp, useLive } from '../../app.ts';
import { requestPreview } from '../../bridge/silence-feed.ts';
import { isReachable } from '../../stores/live.ts';
import type { FormSubject, PreviewState, SilenceForm } from '../../stores/silences.ts';
import { matcherOfText, textOfMatcher } from './matcher-text.ts';
import { previewedMatchers, timesOf } from './silence-form-model.ts';

/** A pause in typing: each question makes the core look through a month. */
const settleMs = 300;

/** Keeps the preview of what is typed asked for, and again when the core comes back. */
export function useAskedPreview(form: SilenceForm, subject: FormSubject): void {
  const { silences, core } = useApp();
  const reachable = useLive(isReachable);
  // The length alone: an end that is typed as a moment draws nearer all the time.
  const lastsMs = Math.round(lengthOf(form) / minuteMs) * minuteMs;
  // As text, so that a form of which nothing else changed is not asked about again.
  const asked = JSON.stringify(previewedMatchers(form) ?? null);
  const { cluster } = form;
  const madeFrom = subject.kind === 'new' ? subject.incidentIds.join() : '';
  useEffect(() => {
    const matchers = JSON.parse(asked) as ReturnType<typeof previewedMatchers> | null;
    if (matchers === null || matchers === undefined) return undefined;
    const incidentIds = madeFrom === '' ? [] : madeFrom.split(',').map(Number);
    let giveUp: () => void = () => undefined;
    const timer = setTimeout(() => {
      giveUp = requestPreview(silences, core, { matchers, cluster, lastsMs, incidentIds }, Date.now);
    }, settleMs);
    return () => {
      clearTimeout(timer);
      giveUp();
    };
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- asked again once the core is back
  }, [silences, core, asked, cluster, lastsMs, madeFrom, reachable]);
}

/** How long it would last if it were sent now; 0 while no end can be read. */
function lengthOf(form: SilenceForm): number {
  const { startsAtMs, endsAtMs } = timesOf(form, { edited: undefined, nowMs: Date.now() });
  return Math.max(0, endsAtMs - startsAtMs);
}

/** How many open alerts the matcher of a token takes, where the last answer counted it. */
export function countIn(preview: PreviewState | null, text: string): number | undefined {
  const matcher = matcherOfText(text);
  if (!matcher.ok || preview === null) return undefined;
  const wanted = textOfMatcher(matcher.value);
  const index = preview.answeredMatchers.findIndex((one) => textOfMatcher(one) === wanted);
  return preview.answer?.matcherCounts[index];
}
