import { useEffect } from 'react';
import { startTour } from '../actions/tour.ts';
import { useApp, useLive, usePreferences, useSession } from '../app.ts';
import { useLate } from '../ui/use-late.ts';
import { parts } from './late/parts.ts';

/** The tour of the keys, once it is wanted: at the first start, where there is a demo fleet to try them on. */
export function LateTour() {
  const app = useApp();
  const isOn = useSession((state) => state.tourStep !== null);
  const isFirst = usePreferences((state) => !state.tourSeen);
  const hasDemo = useLive((state) => state.console?.demo === true && (state.incidents?.length ?? 0) > 0);
  useEffect(() => {
    if (isFirst && hasDemo && app.session.getState().tourStep === null) startTour(app);
  }, [app, isFirst, hasDemo]);
  return isOn ? <Wanted /> : null;
}

function Wanted() {
  const state = useLate(parts.tour);
  return state.kind === 'here' ? <state.module.TourPanel /> : null;
}
