import { useEffect, useState } from 'react';
import type { IncidentDetail } from '#shared/model/incident.ts';
import { useApp, useLive } from '../app.ts';
import { followIncident } from '../bridge/live.ts';

/** A cursor that runs over many rows asks for the one it stops at. */
const settleMs = 120;

/**
 * Follows an incident whole.
 * @returns undefined until it has arrived, null where there is none.
 */
export function useIncident(id: number): IncidentDetail | null | undefined {
  const { live, core } = useApp();
  const [settled, setSettled] = useState(id);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(id), settleMs);
    return () => clearTimeout(timer);
  }, [id]);
  useEffect(() => followIncident(live, core, settled), [live, core, settled]);
  return useLive((state) => (state.incident?.id === id ? state.incident.detail : undefined));
}
