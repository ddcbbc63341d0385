import pWaitFor from 'p-wait-for';

import type { N8nClient, Workflow } from './client.cts';
import { N8nReplyError } from './replyError.cts';

/*
 * How a workflow is put in force differs between versions of n8n, so each is asked what it knows:
 * - n8n 1 has a switch in the workflow; with the answer to it the triggers are in force.
 * - n8n 2 publishes a version of the workflow; early ones with the answer, later ones some time after it.
 */

interface Publication {
	status: string;
	liveVersionId?: string;
}

/** Publishes the workflow's current version and returns when its triggers are in force; throws when that does not come about. */
export async function publishWorkflow(
	n8n: N8nClient,
	workflow: Workflow,
	withinMilliseconds: number,
): Promise<void> {
	const { id, versionId } = workflow;
	const published = await ifKnown(n8n.rest('POST', `/workflows/${id}/activate`, { versionId }));
	if (published === undefined) {
		const { active } = await n8n.rest<{ active: boolean }>('PATCH', `/workflows/${id}`, {
			active: true,
			versionId,
		});
		if (!active) throw new Error(`Workflow ${id} was not published.`);
		return;
	}
	await pWaitFor(
		async () => {
			const publication = await ifKnown(
				n8n.rest<Publication>('GET', `/workflows/${id}/publication-status`),
			);
			if (publication === undefined) return true;
			if (/fail/i.test(publication.status)) {
				throw new Error(`Workflow ${id} was not published: ${JSON.stringify(publication)}`);
			}
			return publication.status === 'published' && publication.liveVersionId === versionId;
		},
		{
			interval: 30,
			timeout: {
				milliseconds: withinMilliseconds,
				message: `Workflow ${id} was not published within ${withinMilliseconds} ms.`,
			},
		},
	);
}

/** The other way round. */
export async function unpublishWorkflow(n8n: N8nClient, id: string): Promise<void> {
	const unpublished = await ifKnown(n8n.rest('POST', `/workflows/${id}/deactivate`, {}));
	if (unpublished === undefined) await n8n.rest('PATCH', `/workflows/${id}`, { active: false });
}

/** What n8n answers, undefined when this n8n has no such call. */
async function ifKnown<T>(answer: Promise<T>): Promise<T | undefined> {
	try {
		return await answer;
	} catch (error) {
		if (error instanceof N8nReplyError && error.status === 404) return undefined;
		throw error;
	}
}
