import type { TaskPage } from '../shared/api/tasks';

/** Where in the pages of a list reading has come to. */
export class ListPosition {
	constructor(
		private readonly size: number,
		/** From 1. */
		public page = 1,
		/** Entries on the pages before it. */
		public entriesBefore = 0,
	) {}

	/** Whether no page can follow this one, which was read at this position. */
	isLast({ total, entries }: TaskPage): boolean {
		if (entries === 0) return true;
		return total === undefined ? entries < this.size : this.entriesBefore + entries >= total;
	}

	turn({ entries }: TaskPage): void {
		this.page += 1;
		this.entriesBefore += entries;
	}

	/** The page before may have been smaller than asked for, so the entries before it are counted low rather than high. */
	turnBack(): void {
		this.page -= 1;
		this.entriesBefore = Math.max(0, this.entriesBefore - this.size);
	}
}

/**
 * When the tasks of a page were created, in Unix seconds. One without a time was created about when its neighbour was.
 *
 * @param fallback for a page without any time
 */
export function creationTimes({ tasks }: TaskPage, fallback: number): number[] {
	let neighbour = tasks.find(({ created }) => created !== null)?.created ?? fallback;
	return tasks.map(({ created }) => (neighbour = created ?? neighbour));
}
