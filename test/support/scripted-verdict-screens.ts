import type { Page } from 'playwright';
import type { IncidentRow } from '#shared/model/incident.ts';
import { hourMs, minuteMs } from '#shared/time.ts';
import type { ScriptedCore } from './scripted-core.ts';
import { hostileText } from './scripted-hostile.ts';
import { inboxShown, night, type ScreenState } from './scripted-screens.ts';
import { nightState } from './scripted-world.ts';

/** What is said of incidents: the dialogs that ask for a word more, and what incidents look like then. */

/** The night, with some of its incidents otherwise. */
function nightWith(change: (row: IncidentRow, nowMs: number) => IncidentRow): () => ScriptedCore {
  return () => {
    const nowMs = Date.now();
    const { incidents, details } = nightState(nowMs);
    const changed = new Map(incidents.map((row) => [row.id, change(row, nowMs)]));
    const withRow = [...details].map(
      ([id, detail]) => [id, { ...detail, row: changed.get(id) ?? detail.row }] as const,
    );
    return night({ incidents: [...changed.values()], details: new Map(withRow) });
  };
}

async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  await inboxShown(page);
  for (const key of keys) await page.keyboard.press(key);
}

async function asked(page: Page, ...keys: readonly string[]): Promise<void> {
  await press(page, ...keys);
  await page.getByRole('dialog').waitFor();
}

const said = nightWith((row, nowMs) => {
  const by = { by: 'a.okafor', atMs: nowMs - 20 * minuteMs };
  switch (row.id) {
    case 412:
      return { ...row, forgotten: { ...by, by: 'm.lindqvist', cameBackAtMs: nowMs }, assignedTo: 'd.moreau' };
    case 413:
      return { ...row, snoozed: { ...by, untilMs: nowMs + hourMs } };
    case 414:
      return { ...row, snoozed: { ...by, untilMs: null } };
    case 398:
      return { ...row, noise: by };
    default:
      return row;
  }
});

const merged = nightWith((row) => ([413, 414, 391].includes(row.id) ? { ...row, mergedInto: 412 } : row));

const hostile = nightWith((row) => ({
  ...row,
  title: row.id === 412 ? row.title : hostileText,
  assignedTo: hostileText.slice(0, 200),
  service: hostileText,
}));

export const verdictStates: Readonly<Record<string, ScreenState>> = {
  'verdict-snooze-asked': { core: night, arrange: (page) => asked(page, 'z') },
  'verdict-assign-asked': { core: said, arrange: (page) => asked(page, 'e') },
  'verdict-merge-asked': { core: night, arrange: (page) => asked(page, 'm') },
  'verdict-merge-marked-asked': { core: night, arrange: (page) => asked(page, 'x', 'j', 'j', 'X', 'm') },
  'verdict-split-asked': { core: night, arrange: (page) => asked(page, 't') },
  'verdict-unmerge-asked': { core: merged, arrange: (page) => asked(page, 'M') },
  'verdict-note-many-asked': { core: night, arrange: (page) => asked(page, '*', 'n') },
  'verdict-hostile': { core: hostile, arrange: (page) => asked(page, 'm') },
  'verdict-said-live': { core: said, arrange: (page) => press(page) },
  'incident-said-live': {
    core: said,
    arrange: async (page) => {
      await press(page, 'Enter');
      await page.getByText(/came back from m\.lindqvist/).waitFor();
    },
  },
  'incident-merged-live': {
    core: merged,
    arrange: async (page) => {
      await press(page, 'Enter');
      await page.getByText('Has the alerts of').waitFor();
    },
  },
  'incident-in-another-live': {
    core: merged,
    at: '#/incident/413',
    arrange: async (page) => {
      await page.getByText('merged into INC-412, which has its alerts').waitFor();
    },
  },
};
