/** What is run at full size takes its time: so many times longer, a limit there only tells what hangs. */
export const patience = process.env['OPSSIGHT_FULL'] === '1' ? 8 : 1;
