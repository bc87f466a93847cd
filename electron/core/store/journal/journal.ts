import * as v from 'valibot';
import type { CommandFailure } from '#shared/failure.ts';
import { noticeSchema, type Notice } from '#shared/model/console.ts';
import type { TimelineEntry } from '#shared/model/incident.ts';
import { assertNever, failed, success, type Result } from '#shared/result.ts';
import { schemaVersionOf, type SqliteDatabase } from '../database.ts';
import { failureOf } from '../failures.ts';
import { StatementCache } from '../statement-cache.ts';
import type {
  AlertRecord,
  IncidentRecord,
  JournalChange,
  JournalState,
  NotificationRecord,
  OutboxRecord,
  RuleStateRecord,
  TendedSilenceRecord,
  WatchRecord,
} from '../records.ts';
import {
  auditPage,
  auditPageBefore4,
  auditPageRows,
  auditRow,
  type AuditEntry,
  type AuditQuery,
} from './audit-page.ts';
import { firedBefore, firedPage, firedParameters, firedRow } from './fired-alerts.ts';
import type { FiredPage, FiredQuery } from './fired-alerts.ts';
import {
  alertRow,
  incidentRow,
  notificationRow,
  outboxRow,
  ruleGroupRow,
  settingRow,
  tendedSilenceRow,
  timelineRow,
  watchRow,
} from './rows.ts';
import * as outbox from './outbox-statements.ts';
import * as before from './statements-before.ts';
import * as sql from './statements.ts';

/**
 * Reads and writes an open journal. The storage thread owns the one that writes; the command line has one
 * over a read-only connection. It never opens, repairs or migrates: `recovery.ts` does.
 */
export interface TimelinePage {
  /** Oldest first, at most the newest `maxTimelineEntries`. */
  readonly entries: TimelineEntry[];
  /** How many the incident has. */
  readonly total: number;
}

export const maxTimelineEntries = 2_000;

export class Journal {
  readonly #database: SqliteDatabase;
  readonly #statements: StatementCache;
  readonly #onUnreadable: (what: string, rows: number) => void;

  /** @param onUnreadable told how many rows of a kind were left out of an answer as not believable. */
  constructor(database: SqliteDatabase, onUnreadable: (what: string, rows: number) => void) {
    this.#database = database;
    this.#statements = new StatementCache(database);
    this.#onUnreadable = onUnreadable;
  }

  /**
   * Writes several lists of changes in one transaction, each whole or not at all.
   * @returns one outcome for each list; durable where it succeeded.
   */
  commitAll(lists: readonly (readonly JournalChange[])[]): Result<void, CommandFailure>[] {
    const one = this.#database.transaction((changes: readonly JournalChange[]) => this.#write(changes));
    const all = this.#database.transaction(() =>
      lists.map((changes) => {
        try {
          one(changes);
          return success(undefined);
        } catch (error) {
          // A full disk makes SQLite give up the whole transaction, the other lists with it.
          if (!this.#database.inTransaction) throw error;
          return failed(failureOf(error, 'The journal'));
        }
      }),
    );
    try {
      return all.immediate();
    } catch (error) {
      return lists.map(() => failed(failureOf(error, 'The journal')));
    }
  }

