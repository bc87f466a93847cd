import {
  contract,
  topics as topicDefinitions,
  type Commands,
  type CommandName,
  type TopicName,
} from '#shared/contract.ts';
import { commandFailure, type CommandFailure } from '#shared/failure.ts';
import type { Link } from '#shared/link.ts';
import type { AlertFacts, IncidentAlerts } from '#shared/model/alert-facts.ts';
import type { IncidentSigns } from '#shared/model/incident-signs.ts';
import type { ConsoleStatus } from '#shared/model/console.ts';
import type { IncidentDetail, IncidentRow, TimelineEntry } from '#shared/model/incident.ts';
import type { LogTail, LogTailPatch } from '#shared/model/log.ts';
import type { RulesView } from '#shared/model/rule.ts';
import { stepEntry } from '#shared/model/runbook.ts';
import type { SettingsView } from '#shared/model/settings.ts';
import type { OutboxEntry, Silence } from '#shared/model/silence.ts';
import type { SourceHealth } from '#shared/model/source.ts';
import { noViews, type SavedViews } from '#shared/model/view.ts';
import { failed, success, type Result } from '#shared/result.ts';
import type { InputOf, OutputOf } from '#shared/rpc/definition.ts';
import { RpcServer, type Handlers, type TopicSource } from '#shared/rpc/server.ts';
import type { verdictCommands } from '#shared/verdict-commands.ts';
import { alertFacts, consoleStatus } from './models.ts';
import { questions, type Question } from './scripted-questions.ts';

/**
 * A core whose whole state a test writes: every screen can be shown in every state, over the real
 * protocol, without a server or a store. It decides nothing by itself but the obvious: an acknowledgement
 * shows in the row, a note in the timeline.
 */

export interface ScriptedState {
  readonly console: ConsoleStatus;
  readonly incidents: readonly IncidentRow[];
  readonly signs: readonly IncidentSigns[];
  readonly sources: readonly SourceHealth[];
  readonly details: ReadonlyMap<number, IncidentDetail>;
  readonly settings: SettingsView;
  readonly rules: RulesView;
  readonly views: SavedViews;
  readonly silences: readonly Silence[];
  readonly outbox: readonly OutboxEntry[];
  /** By the id that `logs.tail` answers. */
  readonly tails: ReadonlyMap<string, LogTail>;
  /** What filters ask of the alerts of an incident; else one alert that is as its row says. */
  readonly facts: ReadonlyMap<number, readonly Partial<AlertFacts>[]>;
}

type Answer<Name extends CommandName> = Result<OutputOf<Commands[Name]>, CommandFailure>;

export interface ScriptedAnswers {
  readonly chart: (input: InputOf<Commands['incident.chart']>) => Answer<'incident.chart'>;
  readonly describe: (name: string) => Answer<'source.describe'>;
  readonly test: () => Answer<'source.test'>;
  /** Answers of the commands that only ask; one that is not scripted fails as `not-found`. */
  readonly on: ScriptedQuestions;
  /** Failures to answer commands with instead of doing them. */
  readonly refuse: ReadonlyMap<CommandName, CommandFailure>;
  /** Commands that are never answered: the window shows what it shows while it waits. */
  readonly hold: ReadonlySet<CommandName>;
}

export type ScriptedQuestions = {
  readonly [Name in Question]?: (input: InputOf<Commands[Name]>) => Answer<Name>;
};

export interface RecordedCall {
  readonly command: CommandName;
  readonly input: unknown;
}

interface Follower {
  readonly topic: TopicName;
  readonly key: string;
  readonly onPatch: (patch: unknown) => void;
}

const nothingKnown: ScriptedAnswers = {
  chart: () => failed(commandFailure('not-found', 'no chart was scripted', 'Script one.')),
  describe: () => success({ facts: [] }),
  test: () => success({ asks: [], steps: [] }),
  on: {},
  refuse: new Map(),
  hold: new Set(),
};

