import type { Task } from '../../../shared/api/task';
import type { RunPorts } from '../ports/ports';

/** Tells when HiAPI kept files only for a while although persistent storage was asked for: it does so without a word. */
export class StorageReport {
	private readonly fallenBack: string[] = [];

	constructor(private readonly ports: Pick<RunPorts, 'hint'>) {}

	/** Notes a finished task that asked for persistent storage. */
	note({ taskId, storage }: Task): void {
		if (storage !== undefined && storage !== 'persistent') this.fallenBack.push(taskId);
	}

	/** A hint in the output pane when it happened. */
	close(): void {
		const count = this.fallenBack.length;
		if (count === 0) return;
		const whose = count === 1 ? `Task ${this.fallenBack[0]} asked` : `${count} tasks asked`;
		this.ports.hint(
			`${whose} for persistent storage, and HiAPI stored the files temporarily: their links expire. The account's storage may be full. 'storage' in the items says which.`,
			'warning',
		);
	}
}
