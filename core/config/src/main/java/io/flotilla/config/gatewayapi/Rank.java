package io.flotilla.config.gatewayapi;

import io.flotilla.api.gatewayapi.v1.GRPCRouteMatch;
import io.flotilla.api.gatewayapi.v1.HTTPRouteMatch;
import java.util.Comparator;

/**
 * How much a condition goes before others; the greater is asked first. For HTTP: the form of the path (an exact one, an
 * expression, a prefix), its length, a method, the number of headers, of parameters. For gRPC: the length of the
 * service, of the method, the number of headers.
 */
record Rank(int form, int length, int method, int headers, int parameters) implements Comparable<Rank> {
    private static final Comparator<Rank> ORDER = Comparator.comparingInt(Rank::form)
            .thenComparingInt(Rank::length)
            .thenComparingInt(Rank::method)
            .thenComparingInt(Rank::headers)
            .thenComparingInt(Rank::parameters);

    static Rank of(HTTPRouteMatch match) {
        String type = match.getPath().getType();
        int form = type.equals("Exact") ? 2 : type.equals("RegularExpression") ? 1 : 0;
        int length = form == 0
                ? PathMatch.withoutSlash(match.getPath()).length()
                : match.getPath().getValue().length();
        return new Rank(form, length, match.hasMethod() ? 1 : 0, match.getHeadersCount(), match.getQueryParamsCount());
    }

    static Rank of(GRPCRouteMatch match) {
        return new Rank(
                0,
                match.getMethod().getService().length(),
                match.getMethod().getMethod().length(),
                match.getHeadersCount(),
                0);
    }

    @Override
    public int compareTo(Rank other) {
        return ORDER.compare(this, other);
    }
}
