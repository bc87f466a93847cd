import { join } from 'node:path';
import { FileWatch, signaturesToExpect } from '#core/config/file-watch.ts';
import type { JournalChange, RuleStateRecord } from '#core/store/records.ts';
import { fingerprintOf, type Labels } from '#shared/model/labels.ts';
import type { RulesView } from '#shared/model/rule.ts';
import type { ConfigurationProblem } from '#shared/model/settings.ts';
import { drop, type Result } from '#shared/result.ts';
import { minuteMs } from '#shared/time.ts';
import { GroupRunner, type Evaluated } from './group-runner.ts';
import {
  carriedOver,
  freshState,
  milestonesOf,
  recordOf,
  stateOfRecord,
  type GroupState,
  type RestoredGroup,
} from './group-state.ts';
import { localAlerts, type LocalAlerts } from './local-alerts.ts';
import type { RuleQueryService } from './query-service.ts';
import { systemRuleClock, type RuleClock } from './rule-clock.ts';
import { readRuleFolder, type RuleFolder } from './rule-folder.ts';
import { groupView } from './rule-view.ts';
import type { RuleGroup } from './rule.ts';

/**
 * Local rules: owns the groups of a folder, keeps where they stand in the journal, and tells what fires. It
 * does not know who answers its queries, nor what becomes of its alerts.
 */
export interface RuleEngineOptions {
  readonly queries: RuleQueryService;
  /** Where the groups stood when the console stopped. */
  readonly restore: readonly RuleStateRecord[];
  /** Durable when it answers. Nothing is told before. */
  readonly commit: (changes: readonly JournalChange[]) => Promise<Result<void, { readonly message: string }>>;
  /** Everything that fires now. */
  readonly onAlerts: (alerts: LocalAlerts) => void;
  /** As `onAlerts`, where no question was answered: only what is doubted in it is news. */
  readonly onDoubt: (alerts: LocalAlerts) => void;
  /** The view is another. */
  readonly onChanged: () => void;
  readonly clock?: RuleClock;
}

export interface RuleEngineConfiguration {
  /** Absolute; empty for no local rules. */
  readonly folder: string;
  /** The address of the Prometheus that answers, for the links in alerts. */
  readonly prometheusUrl: string;
  readonly sourceName: string;
}

interface Kept {
  readonly milestones: string;
  readonly atMs: number;
}

const noRules: RuleEngineConfiguration = { folder: '', prometheusUrl: '', sourceName: '' };

export class RuleEngine {
  readonly #options: RuleEngineOptions;
  readonly #clock: RuleClock;
  readonly #runners = new Map<string, GroupRunner>();
  /** States of groups that no file has now: from the last run, or of a file that cannot be read. */
  readonly #parked = new Map<string, GroupState>();
  readonly #kept = new Map<string, Kept>();
  /** By group, fingerprints of alerts whose end nobody saw, until they are told; in the journal till then. */
  readonly #unknownEnds = new Map<string, readonly string[]>();
  #toldDoubts = '';
  #configuration = noRules;
  #problems: readonly ConfigurationProblem[] = [];
  #restoreProblems: readonly ConfigurationProblem[] = [];
  #watch: FileWatch | null = null;
  #isStarted = false;
  /** Reading the folder and stopping, one after another. */
  #last: Promise<void> = Promise.resolve();

  constructor(options: RuleEngineOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemRuleClock;
    const problems: ConfigurationProblem[] = [];
    for (const record of options.restore) {
      const state = stateOfRecord(record);
      if (state.ok) this.#restore(record.group, state.value);
      else problems.push(damagedProblem(record.group, state.failure));
    }
    this.#restoreProblems = problems;
  }

