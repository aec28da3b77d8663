package io.flotilla.envoy.authz;

import org.jspecify.annotations.Nullable;

/**
 * A connection of the differential test.
 *
 * @param identity of the client's certificate; null in plaintext
 * @param source   where it comes from
 * @param client   from where, as a trusted proxy tells it
 * @param target   to where
 * @param port     of the server
 * @param sni      name that a TLS client asks for, as it writes it; empty for none
 */
record Connected(@Nullable String identity, String source, String client, String target, int port, String sni) {}
