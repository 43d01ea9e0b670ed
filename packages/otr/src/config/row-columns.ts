/** The columns of training rows. */
export const ROW_COLUMNS = ["prompt", "completion", "messages", "text"] as const;
