import { createStore, type StoreApi } from 'zustand/vanilla';
import type { PatternCompiler } from '#shared/filter/compile.ts';
import type { SourceDraft } from '#shared/model/settings.ts';
import type { PendingVerdict } from './pending.ts';
import type { Saying } from './sayings.ts';

/**
 * What this window is doing: where it looks, what is selected, what it has just done. Ends with the
 * window. Written by the actions only.
 */

export const settingsSections = ['sources', 'appearance', 'keys', 'desktop', 'configuration'] as const;
export type SettingsSection = (typeof settingsSections)[number];

export type View =
  | { readonly kind: 'inbox' }
  | { readonly kind: 'incident'; readonly id: number }
  | { readonly kind: 'overview' }
  | { readonly kind: 'logs' }
  | { readonly kind: 'traces' }
  /** `source` null: a trace of a file that was opened in this window. */
  | { readonly kind: 'trace'; readonly traceId: string; readonly source: string | null }
  | { readonly kind: 'rules' }
  | { readonly kind: 'routing' }
  /** `isOpen`: the one under the cursor takes the place of the list where both have no room. */
  | { readonly kind: 'silences'; readonly isOpen: boolean }
  | { readonly kind: 'sources' }
  | { readonly kind: 'settings'; readonly section: SettingsSection };

/** What can still be taken back. */
export type Undo = VerdictUndo | OutboxUndo;

/** What is to be said to take verdicts back. */
export interface VerdictUndo {
  readonly kind: 'verdicts';
  readonly sayings: readonly Saying[];
  /** The incidents that it was about; the cursor goes back to the first. */
  readonly incidentIds: readonly number[];
}

/** Before it leaves the machine. */
export interface OutboxUndo {
  readonly kind: 'withdraw';
  readonly entryIds: readonly string[];
}

export interface Toast {
  readonly id: number;
  readonly tone: 'plain' | 'failure';
  readonly text: string;
  readonly undo: Undo | null;
  readonly endsAtMs: number;
}

/** Those that the script of the silences brings. */
export const silenceOverlays = ['silence', 'expire-silences', 'extend-silences'] as const;
export type SilenceOverlay = (typeof silenceOverlays)[number];

export type Overlay =
  | 'palette'
  | 'help'
  | 'note'
  | 'snooze'
  | 'assign'
  | 'merge'
  | 'split'
  | 'unmerge'
  | 'remove-source'
  | 'forget-secret'
  | 'edit-keys'
  | SilenceOverlay;

/** The one time range of the window: what ends now, what surrounds an incident, or a fixed one. */
export type TimeChoice =
  | { readonly kind: 'last'; readonly spanMs: number }
  | { readonly kind: 'incident'; readonly id: number }
  | { readonly kind: 'fixed'; readonly fromMs: number; readonly toMs: number };

/** A source being added (`replaces` null) or edited. */
export interface SourceEdit {
  readonly replaces: string | null;
  readonly draft: SourceDraft;
}

export interface SessionState {
  readonly view: View;
  readonly inboxCursor: number | null;
  /** Incidents that the next verdict is about, all together; empty: the one under the cursor. */
  readonly marked: ReadonlySet<number>;
  /** The one marked last, from which a range goes. */
  readonly markAnchor: number | null;
  /** The folded head that the inbox's cursor stands on instead of an incident; null while it stands on one. */
  readonly inboxHead: string | null;
  /** Keys of the heads whose incidents are folded away. */
  readonly inboxFolded: ReadonlySet<string>;
  /** Incidents whose alerts are listed beneath them. */
  readonly inboxExpanded: ReadonlySet<number>;
  /** Labels are being named: those of the lanes, or those that incidents are grouped by. */
  readonly arranging: 'lanes' | 'groups' | null;
  readonly sourceCursor: string | null;
  readonly sourceDetail: string | null;
  readonly settingsCursor: string | null;
  readonly ruleCursor: string | null;
  /** The command whose keys are looked at in the settings. */
  readonly keyCursor: string | null;
  /** The step of the tour of the keys, from 0; null while there is no tour. */
  readonly tourStep: number | null;
  /** The sources of the configuration, while settings are shown. */
  readonly configuredSources: readonly SourceDraft[];
  readonly sourceEdit: SourceEdit | null;
  /** What was typed into the form of a source and is not saved; kept while the form is away. */
  readonly sourceTyped: SourceEdit | null;
  readonly filter: string;
  /** Completions are offered: the last term of the filter is still being written. */
  readonly filterIsWritten: boolean;
  /** A view is being named: the filter as a new one, or the one in force anew. */
  readonly viewNaming: 'save' | 'rename' | null;
  /** Loaded when the first pattern is typed. */
  readonly patternCompiler: PatternCompiler | null;
  readonly pending: readonly PendingVerdict[];
  readonly toast: Toast | null;
  readonly overlay: Overlay | null;
  readonly chordStrokes: readonly string[];
  readonly timeChoice: TimeChoice;
  /** The one time cursor: the moment under the crosshair or on the row that is read; null while there is none. */
  readonly timeCursorMs: number | null;
  /** The views that led here, for Escape to go back through; the oldest first. */
  readonly trail: readonly View[];
  readonly notificationPermission: 'granted' | 'denied' | 'default';
}

export const lastHour: TimeChoice = { kind: 'last', spanMs: 3_600_000 };

export type SessionStore = StoreApi<SessionState>;

export function createSessionStore(view: View = { kind: 'inbox' }): SessionStore {
  return createStore(() => ({
    view,
    inboxCursor: null,
    marked: new Set(),
    markAnchor: null,
    inboxHead: null,
    inboxFolded: new Set(),
    inboxExpanded: new Set(),
    arranging: null,
    sourceCursor: null,
    sourceDetail: null,
    settingsCursor: null,
    ruleCursor: null,
    keyCursor: null,
    tourStep: null,
    configuredSources: [],
    sourceEdit: null,
    sourceTyped: null,
    filter: '',
    filterIsWritten: false,
    viewNaming: null,
    patternCompiler: null,
    pending: [],
    toast: null,
    overlay: null,
    chordStrokes: [],
    timeChoice: view.kind === 'incident' ? { kind: 'incident', id: view.id } : lastHour,
    timeCursorMs: null,
    trail: [],
    notificationPermission: 'default',
  }));
}
