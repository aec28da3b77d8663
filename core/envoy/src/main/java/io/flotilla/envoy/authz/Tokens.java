package io.flotilla.envoy.authz;

import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.config.rbac.v3.SourcedMetadata;
import io.envoyproxy.envoy.type.matcher.v3.ListMatcher;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher;
import io.envoyproxy.envoy.type.matcher.v3.ValueMatcher;
import io.flotilla.config.authorization.Attribute;
import io.flotilla.config.authorization.TextPattern;
import io.flotilla.envoy.jwt.TokenFilter;
import java.util.ArrayList;
import java.util.List;

/**
 * What a valid token says, as the filter that checked it left it: metadata of {@link TokenFilter#NAME} under {@link TokenFilter#PAYLOAD}. A
 * claim is a text or a list of texts, of which one is enough.
 */
public final class Tokens {
    private Tokens() {}

    static Principal claim(List<String> path, String value) {
        List<String> whole = new ArrayList<>(List.of(TokenFilter.PAYLOAD));
        whole.addAll(path);
        return has(TokenFilter.NAME, whole, value);
    }

    /** A text, or a list with it, in the metadata of a filter. */
    static Principal has(String filter, List<String> path, String value) {
        TextPattern pattern = TextPattern.parse(value);
        if (pattern instanceof TextPattern.Any) {
            return metadata(filter, path, present());
        }
        ValueMatcher text =
                ValueMatcher.newBuilder().setStringMatch(Texts.match(pattern)).build();
        ValueMatcher list = ValueMatcher.newBuilder()
                .setListMatch(ListMatcher.newBuilder().setOneOf(text))
                .build();
        return Sides.orOf(List.of(metadata(filter, path, text), metadata(filter, path, list)));
    }

    /**
     * "ISSUER/SUBJECT". Both parts may have slashes, so every slash may be the one between them; the two together are
     * compared as one text would be. A value with more than {@link Attribute#MOST_SLASHES} is nobody.
     */
    static Principal principal(String value) {
        if (value.chars().filter(each -> each == '/').count() > Attribute.MOST_SLASHES) {
            return Sides.nobody();
        }
        List<Principal> ways = new ArrayList<>();
        String text = value.equals("*") ? "" : value.replaceAll("^\\*|\\*$", "");
        TextPattern pattern = TextPattern.parse(value);
        for (int slash = text.indexOf('/'); slash >= 0; slash = text.indexOf('/', slash + 1)) {
            String issuer = text.substring(0, slash);
            String subject = text.substring(slash + 1);
            ways.add(
                    switch (pattern) {
                        case TextPattern.Exact exact -> both(Texts.exact(issuer), Texts.exact(subject));
                        case TextPattern.Prefix prefix -> both(Texts.exact(issuer), Texts.prefix(subject));
                        case TextPattern.Suffix suffix -> both(ending(issuer), Texts.exact(subject));
                        case TextPattern.Any any -> throw new IllegalStateException(value);
                    });
        }
        switch (pattern) {
            case TextPattern.Any any ->
                ways.add(Sides.andOf(List.of(
                        metadata(TokenFilter.NAME, List.of(TokenFilter.PAYLOAD, "iss"), present()),
                        metadata(TokenFilter.NAME, List.of(TokenFilter.PAYLOAD, "sub"), present()))));
            case TextPattern.Prefix(String prefix) -> ways.add(both(Texts.prefix(prefix), Texts.regex("\\C*")));
            case TextPattern.Suffix(String suffix) -> ways.add(both(Texts.regex("\\C*"), ending(suffix)));
            case TextPattern.Exact exact -> {
                if (ways.isEmpty()) {
                    return Sides.nobody();
                }
            }
        }
        return Sides.orOf(ways);
    }

    private static io.envoyproxy.envoy.type.matcher.v3.StringMatcher ending(String text) {
        return text.isEmpty() ? Texts.regex("\\C*") : Texts.match(new TextPattern.Suffix(text));
    }

    private static Principal both(
            io.envoyproxy.envoy.type.matcher.v3.StringMatcher issuer,
            io.envoyproxy.envoy.type.matcher.v3.StringMatcher subject) {
        return Sides.andOf(List.of(
                metadata(TokenFilter.NAME, List.of(TokenFilter.PAYLOAD, "iss"), text(issuer)),
                metadata(TokenFilter.NAME, List.of(TokenFilter.PAYLOAD, "sub"), text(subject))));
    }

    private static ValueMatcher text(io.envoyproxy.envoy.type.matcher.v3.StringMatcher matcher) {
        return ValueMatcher.newBuilder().setStringMatch(matcher).build();
    }

    private static ValueMatcher present() {
        return ValueMatcher.newBuilder().setPresentMatch(true).build();
    }

    private static Principal metadata(String filter, List<String> path, ValueMatcher value) {
        MetadataMatcher.Builder matcher =
                MetadataMatcher.newBuilder().setFilter(filter).setValue(value);
        path.forEach(
                key -> matcher.addPath(MetadataMatcher.PathSegment.newBuilder().setKey(key)));
        return Principal.newBuilder()
                .setSourcedMetadata(SourcedMetadata.newBuilder().setMetadataMatcher(matcher))
                .build();
    }
}
