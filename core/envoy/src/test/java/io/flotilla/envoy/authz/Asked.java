package io.flotilla.envoy.authz;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request of the differential test.
 *
 * @param identity SPIFFE identity of the client's certificate; null in plaintext
 * @param path     as it is sent, with query
 * @param values   of the header "x-a", one line each
 * @param client   what "x-forwarded-for" says; empty without it
 * @param bearer   the token that it brings
 */
record Asked(
        @Nullable String identity,
        String method,
        String path,
        String host,
        List<String> values,
        String client,
        Bearer bearer) {}