  #restore(group: string, { unknownEnds, ...state }: RestoredGroup): void {
    this.#parked.set(group, state);
    if (unknownEnds.length > 0) this.#unknownEnds.set(group, unknownEnds);
  }

  /** Puts a folder and a source in force; at once where the engine runs. */
  configure(configuration: RuleEngineConfiguration): void {
    const isOther = configuration.folder !== this.#configuration.folder;
    this.#configuration = configuration;
    if (!this.#isStarted) return;
    if (isOther) this.#unwatch();
    drop(this.reload(), 'reading the folder handles its own failures');
  }

  start(): void {
    this.#isStarted = true;
    drop(this.reload(), 'reading the folder handles its own failures');
  }

  /** Resolves when nothing runs any more; where the groups stand is in the journal. */
  async stop(): Promise<void> {
    this.#isStarted = false;
    this.#unwatch();
    await this.#inTurn(async () => {
      await Promise.all([...this.#runners.values()].map((runner) => runner.stop()));
      for (const [key, { untoldEnds }] of this.#runners) this.#noteEnds(key, untoldEnds);
      await this.#keep([...this.#runners.values()]);
    });
  }

  /** Reads the folder again, now. Groups that did not change go on untouched. */
  reload(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#isStarted) return;
      const { folder } = this.#configuration;
      if (folder === '') return this.#adopt({ groups: [], refusedFiles: new Set(), problems: [], paths: [] });
      const read = await this.#readWatched(folder);
      if (this.#isStarted) await this.#adopt(read);
    });
  }

  view(): RulesView {
    const { folder, sourceName } = this.#configuration;
    return {
      folder,
      source: sourceName,
      groups: [...this.#runners.values()].map(groupView),
      problems: [...this.#restoreProblems, ...this.#problems, ...this.#unknownServer()],
    };
  }

  /** Of the rules that raise alerts, each once. */
  expressions(): string[] {
    const rules = [...this.#runners.values()].flatMap(({ group }) => group.rules);
    const alerting = rules.filter(({ kind }) => kind === 'alerting');
    return [...new Set(alerting.map(({ expression }) => expression))];
  }

  /** Templates that say what nobody here knows: they go on, and leave it empty. */
  #unknownServer(): ConfigurationProblem[] {
    const { problem } = this.#options.queries.surroundings();
    if (problem === '') return [];
    const message = `external labels and address of the server are not known, and are left empty: ${problem}`;
    return [...this.#runners.values()].flatMap(({ group: { file, rules } }) =>
      rules.flatMap(({ serverNamedAt, name }) =>
        serverNamedAt === null
          ? []
          : [{ severity: 'warning', file, ...serverNamedAt, path: name, message, accepted: '' } as const],
      ),
    );
  }

  async #readWatched(folder: string): Promise<RuleFolder> {
    // Signatures first: a change between the two is seen as one.
    const known = await signaturesToExpect([folder]);
    const read = await readRuleFolder(folder);
    const files = await signaturesToExpect(read.paths);
    this.#watch ??= new FileWatch({
      path: join(folder, 'rules.yml'),
      onChange: () => drop(this.reload(), 'reading the folder handles its own failures'),
      pollMs: 5_000,
      quietMs: 200,
    });
    this.#watch.expect(new Map([...known, ...files]));
    return read;
  }

  async #adopt({ groups, refusedFiles, problems }: RuleFolder): Promise<void> {
    this.#problems = problems;
    const wanted = new Map(groups.map((group) => [group.key, group]));
    // A file that is broken, or a folder that cannot be read, takes nothing out of force: as in Prometheus.
    const goesOn = (key: string): boolean => refusedFiles === null || refusedFiles.has(fileOf(key));
    for (const [key, runner] of this.#runners) {
      const group = wanted.get(key);
      if (group?.signature === runner.group.signature || (group === undefined && goesOn(key))) continue;
      await runner.stop();
      this.#noteEnds(key, runner.untoldEnds);
      this.#runners.delete(key);
      this.#parked.set(key, runner.state);
    }
    for (const group of wanted.values()) if (!this.#runners.has(group.key)) this.#run(group);
    const removed = [...this.#parked.keys()].filter((key) => !goesOn(key));
    for (const key of removed) this.#parked.delete(key);
    if (removed.length > 0) await this.#remove(removed);
    this.#options.onChanged();
  }

  #run(group: RuleGroup): void {
    const before = this.#parked.get(group.key);
    this.#parked.delete(group.key);
    const state = before === undefined ? freshState(group) : carriedOver(group, before);
    const { queries } = this.#options;
    const runner = new GroupRunner({
      group,
      state,
      queries,
      clock: this.#clock,
      answerer: () => this.#configuration.prometheusUrl,
      onEvaluated: (evaluatedRunner, evaluated) => this.#evaluated(evaluatedRunner, evaluated),
    });
    this.#runners.set(group.key, runner);
    runner.start();
  }

  async #evaluated(runner: GroupRunner, { answered, unknownEnds }: Evaluated): Promise<void> {
    const { key } = runner.group;
    this.#noteEnds(key, unknownEnds);
    const kept = this.#kept.get(key);
    const milestones = milestonesOf(runner.state);
    // Between milestones the journal may lag: what it has is evaluated again from there, to the same end.
    const isDue = kept?.milestones !== milestones || this.#clock.nowMs() - kept.atMs >= minuteMs;
    const isKept = !isDue || (await this.#keep([runner]));
    if (answered && isKept && this.#isStarted) this.#tell();
    else if (this.#isStarted) this.#tellDoubts();
    this.#options.onChanged();
  }

  #noteEnds(group: string, ends: readonly Labels[]): void {
    if (ends.length === 0) return;
    this.#unknownEnds.set(group, [...(this.#unknownEnds.get(group) ?? []), ...ends.map(fingerprintOf)]);
  }

  /** @returns whether where they stand is durable. */
  async #keep(runners: readonly GroupRunner[]): Promise<boolean> {
    const moved = runners.filter(({ state }) => state.lastSlotAtMs !== null);
    if (moved.length === 0) return true;
    const kept = moved.map(
      ({ group, state }) =>
        [group.key, { milestones: milestonesOf(state), atMs: this.#clock.nowMs() }] as const,
    );
    const written = await this.#options.commit(
      moved.map(({ group, state }) => ({
        kind: 'rule-group',
        record: recordOf(group.key, state, this.#unknownEnds.get(group.key) ?? []),
      })),
    );
    if (written.ok) for (const [key, value] of kept) this.#kept.set(key, value);
    return written.ok;
  }

  async #remove(groups: readonly string[]): Promise<void> {
    for (const key of groups) this.#kept.delete(key);
    const written = await this.#options.commit([{ kind: 'rule-groups-removed', groups }]);
    if (written.ok) this.#tell();
  }

  #tell(): void {
    // Of a group that is still catching up what is gone from its state is told with it, and once more when it is done.
    const catchingUp = [...this.#runners.values()].flatMap(({ untoldEnds }) => untoldEnds.map(fingerprintOf));
    this.#options.onAlerts(this.#alerts([...this.#unknownEnds.values(), catchingUp].flat()));
    this.#unknownEnds.clear();
    this.#toldDoubts = '';
  }

  /** A rule that fails is told once, not at each of its slots. */
  #tellDoubts(): void {
    const told = this.#alerts([]);
    const doubted = told.alerts.filter(({ doubt }) => doubt !== undefined);
    const doubts = doubted.map(({ fingerprint }) => fingerprint).join(' ');
    if (doubts === this.#toldDoubts) return;
    this.#toldDoubts = doubts;
    if (doubted.length > 0) this.#options.onDoubt({ ...told, alerts: doubted });
  }

  #alerts(unknownEnds: readonly string[]): LocalAlerts {
    const running = [...this.#runners.values()].map(({ group, state }) => ({
      state,
      expressions: group.rules.map(({ expression }) => expression),
      intervalMs: group.intervalMs,
    }));
    // Of a group whose file is broken nobody says that its alerts ended.
    const parked = [...this.#parked.values()].map((state) => ({ state, expressions: [], intervalMs: 0 }));
    const { prometheusUrl } = this.#configuration;
    return localAlerts([...running, ...parked], prometheusUrl, this.#clock.nowMs(), unknownEnds);
  }

  #unwatch(): void {
    this.#watch?.stop();
    this.#watch = null;
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

function fileOf(key: string): string {
  // A file name may hold a semicolon before its ending, never after it.
  return key.slice(0, key.search(/(?<=\.ya?ml);/) === -1 ? key.indexOf(';') : key.search(/(?<=\.ya?ml);/));
}

function damagedProblem(group: string, why: string): ConfigurationProblem {
  const [file = '', name = ''] = group.split(';');
  const message = `the kept state of group "${name}" was damaged (${why}); its alerts start from scratch`;
  return { severity: 'warning', file, line: 1, column: 1, path: '', message, accepted: '' };
}
