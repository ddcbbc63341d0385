import { isPrivateHost } from '../../shared/privateHosts';

/** What a person should know about a callback URL before paying for a task. Empty: nothing to say. */
export interface CallbackUrlAdvice {
	/** What is wrong, in one sentence without a final period. */
	problem?: string;
	/** How to get on. */
	description?: string;
	/** `refuse`: HiAPI would reject the URL. `warn`: HiAPI takes it, but the callback will probably not arrive. */
	severity?: 'refuse' | 'warn';
}

const NOT_HTTP: CallbackUrlAdvice = {
	problem: "'Callback URL' is not an http or https address",
	description:
		"Enter a full address such as https://n8n.example.com/webhook/…/webhook. The HiAPI Trigger node shows yours under 'Webhook URLs'.",
	severity: 'refuse',
};

const NOT_REACHABLE: CallbackUrlAdvice = {
	problem: "HiAPI cannot reach the 'Callback URL': its host is only known inside your own network",
	description:
		"HiAPI calls from the internet. Use the HiAPI Polling Trigger instead of the HiAPI Trigger: it needs no public address. Or give n8n an address that works from outside, such as a tunnel's. If n8n shows a local address in its webhook URLs although it can be reached from outside, set N8N_WEBHOOK_URL (WEBHOOK_URL in older versions) to the public address.",
	severity: 'warn',
};

const TEST_URL: CallbackUrlAdvice = {
	problem:
		"'Callback URL' is an n8n test URL, which answers only while the editor listens for a test event",
	description:
		"For real runs publish the workflow that has the HiAPI Trigger and paste the trigger's production URL, which contains /webhook/ instead of /webhook-test/.",
	severity: 'warn',
};

const NOT_ENCRYPTED: CallbackUrlAdvice = {
	problem: "'Callback URL' is not encrypted, and HiAPI may refuse to call it",
	description: 'Use an address that starts with https:// and has a valid certificate.',
	severity: 'warn',
};

function parseUrl(text: string): URL | undefined {
	try {
		return new URL(text.trim());
	} catch {
		return undefined;
	}
}

/**
 * Looks for reasons why HiAPI's callback would never arrive. HiAPI documents http and https (docs.hiapi.ai/async-api),
 * posts on hiapi.ai and its skills demand https and a publicly reachable host. Never throws, resolves no names.
 *
 * @param apiIsLocal whether HiAPI's API is in a private network, such as a simulator: it then reaches addresses there, by http too
 */
export function describeCallbackUrl(url: string, apiIsLocal = false): CallbackUrlAdvice {
	const parsed = parseUrl(url);
	if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) return NOT_HTTP;
	if (!apiIsLocal && isPrivateHost(parsed.hostname)) return NOT_REACHABLE;
	if (parsed.pathname.includes('/webhook-test/')) return TEST_URL;
	return !apiIsLocal && parsed.protocol === 'http:' ? NOT_ENCRYPTED : {};
}
