import { HiApiError } from '../../../shared/errors/apiError';
import { isPrivateHost } from '../../../shared/privateHosts';

/** What has to be known before an execution may be suspended. */
export interface SuspendPreconditions {
	/** The URL HiAPI would call; undefined when n8n has none for this execution. */
	url?: string;
	/** Whether HiAPI's API is on this machine or in a private network, so that it can call addresses there. */
	apiIsLocal: boolean;
	/** Whether callbacks have to be signed. */
	needsSecret: boolean;
	hasSecret: boolean;
	/** Whether an AI agent runs the node inside itself: it takes the first output for the result and never comes back. */
	isInlineTool: boolean;
	/** Whether a field of the credential is an expression on the item. */
	credentialDependsOnItem: boolean;
	/** Whether the workflow has JSON and files combined (setting `binaryMode`). */
	isCombined: boolean;
	/** Whether an item makes several results (Variations above 1). */
	hasVariations: boolean;
	/** The node whose caller waits for this execution's result, by its name. */
	waitingCaller?: string;
}

const POLL = "Set 'Wait By' to 'Polling', or to 'Callback if Possible, Else Polling'.";

/** Why the execution cannot be suspended, worded for the person at the screen; undefined when it can. No task exists yet. */
export function whyNotSuspend(circumstances: SuspendPreconditions): HiApiError | undefined {
	const { url, apiIsLocal, needsSecret, hasSecret, isInlineTool, credentialDependsOnItem } =
		circumstances;
	if (isInlineTool) {
		return new HiApiError(
			'This AI agent cannot wait for a callback',
			`It runs its tools inside itself, where an execution cannot be suspended. ${POLL} Newer versions of n8n and of its AI Agent node can wait.`,
		);
	}
	// The path of the resume URL is an expression (RESUME_WEBHOOKS), as in n8n's own nodes, and n8n 2.41 resolves none without
	// input in such workflows (see the credential). The callback gets HTTP 500, and nothing goes on.
	if (circumstances.isCombined) {
		return new HiApiError(
			'This workflow has JSON and files combined, where n8n cannot take in a callback for a suspended execution',
			`Choose separate files in the workflow's settings ('binaryMode'), or wait by polling. ${POLL}`,
		);
	}
	// n8n 2.41 numbers the items of a resumed node by their position, so later nodes would find the fields of other items.
	if (circumstances.hasVariations) {
		return new HiApiError(
			"With 'Variations' above 1 the execution cannot be suspended: n8n would pair the results with the wrong items",
			`${POLL} Or set 'Variations' to 1 and give the node one item for each result.`,
		);
	}
	if (circumstances.waitingCaller !== undefined) {
		return new HiApiError(
			`The caller of '${circumstances.waitingCaller}' waits for the result, and a suspended execution has none to give`,
			`Let that node respond immediately, or put Respond to Webhook in front of this node; then send the result another way. ${POLL} What works for webhooks, forms and chats: docs/waiting.md of this package.`,
		);
	}
	if (credentialDependsOnItem) {
		return new HiApiError(
			'The credential takes a value from the item, which a callback cannot do',
			`A callback comes without items, so n8n cannot tell there whose account it is. Give the credential fixed values, or wait by polling. ${POLL}`,
		);
	}
	if (url === undefined) {
		return new HiApiError(
			'n8n has no callback URL for this execution',
			`Save the workflow and run it again. ${POLL}`,
		);
	}
	const { protocol, hostname } = new URL(url);
	if (!apiIsLocal && (protocol !== 'https:' || isPrivateHost(hostname))) {
		return new HiApiError(
			`HiAPI cannot call this n8n back: its address is ${protocol}//${hostname}`,
			`HiAPI calls from the internet by https. If n8n can be reached so, set its environment variable N8N_WEBHOOK_URL (WEBHOOK_URL in older versions) to that address. ${POLL}`,
		);
	}
	if (needsSecret && !hasSecret) {
		return new HiApiError(
			"'Webhook Signing Secret' is missing in the credential, so a callback of HiAPI could not be told from a forgery",
			`In the HiAPI console set a 'Webhook signing key', and store the same text in the credential. Or set 'Verification' to 'Read the Task Back From HiAPI'. ${POLL}`,
		);
	}
	return undefined;
}
