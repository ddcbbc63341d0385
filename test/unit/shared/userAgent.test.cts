import { HiApiApi } from '../../../credentials/HiApiApi.credentials';
import { USER_AGENT } from '../../../nodes/shared/userAgent';
import { name, version } from '../../../package.json';

test('the package says its name and version in every request', () => {
	expect(USER_AGENT).toBe(`${name}/${version}`);
	expect(new HiApiApi().test.request.headers).toMatchObject({ 'User-Agent': USER_AGENT });
});
