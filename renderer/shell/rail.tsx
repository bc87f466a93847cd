import {
  BellOff,
  ChartGantt,
  Inbox,
  LayoutGrid,
  ListChecks,
  Plug,
  Route,
  ScrollText,
  SlidersHorizontal,
  type LucideIcon,
} from 'lucide-react';
import { useApp, useLive, useSession } from '../app.ts';
import { currentInbox } from '../features/inbox/inbox-model.ts';
import type { CommandId } from '../keys/keymap.ts';
import { useSight } from '../parts/use-sight.ts';
import type { View } from '../stores/session.ts';
import { classes } from '../ui/classes.ts';
import { severityLevels } from '#shared/model/severity.ts';
import { runCommand } from './run-command.ts';
import styles from './rail.module.css';

interface Place {
  readonly command: CommandId;
  readonly name: string;
  readonly letter: string;
  readonly icon: LucideIcon;
  readonly views: readonly View['kind'][];
}

/** At the foot of the rail: what is set up and not watched. */
const low: ReadonlySet<CommandId> = new Set(['go.sources', 'go.settings']);

const places: readonly Place[] = [
  { command: 'go.inbox', name: 'Inbox', letter: 'i', icon: Inbox, views: ['inbox', 'incident'] },
  { command: 'go.overview', name: 'Overview', letter: 'd', icon: LayoutGrid, views: ['overview'] },
  { command: 'go.logs', name: 'Logs', letter: 'l', icon: ScrollText, views: ['logs'] },
  { command: 'go.traces', name: 'Traces', letter: 't', icon: ChartGantt, views: ['traces', 'trace'] },
  { command: 'go.rules', name: 'Rules', letter: 'r', icon: ListChecks, views: ['rules'] },
  { command: 'go.routing', name: 'Routing', letter: 'a', icon: Route, views: ['routing'] },
  { command: 'go.silences', name: 'Silences', letter: 's', icon: BellOff, views: ['silences'] },
  { command: 'go.sources', name: 'Sources', letter: 'o', icon: Plug, views: ['sources'] },
  { command: 'go.settings', name: 'Settings', letter: ',', icon: SlidersHorizontal, views: ['settings'] },
];

/** The views, each with the letter that follows `g`. */
export function Rail() {
  const app = useApp();
  const current = useSession((state) => state.view.kind);
  const going = useSession((state) => state.chordStrokes[0] === 'g');
  return (
    <nav className={classes(styles.rail, going && styles.going)} aria-label="Views">
      <ul>
        {places.map(({ command, name, letter, icon: Icon, views }) => (
          <li key={command} className={classes(low.has(command) && styles.low)}>
            <button
              type="button"
              className={styles.place}
              aria-current={views.includes(current) ? 'page' : undefined}
              onClick={() => runCommand(app, command)}
            >
              <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
              <span className={styles.name}>{name}</span>
              <kbd className={styles.letter} aria-hidden="true">
                {letter}
              </kbd>
              {command === 'go.inbox' ? <InboxCount /> : null}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** How many ask for somebody: outlined where a plate says so already, unknown when blind. */
function InboxCount() {
  const app = useApp();
  const view = useSession((state) => state.view);
  useLive((state) => state.incidents);
  useLive((state) => state.signs);
  useSession((state) => state.pending);
  const blind = useSight().kind === 'blind';
  const { ledger } = currentInbox(app);
  const { asks } = ledger.counts();
  const count = asks.critical + asks.warning + asks.info;
  const level = severityLevels.find((one) => asks[one] > 0);
  const shown = view.kind === 'incident' ? ledger.entry(view.id)?.counted.asks : level;
  const plateInView = (view.kind === 'inbox' || view.kind === 'incident') && shown === 'critical';
  if (blind) return <span className={classes(styles.count, styles.blind)}>?</span>;
  if (count === 0 || level === undefined) return null;
  return (
    <span
      className={classes(styles.count, styles[level], !plateInView && level === 'critical' && styles.solid)}
    >
      <span className="unseen">, needing you: </span>
      {count > 99 ? '99+' : count}
    </span>
  );
}