export function emptyState(): ScriptedState {
  return {
    console: consoleStatus(),
    incidents: [],
    signs: [],
    sources: [],
    details: new Map(),
    settings: {
      path: consoleStatus().configuration.path,
      exists: true,
      demo: false,
      environment: 'production',
      operator: 'a.okafor',
      groupBy: ['alertname', 'service'],
      sources: [],
      problems: [],
    },
    rules: { folder: '', source: '', groups: [], problems: [] },
    views: noViews,
    silences: [],
    outbox: [],
    tails: new Map(),
    facts: new Map(),
  };
}

export class ScriptedCore {
  readonly calls: RecordedCall[] = [];
  #state: ScriptedState;
  #answers: ScriptedAnswers;
  /** Nobody is served: a window sees what it sees before the first answer. */
  readonly #silent: boolean;
  readonly #followers = new Set<Follower>();

  constructor(
    state: Partial<ScriptedState> = {},
    answers: Partial<ScriptedAnswers> = {},
    options: { readonly silent?: boolean } = {},
  ) {
    this.#state = { ...emptyState(), ...state };
    this.#answers = { ...nothingKnown, ...answers };
    this.#silent = options.silent ?? false;
  }

  get state(): ScriptedState {
    return this.#state;
  }

  /** Serves one window. */
  attach(link: Link): void {
    if (this.#silent) return;
    void new RpcServer(link, contract, {
      coreEpoch: this.#state.console.coreEpoch,
      handlers: this.#handlers(),
      topics: this.#topics,
      reportBug: (command, error) => {
        throw new Error(`the scripted core has a bug in ${command}`, { cause: error });
      },
    });
  }

  /** Changes what is known; windows hear of it at once. */
  update(part: Partial<ScriptedState>): void {
    const before = this.#state;
    this.#state = { ...before, ...part };
    for (const follower of this.#followers) {
      if (part[sliceOf[follower.topic]] === undefined) continue;
      follower.onPatch(this.#patch(before, follower));
    }
  }

  answer(part: Partial<ScriptedAnswers>): void {
    this.#answers = { ...this.#answers, ...part };
  }

  /** Changes rows by id, with a new revision each. */
  changeRows(
    ids: readonly number[],
    change: (row: IncidentRow) => IncidentRow,
  ): { id: number; revision: number }[] {
    const rows = this.#state.incidents.map((row) =>
      ids.includes(row.id) ? { ...change(row), revision: row.revision + 1 } : row,
    );
    const details = new Map(this.#state.details);
    for (const row of rows) {
      const detail = details.get(row.id);
      if (detail !== undefined) details.set(row.id, { ...detail, row });
    }
    this.update({ incidents: rows, details });
    return rows.filter((row) => ids.includes(row.id)).map(({ id, revision }) => ({ id, revision }));
  }

  readonly #topics: TopicSource = {
    open: (topic, key, onPatch) => {
      const name = topic as TopicName;
      const follower: Follower = { topic: name, key, onPatch };
      this.#followers.add(follower);
      const opened = {
        current: () => this.#current(this.#state, name, key),
        close: () => void this.#followers.delete(follower),
      };
      return Promise.resolve(success(opened));
    },
  };

  #current(state: ScriptedState, topic: TopicName, key: string): unknown {
    if (topic === 'incident') return state.details.get(Number(key)) ?? null;
    if (topic === 'alerts') return alertsOf(state);
    return topic === 'logTail' ? state.tails.get(key) : state[topic];
  }

