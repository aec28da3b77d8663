package io.flotilla.galley.jwks;

import io.flotilla.config.authentication.KeyAddresses;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.galley.source.Source;
import io.flotilla.galley.source.SourceFactory;
import io.flotilla.galley.state.PublishListener;
import io.flotilla.galley.state.Publisher;
import io.flotilla.service.fetch.GuardedFetch;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Watches what policies name, and has it fetched. */
@ApplicationScoped
class JwksSources implements SourceFactory, PublishListener {
    private static final Set<Kind> LOOKED_AT =
            Set.of(Kind.REQUEST_AUTHENTICATION, Kind.POLICY, Kind.MESH_POLICY, Kind.KEY_SET);

    private final JwksSettings settings;
    private boolean first = true;
    private volatile @Nullable JwksSource source;

    JwksSources(JwksSettings settings) {
        this.settings = settings;
    }

    @Override
    public Optional<Source> create() {
        if (!settings.enabled()) {
            return Optional.empty();
        }
        GuardedFetch fetch =
                new GuardedFetch(GuardedFetch.Limits.PUBLIC.allowingPrivate(settings.allowPrivate()), (SSLSocketFactory)
                        SSLSocketFactory.getDefault());
        JwksSource created = new JwksSource(fetch::get, Clock.systemUTC(), settings.refresh(), settings.maxStale());
        source = created;
        return Optional.of(created);
    }

    @Override
    public void published(Publisher.Outcome outcome) {
        JwksSource started = source;
        boolean news = Stream.concat(outcome.changed().stream().map(Config::key), outcome.removed().stream())
                .map(ObjectKey::kind)
                .anyMatch(LOOKED_AT::contains);
        if (started != null && (first || news)) {
            first = false;
            started.want(wanted(outcome.held().mesh().published()));
        }
    }

    /** Addresses that policies name, and that no operator has answered. */
    static SortedSet<String> wanted(Collection<Config<?>> objects) {
        SortedSet<String> wanted = KeyAddresses.wanted(objects);
        objects.stream()
                .filter(config -> !KeyDocuments.isOurs(config.name()))
                .map(Config::spec)
                .filter(io.flotilla.api.identity.v1.KeySet.class::isInstance)
                .map(io.flotilla.api.identity.v1.KeySet.class::cast)
                .forEach(set -> wanted.remove(set.getUri()));
        return wanted;
    }
}
