import {
  Bell,
  BellMinus,
  BellOff,
  ChartGantt,
  Check,
  Clock,
  CornerDownLeft,
  Inbox,
  LayoutGrid,
  ListChecks,
  ListFilter,
  Rows3,
  NotebookPen,
  Plug,
  Route,
  ScrollText,
  Settings,
  type LucideIcon,
} from 'lucide-react';
import { incidentName } from '#shared/model/incident.ts';
import { plainText } from '#shared/text.ts';
import { runAndTeach } from '../actions/teach.ts';
import { openIncident } from '../actions/view.ts';
import type { App } from '../app.ts';
import { currentInbox } from '../features/inbox/inbox-model.ts';
import { viewsOf } from '../features/inbox/saved-views.ts';
import type { PaletteEntry } from '../features/palette/palette.tsx';
import type { CommandEntry, KeyContext } from '../keys/command-entry.ts';
import { commandOf, commandsIn, keymapOf, type CommandId } from '../keys/keymap.ts';
import { Glyph } from '../parts/glyphs.tsx';
import { overridesOf } from '../parts/use-keymap.ts';
import { isAvailable, runCommand } from './run-command.ts';

/** What the palette lists: every command that can be run here, then the incidents. */

const groupIcon: Readonly<Record<CommandEntry['group'], LucideIcon>> = {
  'This incident': Check,
  Mark: ListChecks,
  'Saved views': Rows3,
  Inbox: Rows3,
  Logs: ScrollText,
  Traces: ChartGantt,
  Overview: LayoutGrid,
  Rules: ListChecks,
  Routing: Route,
  Silences: BellMinus,
  'Go to': Inbox,
  Move: CornerDownLeft,
  Time: Clock,
  Sources: Plug,
  Console: Settings,
};

const commandIcon: Readonly<Partial<Record<CommandId, LucideIcon>>> = {
  'incident.note': NotebookPen,
  'filter.focus': ListFilter,
  'notifications.allow': Bell,
  'notifications.pause-30m': BellOff,
  'notifications.pause-1h': BellOff,
  'notifications.pause-morning': BellOff,
  'notifications.resume': Bell,
  'incident.silence': BellMinus,
  'go.silences': BellMinus,
  'go.sources': Plug,
  'go.settings': Settings,
};

/** The order in which the groups are shown: what is at hand first. */
const groups: readonly CommandEntry['group'][] = [
  'This incident',
  'Mark',
  'Saved views',
  'Inbox',
  'Logs',
  'Traces',
  'Overview',
  'Rules',
  'Routing',
  'Silences',
  'Go to',
  'Sources',
  'Time',
  'Console',
  'Move',
];

export function paletteEntries(app: App, context: KeyContext): readonly PaletteEntry[] {
  const keymap = keymapOf(overridesOf(app.preferences.getState().keys));
  const commands = commandsIn(context)
    .filter((id) => id !== 'palette.open' && isAvailable(app, id))
    .sort((left, right) => groups.indexOf(commandOf(left).group) - groups.indexOf(commandOf(right).group))
    .map((id): PaletteEntry => {
      const { title, group } = commandOf(id);
      const Icon = commandIcon[id] ?? groupIcon[group];
      return {
        id,
        group,
        title: viewNameOf(app, id) ?? title,
        hint: '',
        chord: keymap.get(id)?.[0],
        icon: <Icon size={16} strokeWidth={1.75} aria-hidden="true" />,
        run: () => runAndTeach(app, id, keymap.get(id)?.[0], () => runCommand(app, id)),
      };
    });
  return [...commands, ...incidentEntries(app)];
}

/** A saved view is found by the name that a person gave it. */
function viewNameOf(app: App, id: CommandId): string | undefined {
  const [, number] = /^view\.choose-(\d)$/.exec(id) ?? [];
  const view = number === undefined ? undefined : viewsOf(app)[Number(number) - 1];
  return view === undefined ? undefined : `View ${plainText(view.name, 40)}`;
}

/** More are found by the filter, which is made for them. */
const maxIncidents = 1_000;

function incidentEntries(app: App): readonly PaletteEntry[] {
  const listed = currentInbox(app).items.flatMap((item) => (item.kind === 'row' ? [item.row] : []));
  return listed.slice(0, maxIncidents).map((row) => ({
    id: `incident-${row.id}`,
    group: 'Incidents',
    title: `${plainText(row.title, 80)} ${plainText(row.service, 40)}`,
    hint: `${incidentName(row.id)}, ${plainText(row.summary, 120)}`,
    chord: undefined,
    icon: (
      <Glyph
        name={row.resolvedAtMs === null ? row.severity.level : 'muted'}
        outlined={row.acknowledged !== null}
      />
    ),
    run: () => openIncident(app, row.id),
  }));
}
