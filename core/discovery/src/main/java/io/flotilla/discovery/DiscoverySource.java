package io.flotilla.discovery;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What a service gives the server: a view for each stream, and news of it. */
public interface DiscoverySource {
    /** The name under which a state of the world client tells the version of all that it holds of a type. */
    String WHOLE_TYPE = "";

    /**
     * Called once a stream's first request is in. The source calls {@code views} with the first view as soon as it
     * has one (at once, or later from another thread), then with each newer one; views of one stream come in order.
     *
     * @throws DiscoveryRefused where this peer may not have a stream: it ends with that status
     */
    Session open(StreamInfo stream, Consumer<View> views) throws DiscoveryRefused;

    /** One stream's side of the source. Calls of one stream never overlap. */
    interface Session extends AutoCloseable {
        /**
         * The names that the client now wants of a type (empty: wildcard or none; to be read during the call), and the
         * versions that it told it holds. A source that makes resources on demand (secrets, virtual hosts) sends a new view from here.
         */
        default void subscribed(String typeUrl, Collection<String> names, Map<String, String> held) {}

        /** The client took a response of this type. */
        default void accepted(String typeUrl, String version, Generation generation) {}

        /**
         * Whether {@link #accepted}, and {@link #subscribed} of a client that tells nothing of what it holds, never wait:
         * then a connection's own thread may call them, for which other connections wait.
         */
        default boolean prompt() {
            return false;
        }

        /** The client refused a response of this type and keeps what it had. */
        default void rejected(String typeUrl, String version, Generation generation, String message) {}

        /**
         * The client refused this very response of a type and keeps what it had.
         *
         * @param response what was in it
         */
        default void rejected(String typeUrl, Told response, String message) {
            rejected(typeUrl, response.version(), response.generation(), message);
        }

        /** Whom the stream's costs are accounted to; empty where that is whoever is at its other end. */
        default String owner() {
            return "";
        }

        /** When what proves the peer is over, and with it the stream; {@link Instant#MAX} where nothing ends it. */
        default Instant until() {
            return Instant.MAX;
        }

        @Override
        default void close() {}
    }

    /**
     * One response.
     *
     * @param names of the resources in it, not of those that it removed
     */
    record Told(String version, Generation generation, List<String> names) {}
}
