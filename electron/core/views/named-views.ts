import type { NoticeBoard } from '#core/notices.ts';
import { commandFailure } from '#shared/failure.ts';
import type { SavedViews } from '#shared/model/view.ts';
import type { NotificationPolicy } from '#shared/notify/model.ts';

/**
 * Views that a rule of the configuration names. Only the core knows which there are, so that one is missing is
 * told on the board of notices: such a rule holds for nothing.
 */
export interface NamedViewsOptions {
  readonly policy: () => NotificationPolicy;
  readonly views: () => SavedViews;
  readonly notices: Pick<NoticeBoard, 'follow'>;
  readonly nowMs: () => number;
}

const noticeId = 'views-of-policy';

export class NamedViews {
  readonly #options: NamedViewsOptions;
  #policy: NotificationPolicy | null = null;
  #views: SavedViews | null = null;

  constructor(options: NamedViewsOptions) {
    this.#options = options;
  }

  /** Something may have changed; cheap where nothing has. */
  look(): void {
    const policy = this.#options.policy();
    const views = this.#options.views();
    if (policy === this.#policy && views === this.#views) return;
    this.#policy = policy;
    this.#views = views;
    const missing = missingViews(policy, views);
    const { notices, nowMs } = this.#options;
    notices.follow(noticeId, missing.length === 0 ? null : failureOf(missing), nowMs());
  }
}

function missingViews({ rules }: NotificationPolicy, { views }: SavedViews): readonly string[] {
  const named = rules.flatMap(({ conditions }) => conditions.view ?? []);
  return [...new Set(named)].filter((name) => !views.some((view) => view.name === name));
}

function failureOf(missing: readonly string[]) {
  const names = missing.map((name) => `"${name}"`).join(', ');
  const which = missing.length === 1 ? `a view ${names} that` : `views ${names} that`;
  return commandFailure(
    'not-found',
    `notifications.policy names ${which} nobody has saved: those rules hold for nothing`,
    'Save a filter under this name, or take the name out of the configuration.',
  );
}
