package io.flotilla.mixer.proxy;

/**
 * What the proxies that report here said at the last asking.
 *
 * @param written entries that they took into their buffers, since each of them started
 * @param dropped entries that they threw away themselves
 * @param asked   proxies that answered
 * @param silent  proxies that did not
 */
public record ProxyTotals(long written, long dropped, int asked, int silent) {}
