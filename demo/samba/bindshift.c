/* LD_PRELOAD shim: lets Samba's hard-wired LDAP ports be bound without root.
 * bind() to a port < 1024 (or 3268/3269) uses port + BIND_SHIFT (default 10000), and getsockname() shifts back, because
 * Samba decides "TLS or not" and "global catalogue or not" from the local port (636, 3268, 3269).
 * gcc -shared -fPIC -O2 -o bindshift.so bindshift.c -ldl */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

static unsigned shift(void)
{
	const char *text = getenv("BIND_SHIFT");
	return text ? (unsigned)atoi(text) : 10000;
}

static int is_fixed_port(unsigned port)
{
	return port && (port < 1024 || port == 3268 || port == 3269);
}

int bind(int fd, const struct sockaddr *address, socklen_t length)
{
	static int (*real)(int, const struct sockaddr *, socklen_t);
	if (!real)
		real = dlsym(RTLD_NEXT, "bind");
	if (address && address->sa_family == AF_INET && length >= sizeof(struct sockaddr_in)) {
		struct sockaddr_in moved = *(const struct sockaddr_in *)address;
		if (is_fixed_port(ntohs(moved.sin_port)))
			moved.sin_port = htons(ntohs(moved.sin_port) + shift());
		return real(fd, (struct sockaddr *)&moved, sizeof moved);
	}
	return real(fd, address, length);
}

int getsockname(int fd, struct sockaddr *address, socklen_t *length)
{
	static int (*real)(int, struct sockaddr *, socklen_t *);
	if (!real)
		real = dlsym(RTLD_NEXT, "getsockname");
	int result = real(fd, address, length);
	if (result == 0 && address && address->sa_family == AF_INET && *length >= sizeof(struct sockaddr_in)) {
		struct sockaddr_in *found = (struct sockaddr_in *)address;
		unsigned port = ntohs(found->sin_port);
		if (port > shift() && is_fixed_port(port - shift()))
			found->sin_port = htons(port - shift());
	}
	return result;
}
