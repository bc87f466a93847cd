import type { CommandFailure } from '#shared/failure.ts';
import { labelOf } from '#shared/model/labels.ts';
import type { IncidentRunbook, Runbook } from '#shared/model/runbook.ts';
import { drop, type Result } from '#shared/result.ts';
import type { AlertRecord } from '#core/store/records.ts';
import type { RunbookLinks } from './runbook-links.ts';
import type { RunbookShelf } from './runbook-shelf.ts';

/**
 * The runbook of an incident: as it is in the folder now, else as it was read for the incident last. What
 * is found is kept with the incident, so that it is there when the folder is not, also for the next core.
 */
export interface KeptRunbooks {
  putRunbook(incidentId: number, runbook: Runbook): Promise<Result<void, CommandFailure>>;
  runbook(incidentId: number): Promise<Runbook | null>;
}

type Annotated = Pick<AlertRecord, 'annotations' | 'labels' | 'startsAtMs'>;

export class IncidentRunbooks {
  readonly #shelf: Pick<RunbookShelf, 'find'>;
  readonly #links: Pick<RunbookLinks, 'find'>;
  readonly #kept: KeptRunbooks;

  constructor(shelf: Pick<RunbookShelf, 'find'>, links: Pick<RunbookLinks, 'find'>, kept: KeptRunbooks) {
    this.#shelf = shelf;
    this.#links = links;
    this.#kept = kept;
  }

  /** Without a runbook where nobody wrote one, or it cannot be read and was not for this incident. */
  async read(incidentId: number, alerts: readonly Annotated[]): Promise<IncidentRunbook> {
    const { runbook, link } = await this.#find(alerts);
    if (runbook === null) return { runbook: await this.#kept.runbook(incidentId), link };
    drop(
      this.#kept.putRunbook(incidentId, runbook),
      'one that is not kept is only missing from a later look',
    );
    return { runbook, link };
  }

  /** Of the alert that began first and has one: of the folder before what is linked. */
  async #find(alerts: readonly Annotated[]): Promise<IncidentRunbook> {
    const oldestFirst = alerts.toSorted((left, right) => left.startsAtMs - right.startsAtMs);
    const asked = new Map(
      oldestFirst.map(({ annotations, labels }) => {
        const pair = [labelOf(annotations, 'runbook_url'), labelOf(labels, 'alertname')] as const;
        return [JSON.stringify(pair), pair];
      }),
    );
    const urls = [...new Set([...asked.values()].map(([url]) => url))].filter((url) => url !== '');
    const first = linkOf(urls[0], '');
    for (const [url, alertName] of asked.values()) {
      const runbook = await this.#shelf.find(url, alertName);
      if (runbook !== null) return { runbook, link: linkOf(url, '') ?? first };
    }
    let trouble = '';
    // Alerts of one incident rarely have several; whoever writes them may not make the core ask without end.
    for (const url of urls.slice(0, maxLinks)) {
      const linked = await this.#links.find(url);
      if (linked.runbook !== null) return { runbook: linked.runbook, link: linkOf(url, linked.trouble) };
      if (url === urls[0]) trouble = linked.trouble;
    }
    return { runbook: null, link: linkOf(urls[0], trouble) };
  }
}

const maxLinks = 3;

function linkOf(url: string | undefined, trouble: string): IncidentRunbook['link'] {
  return url === undefined || url === '' ? null : { url, trouble };
}
