import type { IncidentDesk } from '#core/incidents/incident-desk.ts';
import type { NoticeBoard } from '#core/notices.ts';
import type { Commands } from '#shared/contract.ts';
import { commandFailure } from '#shared/failure.ts';
import { failed, success } from '#shared/result.ts';
import type { Handlers } from '#shared/rpc/server.ts';

export function noticeCommands(
  notices: NoticeBoard,
  desk: Pick<IncidentDesk, 'record'>,
): Pick<Handlers<Commands>, 'notice.dismiss'> {
  return {
    'notice.dismiss': async ({ id }) => {
      if (!notices.dismiss(id)) {
        return failed(commandFailure('not-found', 'there is no such notice', 'It was put away already.'));
      }
      const atMs = Date.now();
      await desk.record((draft) => draft.addChange({ kind: 'notice-dismissed', id, atMs }));
      return success({});
    },
  };
}
