import { useEffect, useRef, useState } from 'react';
import type { IncidentRow } from '#shared/model/incident.ts';
import { plainText } from '#shared/text.ts';
import { useLive } from '../app.ts';

/** How long new incidents are gathered before they are said: one sentence, not one each. */
const gatherMs = 3_000;

/** Says new incidents to a screen reader, sparingly; it draws nothing. */
export function Announcer() {
  const incidents = useLive((state) => state.incidents);
  const known = useRef<ReadonlySet<number>>(null);
  const waiting = useRef<IncidentRow[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [words, setWords] = useState('');

  useEffect(() => {
    if (incidents === null) return;
    const before = known.current;
    known.current = new Set(incidents.map((row) => row.id));
    if (before === null) return;
    waiting.current.push(...incidents.filter((row) => !before.has(row.id) && row.state === 'firing'));
    if (waiting.current.length === 0 || timer.current !== undefined) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      setWords(announcement(waiting.current.splice(0)));
    }, gatherMs);
  }, [incidents]);
  useEffect(() => () => clearTimeout(timer.current), []);

  return (
    <p className="unseen" aria-live="polite">
      {words}
    </p>
  );
}

function announcement(rows: readonly IncidentRow[]): string {
  const [first] = rows;
  if (first === undefined) return '';
  const words = `${first.severity.word}: ${plainText(first.title, 120)} ${plainText(first.service, 60)}`;
  return rows.length === 1 ? `New incident, ${words}` : `${rows.length} new incidents, the first ${words}`;
}
