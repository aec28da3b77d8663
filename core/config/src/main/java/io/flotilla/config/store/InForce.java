package io.flotilla.config.store;

import io.flotilla.config.model.Config;
import java.util.AbstractCollection;
import java.util.Collection;
import java.util.Iterator;

/** The winners of all claims, as a view. */
final class InForce extends AbstractCollection<Config<?>> {
    private final Collection<Claims> claims;

    InForce(Collection<Claims> claims) {
        this.claims = claims;
    }

    @Override
    public Iterator<Config<?>> iterator() {
        Iterator<Claims> each = claims.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return each.hasNext();
            }

            @Override
            public Config<?> next() {
                return each.next().winner();
            }
        };
    }

    @Override
    public int size() {
        return claims.size();
    }
}
