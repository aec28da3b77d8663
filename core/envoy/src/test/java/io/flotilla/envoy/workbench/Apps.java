package io.flotilla.envoy.workbench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** An application for every address and port that a proxy may call. */
public final class Apps implements AutoCloseable {
    private final Map<String, App> byAddress = new TreeMap<>();
    private final Function<String, Optional<App.Identity>> pods;
    private final Keys keys;

    /** @param pods address to the pod that has it */
    Apps(Function<String, Optional<App.Identity>> pods, Keys keys) {
        this.pods = pods;
        this.keys = keys;
    }

    /** The application at an address; it starts when it is first asked for. */
    public synchronized App at(String address, int port) {
        return byAddress.computeIfAbsent(address + ":" + port, key -> {
            App.Identity identity =
                    pods.apply(address).orElse(new App.Identity(key, "spiffe://cluster.local/ns/default/sa/outside"));
            return app(identity);
        });
    }

    private App app(App.Identity identity) {
        try {
            return new App(identity, keys);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those whose name begins so. */
    public synchronized List<App> named(String prefix) {
        return byAddress.values().stream()
                .filter(app -> app.name().startsWith(prefix))
                .toList();
    }

    /** The only one whose name begins so. */
    public App one(String prefix) {
        List<App> found = named(prefix);
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " applications are named " + prefix + "* in " + byAddress.keySet());
        }
        return found.getFirst();
    }

    /** All behave so from now on. */
    public synchronized void behave(App.Behaviour behaviour) {
        byAddress.values().forEach(app -> app.behave(behaviour));
    }

    @Override
    public synchronized void close() {
        for (App app : byAddress.values()) {
            try {
                app.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
