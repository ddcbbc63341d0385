import type { IDataObject, INode } from 'n8n-workflow';

import type { HiApiClient } from '../../../shared/api/client';
import type { Timing } from '../../../shared/clock';
import type { DownloadRun } from '../../../shared/downloads/downloadRun';
import type { WayOn } from '../../../shared/errors/wayOn';

/** What tells one run of a node from every other one. */
export interface RunIdentity {
	instanceId: string;
	workflowId: string;
	executionId: string;
	nodeId: string;
	/** Generated workflows and older n8n give several nodes one id; names are different within a workflow. */
	nodeName: string;
	runIndex: number;
}

/**
 * What a run may reuse of an earlier run that asked for the very same thing and did not get it. `unconfirmed`: a create
 * nobody knows the outcome of. `unfinished`: also a task nobody got the result of. `any`: also a task that failed.
 */
export type ReusePolicy = 'unconfirmed' | 'unfinished' | 'any';

/** Somebody who may ask again for what they asked for before, where n8n keeps no memory for them in between. */
export interface Caller {
	/**
	 * `client`: one client of an MCP server, which repeats a call when it gave up waiting for the answer. `anyClient`: a
	 * client of an MCP server that nothing tells from the others. `workflow`: a workflow that calls this one, and runs it
	 * from its start when it is retried.
	 */
	kind: 'client' | 'anyClient' | 'workflow';
	/** Tells this caller from every other one: node, account, and session where there is one. */
	id: string;
}

/** What is the same for all items of a run, read from n8n before anything is done. */
export interface RunSettings {
	itemCount: number;
	/** Continue On Fail: a failure becomes an item instead of ending the node. */
	continueOnFail: boolean;
	/** The node, for n8n's errors. */
	node: INode;
	wayOn: WayOn;
	/** How many tasks are created at the same time. */
	concurrency: number;
	/** What all of it together may cost, in US dollars; absent: no limit. */
	maximumUsd?: number;
	identity: RunIdentity;
	reuse: ReusePolicy;
}

/** What a run needs of the world around it: HiAPI, the clock, and what only n8n can do. */
export interface RunPorts {
	client: HiApiClient;
	clock: Timing;
	/** Aborts when the user stops the execution or n8n's own time limit for it has passed. */
	stopped?: AbortSignal;
	log: Record<'debug' | 'info' | 'warn', (line: string) => void>;
	/** Shows a line in the output pane. */
	hint(message: string, type: 'info' | 'warning'): void;
	/** Shows a line to whoever watches a manual run, in the browser's console. Does nothing otherwise. */
	tellWatcher(line: string): void;
	/** Kept by n8n with the execution: between Retry On Fail tries, and for a retry from the executions list. */
	store: Record<string, unknown>;
	/** Who asks for what this run creates, when n8n keeps no memory for them. */
	findCaller(): Promise<Caller | undefined>;
	/** The user's own text for an item, as far as it can be read. Never throws. */
	referenceOf(itemIndex: number): string | undefined;
	/** The fields of an incoming item that a failed one keeps. Never throws. Absent: none. */
	inputFieldsOf?(itemIndex: number): IDataObject | undefined;
	/** Starts what downloads the files of tasks until the signal aborts. */
	downloads(signal: AbortSignal): DownloadRun;
}
