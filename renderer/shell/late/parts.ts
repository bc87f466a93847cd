import { late } from '../../ui/late.ts';

/** What of the window is fetched late: every view but the inbox, and what lies over them. The likeliest first. */
export const parts = {
  incident: late(() => import('../../features/incident/incident-view.tsx')),
  overlays: late(() => import('../overlays.tsx')),
  silences: late(() => import('./silences.ts')),
  logs: late(() => import('./logs.ts')),
  traces: late(() => import('./traces.ts')),
  overview: late(() => import('../../features/overview/overview-view.tsx')),
  rules: late(() => import('../../features/rules/rules-view.tsx')),
  routing: late(() => import('./routing.ts')),
  sources: late(() => import('../../features/sources/sources-view.tsx')),
  tour: late(() => import('../../features/tour/tour-panel.tsx')),
  settings: late(() => import('../../features/settings/settings-view.tsx')),
} as const;
