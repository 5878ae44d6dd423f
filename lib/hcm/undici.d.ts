/**
 * The files of undici that are used. Its index would bundle fetch, caches and sockets too, and on loading it sets the
 * process's global dispatcher, which is n8n's own business (lib/global.js).
 */
declare module 'undici/lib/dispatcher/agent.js' {
	import { Agent } from 'undici';
	export default Agent;
}

declare module 'undici/lib/dispatcher/env-http-proxy-agent.js' {
	import { EnvHttpProxyAgent } from 'undici';
	export default EnvHttpProxyAgent;
}

declare module 'undici/lib/dispatcher/dispatcher.js' {
	import { Dispatcher } from 'undici';
	export default Dispatcher;
}

declare module 'undici/lib/api/api-connect.js' {
	import { type Dispatcher } from 'undici';
	const connect: Dispatcher['connect'];
	export default connect;
}
