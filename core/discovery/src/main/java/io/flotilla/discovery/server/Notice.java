package io.flotilla.discovery.server;

import io.flotilla.discovery.DiscoverySource;
import io.flotilla.discovery.Generation;
import java.util.Collection;
import java.util.Map;

/** What the source is to be told after a request. */
sealed interface Notice {
    void tell(DiscoverySource.Session session);

    record Subscribed(String typeUrl, Collection<String> names, Map<String, String> held) implements Notice {
        @Override
        public void tell(DiscoverySource.Session session) {
            session.subscribed(typeUrl, names, held);
        }
    }

    record Accepted(String typeUrl, String version, Generation generation) implements Notice {
        @Override
        public void tell(DiscoverySource.Session session) {
            session.accepted(typeUrl, version, generation);
        }
    }

    record Rejected(String typeUrl, TypeStream.Sent response, String message) implements Notice {
        @Override
        public void tell(DiscoverySource.Session session) {
            session.rejected(
                    typeUrl,
                    new DiscoverySource.Told(response.version(), response.generation(), response.names()),
                    message);
        }
    }
}
