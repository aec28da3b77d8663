package io.flotilla.bookinfo.guestbook;

import io.flotilla.bookinfo.http.Upstream;
import io.flotilla.bookinfo.redis.RedisClient;

/**
 * What the page is made from.
 *
 * @param guestbook where entries are
 * @param greeting  who greets
 * @param sessions  who is who
 */
public record Backends(Upstream guestbook, Upstream greeting, RedisClient sessions) {}
