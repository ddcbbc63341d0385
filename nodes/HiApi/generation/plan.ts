import type { IDataObject } from 'n8n-workflow';

import type { DownloadSettings } from '../../shared/downloads/downloadSettings';
import type { Submission } from './request/taskRequest';
import type { SuspensionPlan } from './suspend/suspendRun';

/** One task that is wanted for an item, and what becomes of it. An item may want several. Times in milliseconds. */
export interface PlannedTask {
	itemIndex: number;
	submission: Submission;
	leastIntervalMs: number;
	timeoutMs: number;
	/** Whether a task that is not finished in time becomes an item instead of a failure. */
	outputUnfinished: boolean;
	simplify: boolean;
	/** How many failed tasks may be replaced by new ones. */
	mostRetries: number;
	/** undefined: the files stay where they are. */
	download?: DownloadSettings;
	asksPersistent: boolean;
	reference?: string;
	/** Fields of the incoming item that come out with the result. */
	inputFields?: IDataObject;
}

/** What a run is to generate, and how it waits. */
export interface GenerationPlan {
	/** The tasks an item asks for, one output item each; called for all items first. Rejects with HiApiError for bad input. */
	planItem(itemIndex: number): Promise<PlannedTask[]>;
	/** Lets the execution sleep while tasks run, instead of polling until all have ended. */
	suspension?: SuspensionPlan;
}
