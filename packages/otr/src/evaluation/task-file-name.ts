/** The name of a task as a part of a file's name: what could lead elsewhere is replaced. */
export const taskFileName = (task: string): string => task.replaceAll(/[^\w.-]/g, "_");
