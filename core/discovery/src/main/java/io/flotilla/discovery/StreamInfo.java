package io.flotilla.discovery;

import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.List;

/**
 * Who is on a stream.
 *
 * @param id        unique in this process
 * @param node      as told in the first request
 * @param peerUris  URI names of the peer's verified certificate, empty on plaintext
 * @param authorization the "authorization" header as sent, empty where there is none
 * @param remote    the peer's address, for messages
 * @param delta     incremental instead of state of the world
 */
public record StreamInfo(
        long id, Node node, List<String> peerUris, String authorization, String remote, boolean delta) {
    public StreamInfo {
        peerUris = List.copyOf(peerUris);
    }
}
