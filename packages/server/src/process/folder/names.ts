/** Folder inside the data folder in which `esim restore` prepares the files. */
export const UNFINISHED_RESTORE = '.restore.unfinished';