  #patch(before: ScriptedState, { topic, key }: Follower): unknown {
    if (topic === 'logTail') return tailPatch(before.tails.get(key), this.#state.tails.get(key));
    if (topic === 'alerts') {
      return { upsert: alertsOf(this.#state).flatMap(({ alerts }) => alerts), forget: [] };
    }
    if (!isCollection(topic)) return this.#current(this.#state, topic, key);
    const keyOf = topicDefinitions[topic].keyOf as (row: unknown) => string;
    const kept = new Set(this.#state[topic].map(keyOf));
    return {
      upsert: this.#state[topic],
      remove: before[topic].map(keyOf).filter((rowKey) => !kept.has(rowKey)),
    };
  }

  #handlers(): Handlers<Commands> {
    return {
      ...this.#questions(),
      ...this.#verdicts(),
      'runbook.check': this.#command('runbook.check', ({ id, step, isDone }) =>
        this.#tell([id], stepEntry(step, isDone)),
      ),
      'incident.chart': this.#command('incident.chart', (input) => this.#answers.chart(input)),
      'notification.opened': this.#command('notification.opened', () => success({})),
      'notifications.pause': this.#command('notifications.pause', ({ minutes }) => {
        const untilMs = minutes === null ? null : Date.now() + minutes * 60_000;
        this.update({ console: { ...this.#state.console, notificationsPausedUntilMs: untilMs } });
        return success({});
      }),
      'views.save': this.#command('views.save', ({ views, carriedOver }) => {
        if (!carriedOver || !this.#state.views.wereSaved) this.update({ views: { views, wereSaved: true } });
        return success(this.#state.views);
      }),
      'source.poll': this.#command('source.poll', () => success({})),
      'source.describe': this.#command('source.describe', ({ name }) => this.#answers.describe(name)),
      'source.test': this.#command('source.test', () => this.#answers.test()),
      'settings.read': this.#command('settings.read', () => success(this.#state.settings)),
      'settings.saveSource': this.#command('settings.saveSource', (input) => this.#saveSource(input)),
      'settings.removeSource': this.#command('settings.removeSource', ({ name }) =>
        this.#saveSources(this.#state.settings.sources.filter((source) => source.draft.name !== name)),
      ),
      'audit.export': this.#command('audit.export', () =>
        success({ path: '/home/te/opssight/exports/audit-20261121T031208000Z.jsonl', lines: 214 }),
      ),
      'notice.dismiss': this.#command('notice.dismiss', ({ id }) => {
        const { console } = this.#state;
        this.update({
          console: { ...console, notices: console.notices.filter((notice) => notice.id !== id) },
        });
        return success({});
      }),
    };
  }

  #verdicts(): Pick<Handlers<Commands>, keyof typeof verdictCommands> {
    const rows = (ids: readonly number[], change: (row: IncidentRow) => IncidentRow) =>
      success({ changed: this.changeRows(ids, change) });
    const now = () => ({ by: this.#state.console.operator, atMs: Date.now() });
    const merged = (ids: readonly number[], mergedInto: number | null) =>
      rows(ids, (row) => ({ ...row, mergedInto }));
    return {
      'incident.acknowledge': this.#command('incident.acknowledge', ({ ids, silence }) =>
        rows(ids, (row) => ({ ...row, acknowledged: now(), holdsSilence: silence })),
      ),
      'incident.release': this.#command('incident.release', ({ ids }) =>
        rows(ids, (row) => ({ ...row, acknowledged: null, holdsSilence: false })),
      ),
      'incident.snooze': this.#command('incident.snooze', ({ ids, untilMs }) =>
        rows(ids, (row) => ({ ...row, snoozed: { ...now(), untilMs } })),
      ),
      'incident.wake': this.#command('incident.wake', ({ ids }) =>
        rows(ids, (row) => ({ ...row, snoozed: null })),
      ),
      'incident.assign': this.#command('incident.assign', ({ ids, to }) =>
        rows(ids, (row) => ({ ...row, assignedTo: to })),
      ),
      'incident.markNoise': this.#command('incident.markNoise', ({ ids, noise }) =>
        rows(ids, (row) => ({ ...row, noise: noise ? now() : null })),
      ),
      'incident.merge': this.#command('incident.merge', ({ ids, into }) => merged(ids, into)),
      'incident.unmerge': this.#command('incident.unmerge', ({ ids }) => merged(ids, null)),
      'incident.split': this.#command('incident.split', ({ id }) =>
        success({ changed: this.changeRows([id], (row) => row), created: id + 1_000 }),
      ),
      'incident.rejoin': this.#command('incident.rejoin', ({ ids }) => rows(ids, (row) => row)),
      'incident.note': this.#command('incident.note', ({ ids, text }) =>
        this.#tell(ids, { kind: 'note', text: 'Note', detail: text }),
      ),
      'incident.close': this.#command('incident.close', ({ ids }) =>
        rows(ids, (row) => ({ ...row, resolvedAtMs: Date.now(), snoozed: null })),
      ),
      'incident.reopen': this.#command('incident.reopen', ({ ids }) =>
        rows(ids, (row) => ({ ...row, resolvedAtMs: null })),
      ),
    };
  }

  #questions(): Pick<Handlers<Commands>, Question> {
    const answers = questions.map((name) => [
      name,
      this.#command(name, (input) => {
        const answer = this.#answers.on[name] as ((input: unknown) => Answer<typeof name>) | undefined;
        if (answer !== undefined) return answer(input);
        return failed(commandFailure('not-found', `no answer of ${name} was scripted`, 'Script one.'));
      }),
    ]);
    return Object.fromEntries(answers) as Pick<Handlers<Commands>, Question>;
  }

  #command<Name extends CommandName>(
    command: Name,
    act: (input: InputOf<Commands[Name]>) => Answer<Name>,
  ): (input: InputOf<Commands[Name]>) => Promise<Answer<Name>> {
    return (input) => {
      this.calls.push({ command, input });
      if (this.#answers.hold.has(command)) return new Promise(() => undefined);
      const refusal = this.#answers.refuse.get(command);
      return Promise.resolve(refusal === undefined ? act(input) : failed(refusal));
    };
  }

  #tell(
    ids: readonly number[],
    told: Pick<TimelineEntry, 'kind' | 'text' | 'detail'>,
  ): Answer<'incident.note'> {
    const details = new Map(this.#state.details);
    for (const id of ids) {
      const detail = details.get(id);
      if (detail === undefined) continue;
      const entry = {
        id: detail.timeline.length + 1_000,
        atMs: Date.now(),
        ...told,
        by: this.#state.console.operator,
        of: null,
      };
      details.set(id, { ...detail, timeline: [...detail.timeline, entry] });
    }
    this.update({ details });
    return success({ changed: this.changeRows(ids, (row) => row) });
  }

  #saveSource({ draft, replaces }: InputOf<Commands['settings.saveSource']>): Answer<'settings.saveSource'> {
    const others = this.#state.settings.sources.filter(
      (source) => source.draft.name !== replaces && source.draft.name !== draft.name,
    );
    return this.#saveSources([...others, { draft, line: 12, secrets: [] }]);
  }

  #saveSources(sources: SettingsView['sources']): Result<SettingsView, CommandFailure> {
    this.update({ settings: { ...this.#state.settings, sources, exists: true, demo: false } });
    return success(this.#state.settings);
  }
}

const sliceOf = {
  console: 'console',
  incidents: 'incidents',
  alerts: 'incidents',
  sources: 'sources',
  signs: 'signs',
  incident: 'details',
  rules: 'rules',
  views: 'views',
  silences: 'silences',
  outbox: 'outbox',
  logTail: 'tails',
} as const satisfies Record<TopicName, keyof ScriptedState>;

function isCollection(topic: TopicName): topic is 'incidents' | 'signs' | 'sources' | 'silences' | 'outbox' {
  return 'keyOf' in topicDefinitions[topic];
}

function alertsOf({ incidents, facts }: ScriptedState): IncidentAlerts[] {
  return incidents.map((row) => ({
    incidentId: row.id,
    alerts: (facts.get(row.id) ?? [{}]).map((part, index) =>
      alertFacts(row, { fingerprint: `${row.id}-${index}`, ...part }),
    ),
  }));
}

/** What a tail has more than before: its newest lines and streams, and its state. */
function tailPatch(before: LogTail | undefined, tail: LogTail | undefined): LogTailPatch | undefined {
  if (tail === undefined) return undefined;
  const { source: _source, query: _query, streams, lines, ...status } = tail;
  return {
    ...status,
    streams: streams.slice(before?.streams.length ?? 0),
    lines: lines.slice(before?.lines.length ?? 0),
  };
}
