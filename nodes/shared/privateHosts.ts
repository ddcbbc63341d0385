/** IPv4 ranges that nobody on the internet can reach: [network, prefix length] (IANA special-purpose registry, RFC 6890). */
const UNREACHABLE_IPV4: Array<[string, number]> = [
	['0.0.0.0', 8],
	['10.0.0.0', 8],
	['100.64.0.0', 10],
	['127.0.0.0', 8],
	['169.254.0.0', 16],
	['172.16.0.0', 12],
	['192.0.0.0', 24],
	['192.0.2.0', 24],
	['192.168.0.0', 16],
	['198.18.0.0', 15],
	['198.51.100.0', 24],
	['203.0.113.0', 24],
	['224.0.0.0', 3],
];

/** Endings of names that only resolve inside one machine or one network (RFC 6761, RFC 6762, RFC 8375, ICANN). */
const LOCAL_NAME_ENDINGS = [
	'localhost',
	'local',
	'internal',
	'lan',
	'home.arpa',
	'test',
	'invalid',
];

function ipv4Number(address: string): number {
	return address.split('.').reduce((number, part) => number * 256 + Number(part), 0);
}

function isUnreachableIpv4(address: string): boolean {
	const number = ipv4Number(address);
	return UNREACHABLE_IPV4.some(([network, prefix]) => {
		const size = 2 ** (32 - prefix);
		return Math.floor(number / size) === Math.floor(ipv4Number(network) / size);
	});
}

/** The eight 16-bit groups of an address in the form `URL` writes it: hex, at most one `::`. */
function ipv6Groups(address: string): number[] {
	const [head, tail] = address.split('::').map((side) => (side === '' ? [] : side.split(':')));
	const zeros = tail === undefined ? [] : Array<string>(8 - head.length - tail.length).fill('0');
	return [...head, ...zeros, ...(tail ?? [])].map((group) => parseInt(group, 16));
}

function isUnreachableIpv6(address: string): boolean {
	const groups = ipv6Groups(address);
	const startsWithZeros = groups.slice(0, 5).every((group) => group === 0);
	if (startsWithZeros && groups[5] === 0xffff) {
		const [high, low] = groups.slice(6);
		return isUnreachableIpv4([high >> 8, high & 255, low >> 8, low & 255].join('.'));
	}
	// Only 2000::/3 is given out for use on the internet, less the range for examples in documents.
	return groups[0] >> 13 !== 1 || (groups[0] === 0x2001 && groups[1] === 0xdb8);
}

/**
 * Whether a host can only be reached from the same machine or network: special IP ranges, local names, and names
 * without a dot. Says nothing about public names, which may still lead to such an address.
 *
 * @param host `hostname` of a parsed `URL`: lower case, IPv4 in four decimal parts, IPv6 in brackets
 */
export function isPrivateHost(host: string): boolean {
	if (host.startsWith('[')) return isUnreachableIpv6(host.slice(1, -1));
	if (/^\d+(\.\d+){3}$/.test(host)) return isUnreachableIpv4(host);
	const name = host.replace(/\.$/, '');
	return !name.includes('.') || LOCAL_NAME_ENDINGS.some((ending) => name.endsWith(`.${ending}`));
}