  load(resolvedSinceMs: number): JournalState {
    const since = { resolvedSinceMs };
    return {
      lastIncidentId: this.lastIncidentId(),
      incidents: this.#read(
        'incidents',
        incidentRow,
        this.#isBefore(4) ? before.openOrResolvedSinceBefore4 : sql.openOrResolvedSince,
        since,
      ),
      alerts: this.#read(
        'alerts',
        alertRow,
        this.#isBefore(4) ? before.alertsOfOpenOrResolvedSinceBefore4 : sql.alertsOfOpenOrResolvedSince,
        since,
      ),
      watches: this.watches(),
      pendingNotifications: this.#read(
        'notifications',
        notificationRow,
        this.#isBefore(3) ? before.pendingNotificationsBefore3 : sql.pendingNotifications,
      ),
      notices: this.notices(),
      ruleGroups: this.ruleGroups(),
    };
  }

  lastIncidentId(): number {
    return this.#statements.number(sql.lastIncidentId);
  }

  incident(id: number): IncidentRecord | null {
    const statement = this.#isBefore(4) ? before.incidentByIdBefore4 : sql.incidentById;
    return this.#read('incidents', incidentRow, statement, { id })[0] ?? null;
  }

  /** Newest first. */
  incidents(limit: number): { readonly newest: readonly IncidentRecord[]; readonly total: number } {
    const statement = this.#isBefore(4) ? before.newestIncidentsBefore4 : sql.newestIncidents;
    return {
      newest: this.#read('incidents', incidentRow, statement, { limit }),
      total: this.#statements.number(sql.countIncidents),
    };
  }

  alerts(incidentId: number): AlertRecord[] {
    const statement = this.#isBefore(4) ? before.alertsOfIncidentBefore4 : sql.alertsOfIncident;
    return this.#read('alerts', alertRow, statement, { incidentId });
  }

  /** What fired and a silence would have hidden, a page at a time. */
  fired(query: FiredQuery): FiredPage {
    return firedPage(query, this.#read('alerts', firedRow, firedBefore, firedParameters(query)));
  }

  timeline(incidentId: number): TimelinePage {
    const page = { incidentId, limit: maxTimelineEntries };
    const [newest, count] = this.#isBefore(4)
      ? [before.newestTimelineBefore4, before.countTimelineBefore4]
      : [sql.newestTimeline, sql.countTimeline];
    return {
      entries: this.#read('timeline entries', timelineRow, newest, page).reverse(),
      total: this.#statements.number(count, { incidentId }),
    };
  }

  /** Newest first. */
  notifications(limit: number): NotificationRecord[] {
    const statement = this.#isBefore(3) ? before.newestNotificationsBefore3 : sql.newestNotifications;
    return this.#read('notifications', notificationRow, statement, { limit });
  }

  /** In the order they were written. */
  audit(query: AuditQuery): AuditEntry[] {
    const statement = this.#isBefore(4) ? auditPageBefore4 : auditPage;
    return this.#read('audit lines', auditRow, statement, { ...query, limit: auditPageRows });
  }

  /** Null where there is none, as in every journal of before there were settings. */
  setting(key: string): string | null {
    if (this.#isBefore(3)) return null;
    return this.#read('settings', settingRow, sql.settingByKey, { key })[0]?.value ?? null;
  }

  watches(): WatchRecord[] {
    return this.#read('watches', watchRow, sql.allWatches);
  }

  notices(): Notice[] {
    return this.#read('notices', noticeSchema, sql.openNotices);
  }

  /** None in a journal of before there were rules, which is read where it cannot be upgraded. */
  ruleGroups(): RuleStateRecord[] {
    if (this.#isBefore(2)) return [];
    return this.#read('groups of rules', ruleGroupRow, sql.allRuleGroups);
  }

  /** All of it, in the order in which it was put. */
  outbox(): OutboxRecord[] {
    return this.#isBefore(5) ? [] : this.#read('changes of silences', outboxRow, outbox.allOutbox);
  }

  /** Those that are still looked after. */
  tendedSilences(): TendedSilenceRecord[] {
    if (this.#isBefore(5)) return [];
    return this.#read('silences looked after', tendedSilenceRow, outbox.openTendedSilences);
  }

  #isBefore(version: number): boolean {
    return schemaVersionOf(this.#database) < version;
  }

  #write(changes: readonly JournalChange[]): void {
    // What belongs to an incident refers to it, in whatever order the two were listed.
    const incidents = changes.filter((change) => change.kind === 'incident');
    const others = changes.filter((change) => change.kind !== 'incident');
    for (const change of [...incidents, ...others]) this.#apply(change);
  }

  #apply(change: JournalChange): void {
    const statements = this.#statements;
    switch (change.kind) {
      case 'incident':
        return void statements.run(sql.putIncident, {
          ...change.record,
          verdicts: JSON.stringify(change.record.verdicts),
        });
      case 'alert':
        return void statements.run(sql.putAlert, alertColumns(change.record));
      case 'alert-moved':
        return void statements.run(sql.removeAlert, change);
      case 'timeline':
        return void statements.run(sql.addTimeline, change.record);
      case 'watch':
        return void statements.run(sql.putWatch, change.record);
      case 'notification':
        return void statements.run(sql.putNotification, {
          ...change.record,
          severity: JSON.stringify(change.record.severity),
        });
      case 'rule-group':
        return void statements.run(sql.putRuleGroup, change.record);
      case 'rule-groups-removed':
        for (const group of change.groups) statements.run(sql.removeRuleGroup, { group });
        return;
      case 'outbox':
        return void statements.run(outbox.putOutbox, change.record);
      case 'outbox-removed':
        for (const id of change.ids) statements.run(outbox.removeOutbox, { id });
        return;
      case 'tended-silence':
        return void statements.run(outbox.putTendedSilence, change.record);
      case 'setting':
        return change.value === null
          ? void statements.run(sql.removeSetting, { key: change.key })
          : void statements.run(sql.putSetting, { key: change.key, value: change.value });
      case 'audit':
        return void statements.run(sql.addAudit, { detail: '', ...change.record });
      case 'notice':
        return void statements.run(sql.putNotice, change.record);
      case 'notice-dismissed':
        return void statements.run(sql.dismissNotice, { id: change.id, atMs: change.atMs });
      default:
        return assertNever(change, 'journal change');
    }
  }

  #read<Schema extends v.GenericSchema>(
    what: string,
    schema: Schema,
    statement: string,
    parameters: object = {},
  ): v.InferOutput<Schema>[] {
    const rows = this.#statements.all(statement, parameters);
    const records = rows.flatMap((row) => {
      const parsed = v.safeParse(schema, row);
      return parsed.success ? [parsed.output] : [];
    });
    if (records.length < rows.length) this.#onUnreadable(what, rows.length - records.length);
    return records;
  }
}

function alertColumns(record: AlertRecord) {
  return {
    ...record,
    labels: JSON.stringify(record.labels),
    annotations: JSON.stringify(record.annotations),
    silencedBy: JSON.stringify(record.silencedBy),
    inhibitedBy: JSON.stringify(record.inhibitedBy),
    witnesses: JSON.stringify(record.witnesses),
  };
}
