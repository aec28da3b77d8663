package io.flotilla.pilot.serve;

import io.flotilla.discovery.DiscoverySource.Session;
import io.flotilla.discovery.DiscoverySource.Told;
import io.flotilla.discovery.Generation;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;

/** A session that lasts as long as the credentials which opened it. */
record TimedSession(Session session, Instant until) implements Session {
    @Override
    public void subscribed(String typeUrl, Collection<String> names, Map<String, String> held) {
        session.subscribed(typeUrl, names, held);
    }

    @Override
    public void accepted(String typeUrl, String version, Generation generation) {
        session.accepted(typeUrl, version, generation);
    }

    @Override
    public boolean prompt() {
        return session.prompt();
    }

    @Override
    public void rejected(String typeUrl, Told response, String message) {
        session.rejected(typeUrl, response, message);
    }

    @Override
    public String owner() {
        return session.owner();
    }

    @Override
    public void close() {
        session.close();
    }
}
