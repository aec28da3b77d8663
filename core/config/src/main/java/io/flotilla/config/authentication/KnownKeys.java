package io.flotilla.config.authentication;

import io.flotilla.api.identity.v1.KeySet;
import io.flotilla.config.model.Config;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * Keys by the address at which they were found.
 *
 * @param byAddress JSON Web Key Sets
 */
public record KnownKeys(Map<String, String> byAddress) {
    public KnownKeys {
        byAddress = Map.copyOf(byAddress);
    }

    /** Of these objects; where two tell the same address, the first by name. */
    public static KnownKeys of(Collection<Config<KeySet>> sets) {
        Map<String, String> byAddress = new TreeMap<>();
        sets.stream()
                .sorted(java.util.Comparator.comparing(Config::name))
                .forEach(set ->
                        byAddress.putIfAbsent(set.spec().getUri(), set.spec().getJwks()));
        return new KnownKeys(byAddress);
    }

    /** Empty where nothing is known. */
    public String at(String address) {
        return byAddress.getOrDefault(address, "");
    }
}
