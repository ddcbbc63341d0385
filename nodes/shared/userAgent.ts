/**
 * What the package calls itself in every request. A constant, because the published code cannot read package.json; a test
 * compares the two.
 */
export const USER_AGENT = 'n8n-nodes-hiapi/0.1.0';
