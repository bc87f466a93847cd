/** The four hours in which all data lie, Unix milliseconds. */
export const dataStartMs = Date.UTC(2026, 0, 15, 6);
export const dataEndMs = dataStartMs + 4 * 3_600_000;
