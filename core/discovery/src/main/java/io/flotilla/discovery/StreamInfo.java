package io.flotilla.discovery;

import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.List;

/**
 * Who is on a stream.
 *
 * @param id        unique in this process
 * @param node      as told in the first request
 * @param peer     who is calling
 * @param delta    incremental instead of state of the world
 */
public record StreamInfo(long id, Node node, Peer peer, boolean delta) {
    /** URI names of the peer's verified certificate, or of what else proved it; empty on plaintext. */
    public List<String> peerUris() {
        return peer.uris();
    }

    /** The "authorization" header as sent, empty where there is none. */
    public String authorization() {
        return peer.authorization();
    }

    /** The peer's address, for messages. */
    public String remote() {
        return peer.remote();
    }
}
