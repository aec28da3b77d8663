package io.flotilla.envoy.authz;

import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.config.rbac.v3.SourcedMetadata;
import io.envoyproxy.envoy.type.matcher.v3.ListMatcher;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher;
import io.envoyproxy.envoy.type.matcher.v3.PathMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.type.matcher.v3.ValueMatcher;
import io.flotilla.config.authorization.Term;
import io.flotilla.config.authorization.TextPattern;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Terms about what is called. */
final class Operations {
    private static final String PATH = ":path";

    private Operations() {}

    static Permission of(Term term) {
        Permission any =
                Sides.any(term.values().stream().map(value -> of(term, value)).toList());
        return term.negated() ? Sides.not(any) : any;
    }

    private static Permission of(Term term, String value) {
        List<String> path = term.attribute().path();
        TextPattern pattern = TextPattern.parse(value);
        return switch (term.attribute().kind()) {
            case HOST -> Hosts.match(value);
            case METHOD -> header(":method", pattern);
            case PATH -> path(value, pattern);
            case PORT ->
                Permission.newBuilder()
                        .setDestinationPort(Integer.parseInt(value))
                        .build();
            case DESTINATION_IP ->
                Permission.newBuilder().setDestinationIp(Texts.range(value)).build();
            case SERVER_NAME ->
                Permission.newBuilder()
                        .setRequestedServerName(serverName(value))
                        .build();
            case METADATA -> metadata(path.getFirst(), path.getLast(), value);
            case HEADER -> header(path.getFirst(), pattern);
            case PRINCIPAL,
                    NAMESPACE,
                    SERVICE_ACCOUNT,
                    TRUST_DOMAIN,
                    SOURCE_IP,
                    REMOTE_IP,
                    REQUEST_PRINCIPAL,
                    AUDIENCE,
                    PRESENTER,
                    CLAIM,
                    UNKNOWN -> throw new IllegalArgumentException(term.field() + " is not about what is called");
        };
    }

    // Envoy has it in lower case, as a client may write it as it likes.
    private static StringMatcher serverName(String value) {
        return Texts.match(TextPattern.parse(value.toLowerCase(Locale.ROOT)));
    }

    static Permission header(String name, TextPattern pattern) {
        return Permission.newBuilder().setHeader(Texts.header(name, pattern)).build();
    }

    // Without query and fragment, as Envoy has normalised it.
    private static Permission path(String value, TextPattern pattern) {
        if (value.contains("{*}") || value.contains("{**}")) {
            return url(Texts.regex(template(value)));
        }
        return pattern instanceof TextPattern.Any ? header(PATH, pattern) : url(Texts.match(pattern));
    }

    private static Permission url(StringMatcher matcher) {
        return Permission.newBuilder()
                .setUrlPath(PathMatcher.newBuilder().setPath(matcher))
                .build();
    }

    /** "{*}" is one segment that is not empty, "{**}" any number of them. */
    private static String template(String template) {
        return Stream.of(template.split("/", -1))
                .map(segment -> switch (segment) {
                    case "{*}" -> "[^/]+";
                    case "{**}" -> ".*";
                    default -> Texts.quote(segment);
                })
                .collect(Collectors.joining("/"));
    }

    private static Permission metadata(String filter, String key, String value) {
        boolean list = value.length() > 2 && value.startsWith("[") && value.endsWith("]");
        ValueMatcher text = ValueMatcher.newBuilder()
                .setStringMatch(Texts.match(TextPattern.parse(list ? value.substring(1, value.length() - 1) : value)))
                .build();
        ValueMatcher wanted = list
                ? ValueMatcher.newBuilder()
                        .setListMatch(ListMatcher.newBuilder().setOneOf(text))
                        .build()
                : text;
        return Permission.newBuilder()
                .setSourcedMetadata(SourcedMetadata.newBuilder()
                        .setMetadataMatcher(MetadataMatcher.newBuilder()
                                .setFilter(filter)
                                .addPath(
                                        MetadataMatcher.PathSegment.newBuilder().setKey(key))
                                .setValue(wanted)))
                .build();
    }
}
