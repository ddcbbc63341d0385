import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Task } from '../../../shared/api/task';
import { showHint } from '../../../shared/n8nCompat';

/** Tells when HiAPI kept files only for a while although persistent storage was asked for: it does so without a word. */
export class StorageReport {
	private readonly fallenBack: string[] = [];

	constructor(private readonly context: IExecuteFunctions) {}

	/** What the item says about the storage of a task that asked for persistent storage. Empty while nobody knows. */
	note({ taskId, storage }: Task): IDataObject {
		if (storage === undefined) return {};
		if (storage !== 'persistent') this.fallenBack.push(taskId);
		return { storage };
	}

	/** A hint in the output pane when it happened. */
	close(): void {
		const count = this.fallenBack.length;
		if (count === 0) return;
		const whose = count === 1 ? `Task ${this.fallenBack[0]} asked` : `${count} tasks asked`;
		showHint(
			this.context,
			`${whose} for persistent storage, and HiAPI stored the files temporarily: their links expire. The account's storage may be full. 'storage' in the items says which.`,
			'warning',
		);
	}
}
