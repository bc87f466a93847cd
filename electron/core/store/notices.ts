import type { CommandFailure } from '#shared/failure.ts';
import type { Notice } from '#shared/model/console.ts';
import { secondMs } from '#shared/time.ts';

/** What the store has to tell a person, in words. Told once when it happens, and kept in the journal. */

/** What became of a journal that could not be used as it was. */
export interface JournalLoss {
  /** What was wrong with it: "it is damaged", "it is missing". */
  readonly cause: string;
  /** Where the unusable file is now; null where there was none. */
  readonly quarantinedAs: string | null;
  /** Unusable files of earlier times that were removed to make room; their names. */
  readonly dropped: readonly string[];
}

export function restoredNotice(loss: JournalLoss, backedUpAtMs: number, nowMs: number): Notice {
  const when = new Date(backedUpAtMs).toISOString();
  return {
    id: `journal-restored-${nowMs}`,
    severity: 'warning',
    message: `The journal could not be used: ${loss.cause}. It was restored from the backup of ${when}; what happened after that is not in it.`,
    nextStep: keptStep(loss),
    atMs: nowMs,
  };
}

export function startedEmptyNotice(loss: JournalLoss, nowMs: number): Notice {
  return {
    id: `journal-empty-${nowMs}`,
    severity: 'error',
    message: `The journal could not be used: ${loss.cause}. There is no good backup, so the history of incidents starts empty.`,
    nextStep: keptStep(loss),
    atMs: nowMs,
  };
}

function keptStep({ quarantinedAs, dropped }: JournalLoss): string {
  if (quarantinedAs === null) return 'Check the disk that holds the data folder.';
  const kept = `The unusable file is kept as ${quarantinedAs}; check the disk that holds it.`;
  return dropped.length === 0
    ? kept
    : `${kept} Older unusable files were removed, as at most 5 and 1 GiB of them are kept: ${dropped.join(', ')}.`;
}

/** A journal that can only be read, or not even that: `failure` is what each write would answer. */
export function journalNotWrittenNotice(failure: CommandFailure, inMemory: boolean, nowMs: number): Notice {
  return {
    id: `journal-not-written-${nowMs}`,
    severity: 'error',
    message: inMemory
      ? `${failure.message} Nothing of this run is kept.`
      : `${failure.message} Nothing can be acknowledged or noted.`,
    nextStep: failure.nextStep,
    atMs: nowMs,
  };
}

export function unreadableRowsNotice(what: string, rows: number, nowMs: number): Notice {
  return {
    id: `journal-unreadable-${what.replaceAll(' ', '-')}`,
    severity: 'error',
    message: `${rows} ${what} in the journal cannot be read and are left out.`,
    nextStep: 'Check the disk that holds the data folder; earlier backups are in its folder "backups".',
    atMs: nowMs,
  };
}

export function backupFailedNotice(failure: CommandFailure, nowMs: number): Notice {
  return {
    id: 'journal-backup-failed',
    severity: 'warning',
    message: `The daily backup of the journal failed. ${failure.message}`,
    nextStep: failure.nextStep,
    atMs: nowMs,
  };
}

export function cacheRecreatedNotice(cause: string, nowMs: number): Notice {
  return {
    id: 'cache-recreated',
    severity: 'info',
    message: `The cache was unusable and starts empty: ${cause}. Charts of past incidents may be gone; the journal is not affected.`,
    nextStep: 'Nothing to do: it fills again from the servers.',
    atMs: nowMs,
  };
}

export function cacheInMemoryNotice(cause: string, nowMs: number): Notice {
  return {
    id: 'cache-in-memory',
    severity: 'warning',
    message: `The cache on disk cannot be used: ${cause}. Evidence of this run is not kept.`,
    nextStep: 'Make the data folder writable for this user, or start the OpsSight that wrote it.',
    atMs: nowMs,
  };
}

/** One a day, however often something is dropped. */
export function evictedNotice(oldestKeptMs: number, maxBytes: number, nowMs: number): Notice {
  const cap = (maxBytes / 2 ** 30).toFixed(1);
  return {
    id: `cache-evicted-${new Date(nowMs).toISOString().slice(0, 10)}`,
    severity: 'info',
    message: `The cache reached its cap of ${cap} GiB: samples, log lines and traces before ${new Date(oldestKeptMs).toISOString()} that no incident holds were dropped.`,
    nextStep: 'Nothing to do: evidence of incidents is kept.',
    atMs: nowMs,
  };
}

export function storageEndedNotice(failure: CommandFailure, endedAtMs: number): Notice {
  return {
    id: storageNoticeId(endedAtMs),
    severity: 'error',
    message: failure.message,
    nextStep: failure.nextStep,
    atMs: endedAtMs,
  };
}

/** Takes the place of the notice that the thread ended. */
export function storageBackNotice(cause: string, endedAtMs: number, nowMs: number): Notice {
  const seconds = Math.max(0, (nowMs - endedAtMs) / secondMs).toFixed(1);
  return {
    id: storageNoticeId(endedAtMs),
    severity: 'warning',
    message: `The storage thread ended (${cause}) and was started again ${seconds} s later. What sources told in between is written now; what a person asked of it in between has failed.`,
    nextStep: 'Ask again for what failed; report this if it happens again.',
    atMs: endedAtMs,
  };
}

function storageNoticeId(endedAtMs: number): string {
  return `storage-ended-${endedAtMs}`;
}
