import type { INodeProperties } from 'n8n-workflow';

// What the editor can check while the URL is typed; describeCallbackUrl checks the final value when the node runs.
const UNREACHABLE_URL =
	'^http://|/webhook-test/|^https?://(localhost|127\\.|10\\.|192\\.168\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.|169\\.254\\.|\\[|[^/:.]+([/:]|$)|[^/]+\\.(local|internal|lan)([/:]|$))';

const UNREACHABLE =
	'From the internet, HiAPI will probably not reach this URL: it is local, not encrypted, or a test URL, which answers only while the editor listens. Without a public address, use the <b>HiAPI Polling Trigger</b>.';
const PLACEHOLDER = 'e.g. https://n8n.example.com/webhook/...';

/** Where HiAPI tells that a task has ended. */
export const callbackFields: INodeProperties[] = [
	{
		displayName: 'Callback',
		name: 'callback',
		type: 'options',
		default: 'none',
		description: 'Whether HiAPI calls a URL when the task has ended',
		options: [
			{ name: 'None', value: 'none', description: 'HiAPI calls nobody' },
			{ name: 'Send to URL', value: 'url', description: 'HiAPI sends the finished task to a URL' },
		],
	},
	{
		displayName: 'Callback URL',
		name: 'callbackUrl',
		type: 'string',
		default: '',
		required: true,
		displayOptions: { show: { callback: ['url'] } },
		placeholder: PLACEHOLDER,
		description: 'A public https address. The HiAPI Trigger node shows one to paste here.',
	},
	{
		displayName: UNREACHABLE,
		name: 'callbackUrlNotice',
		type: 'notice',
		default: '',
		displayOptions: {
			show: { callback: ['url'], callbackUrl: [{ _cnd: { regex: UNREACHABLE_URL } }] },
		},
	},
];

/** The same for an operation that waits by itself, where few need it: an entry of Options, and the notice that goes with it. */
export const callbackUrlOption: INodeProperties = {
	displayName: 'Callback URL',
	name: 'callbackUrl',
	type: 'string',
	default: '',
	placeholder: PLACEHOLDER,
	description:
		'A public https address that HiAPI also calls when the task has ended, for example that of a HiAPI Trigger',
};

export const callbackUrlOptionNotice: INodeProperties = {
	displayName: UNREACHABLE,
	name: 'callbackUrlNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { '/options.callbackUrl': [{ _cnd: { regex: UNREACHABLE_URL } }] } },
};
