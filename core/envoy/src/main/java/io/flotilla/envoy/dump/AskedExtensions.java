package io.flotilla.envoy.dump;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The names of filters' configurations (ECDS) that listeners ask for: Pilot knows more than a proxy has filters. */
final class AskedExtensions {
    private AskedExtensions() {}

    static Set<String> of(Collection<? extends Message> listeners) {
        Set<String> names = new TreeSet<>();
        for (Message message : listeners) {
            Listener listener = (Listener) message;
            listener.getListenerFiltersList().stream()
                    .filter(ListenerFilter::hasConfigDiscovery)
                    .forEach(filter -> names.add(filter.getName()));
            Stream.concat(listener.getFilterChainsList().stream(), Stream.of(listener.getDefaultFilterChain()))
                    .flatMap(chain -> chain.getFiltersList().stream())
                    .forEach(filter -> add(filter, names));
        }
        return names;
    }

    private static void add(Filter filter, Set<String> names) {
        if (filter.hasConfigDiscovery()) {
            names.add(filter.getName());
        }
        if (filter.getTypedConfig().is(HttpConnectionManager.class)) {
            try {
                filter.getTypedConfig().unpack(HttpConnectionManager.class).getHttpFiltersList().stream()
                        .filter(HttpFilter::hasConfigDiscovery)
                        .forEach(each -> names.add(each.getName()));
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException("packed when the dump was read", e);
            }
        }
    }
}
