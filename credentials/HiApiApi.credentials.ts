import type {
	IAuthenticateGeneric,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	INodeProperties,
} from 'n8n-workflow';

// In the expressions of a credential nothing can be imported; nodes/shared/api/baseUrl.ts holds the same rules for the
// nodes, and a test keeps both in step. Plain http to a public host is turned into https, so that a test never sends
// the key unprotected.
const BASE_URL_EXPRESSION = `={{ (($credentials.baseUrl || "").trim() || "https://api.hiapi.ai/v1").replace(/\\/+$/, "").replace(/\\/v1$/, "").replace(/\\/+$/, "").replace(/^http:\\/\\/(?!(localhost|[^./:]+|[^/:]+\\.(localhost|local|internal|lan)|127(\\.\\d+){3}|10(\\.\\d+){3}|192\\.168(\\.\\d+){2}|172\\.(1[6-9]|2\\d|3[01])(\\.\\d+){2}|169\\.254(\\.\\d+){2}|\\[::1\\]|\\[f[cd][0-9a-f]{2}:[^\\]]*\\]|\\[fe80:[^\\]]*\\])(:\\d+)?(\\/|$))/i, "https://") + "/v1" }}`;

export class HiApiApi implements ICredentialType {
	name = 'hiApiApi';

	displayName = 'HiAPI API';

	icon: Icon = { light: 'file:../nodes/HiApi/hiapi.svg', dark: 'file:../nodes/HiApi/hiapi.dark.svg' };

	documentationUrl = 'https://github.com/hiapi/n8n-nodes-hiapi#credential';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'The key from the HiAPI console',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.hiapi.ai/v1',
			placeholder: 'e.g. https://api.hiapi.ai/v1',
			description: 'Address of the API. Plain http is accepted for this machine and private networks only.',
		},
		{
			displayName: 'Webhook Signing Secret',
			name: 'webhookSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'The webhook signing key set in the HiAPI console. With it, callbacks are checked to come from HiAPI.',
		},
		{
			displayName: 'Previous Webhook Signing Secret',
			name: 'previousWebhookSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'While changing the signing key: the old one, accepted as well until this field is emptied',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: {
			headers: {
				Authorization: '=Bearer {{ $credentials.apiKey.trim().replace(/^Bearer\\s+/i, "") }}',
			},
		},
	};

	// Reads one task of the list: free of charge. A reply without a task list is no HiAPI, whatever its HTTP status.
	test: ICredentialTestRequest = {
		request: {
			baseURL: BASE_URL_EXPRESSION,
			url: '/tasks',
			qs: { page: 1, size: 1 },
		},
		rules: [
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'data.tasks',
					value: undefined,
					message: 'The reply holds no list of tasks: the API key was not accepted, or the base URL is not that of HiAPI',
				},
			},
		],
	};
}
