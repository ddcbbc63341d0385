import { LARGEST_PAGE } from '../shared/api/pages';

/** The bounds of the promise that every finished task comes exactly once. */
export interface PollingLimits {
	pageSize: number;
	/** Pages read in one poll; tasks further down are named in a warning. */
	pagesPerPoll: number;
	/** Of these, pages read only because many tasks further down are pending. */
	extraPages: number;
	/** Pending tasks asked about one by one in one poll, in turn. */
	lookUpsPerPoll: number;
	/** Pending tasks further down the list from which reading on is cheaper than asking one by one. */
	readOnFrom: number;
	/** How late a task may appear in the list after it was created. */
	overlapSeconds: number;
	/** How long a task may take; an older pending one is forgotten. */
	pendingSeconds: number;
	/** Pending tasks remembered; of more, the oldest are forgotten. */
	mostPending: number;
	/** Finished tasks remembered; with more, the overlap gets shorter. */
	mostSeenFinished: number;
}

// A poll with nothing new costs one request; the worst one the 60 a minute that HiAPI's documentation names.
export const POLLING_LIMITS: PollingLimits = {
	pageSize: LARGEST_PAGE,
	pagesPerPoll: 50,
	extraPages: 5,
	lookUpsPerPoll: 10,
	readOnFrom: 4,
	overlapSeconds: 10 * 60,
	pendingSeconds: 7 * 24 * 60 * 60,
	mostPending: 1_000,
	mostSeenFinished: 5_000,
};
