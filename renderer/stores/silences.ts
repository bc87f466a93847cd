import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CommandFailure } from '#shared/failure.ts';
import type { SilenceMatcher, SilencePreview } from '#shared/model/silence.ts';

/** What a person does with silences in this window. Ends with it; `preview` is written by the bridge only. */

/** What a form is about: which of them it is decides what sending does. */
export type FormSubject =
  | { readonly kind: 'new'; readonly incidentIds: readonly number[] }
  /** `seenUpdatedAtMs`: the version that the form began with. */
  | { readonly kind: 'edit'; readonly key: string; readonly seenUpdatedAtMs: number }
  | { readonly kind: 'copy'; readonly key: string };

export type EndChoice =
  | { readonly kind: 'span'; readonly ms: number }
  | { readonly kind: 'morning' }
  | { readonly kind: 'typed'; readonly text: string };

/** As it is typed; nothing of it need make sense. */
export interface SilenceForm {
  /** One matcher each. */
  readonly matchers: readonly string[];
  /** What is being typed and is no matcher of the list yet. */
  readonly added: string;
  readonly cluster: string;
  /** Null to start when it is sent, else when it is to start, as typed. */
  readonly startText: string | null;
  readonly end: EndChoice;
  readonly comment: string;
  readonly endsByItself: boolean;
  /** How long nothing has to match before it does. */
  readonly quietMs: number;
}

export interface PreviewState {
  /** The newest answer; of an earlier question while `askedAtMs` or `failure` is set. */
  readonly answer: SilencePreview | null;
  /** What that answer is about, in the order of its counts. */
  readonly answeredMatchers: readonly SilenceMatcher[];
  readonly failure: CommandFailure | null;
  readonly askedAtMs: number | null;
}

export interface SilencesState {
  /** Key of the row under the cursor; null for the first. */
  readonly cursor: string | null;
  readonly marked: ReadonlySet<string>;
  readonly filter: string;
  /** The form is to be about this as soon as it is here. */
  readonly asked: FormSubject | null;
  /** The form that is open or was left with something typed. */
  readonly subject: FormSubject | null;
  readonly form: SilenceForm | null;
  /** What was typed was left and is here again. */
  readonly isKept: boolean;
  /** Matchers that fit the incidents are awaited; nothing was typed over them yet. */
  readonly isChoosing: boolean;
  /** What the dialog that is open acts on. */
  readonly chosen: readonly string[];
  readonly preview: PreviewState | null;
  /** The incidents that each silence was made for here, by the id of its entry in the outbox. */
  readonly madeFor: ReadonlyMap<string, readonly number[]>;
}

export type SilencesStore = StoreApi<SilencesState>;

export function createSilencesStore(): SilencesStore {
  return createStore(() => ({
    cursor: null,
    marked: new Set(),
    filter: '',
    asked: null,
    subject: null,
    form: null,
    isKept: false,
    isChoosing: false,
    chosen: [],
    preview: null,
    madeFor: new Map(),
  }));
}
