/** Where the data directory is. */
export interface Disk {
  /** Undefined where the system does not tell. */
  space(): Promise<{ readonly freeBytes: number; readonly sizeBytes: number } | undefined>
}
