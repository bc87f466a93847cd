import { StandInMessageChannelMain } from './ports.ts';
import { modelled } from './unmodelled.ts';

export const MessageChannelMain = modelled('MessageChannelMain', StandInMessageChannelMain);
