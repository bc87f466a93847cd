import { demoSourceNames } from '#core/config/demo-configuration.ts';
import type { IncidentDesk } from '#core/incidents/incident-desk.ts';
import type { NoticeBoard } from '#core/notices.ts';
import type { Notice } from '#shared/model/console.ts';

/** The demo fleet's incidents end with it; whoever saw them on the screen is told where they went, once. */
export async function leaveDemo(
  desk: IncidentDesk,
  notices: NoticeBoard,
  ownSources: readonly string[],
  atMs: number,
): Promise<void> {
  const left = demoSourceNames.filter((name) => !ownSources.includes(name));
  const closed = await desk.leaveSources(left, 'the demo fleet was left');
  if (closed === 0) return;
  const notice: Notice = {
    id: `demo-left-${atMs}`,
    severity: 'info',
    message: `The demo fleet was left: ${closed === 1 ? 'its open incident was' : `its ${closed} open incidents were`} closed.`,
    nextStep:
      'Nothing to do: they stay in the journal, and what is shown from here on is of your own sources.',
    atMs,
  };
  notices.raise(notice);
  await desk.record((draft) => draft.addChange({ kind: 'notice', record: notice }));
}
