package io.flotilla.envoy.authz;

import io.envoyproxy.envoy.config.core.v3.CidrRange;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.flotilla.config.authorization.TextPattern;
import io.flotilla.envoy.Wire;

/**
 * Texts of policies as Envoy's matchers. What a client writes is compared byte by byte, never by a regular expression:
 * those do not match bytes that are no UTF-8, so that one stray byte would get past a rule that refuses.
 */
final class Texts {
    private Texts() {}

    /** A text with a prefix before all that it may be; "*" matches whatever begins so. */
    static StringMatcher match(TextPattern pattern) {
        return switch (pattern) {
            case TextPattern.Exact(String text) -> exact(text);
            case TextPattern.Prefix(String text) -> prefix(text);
            case TextPattern.Suffix(String text) ->
                StringMatcher.newBuilder().setSuffix(text).build();
            case TextPattern.Any any -> regex("\\C+");
        };
    }

    static StringMatcher exact(String text) {
        return StringMatcher.newBuilder().setExact(text).build();
    }

    static StringMatcher prefix(String text) {
        // Envoy wants a prefix of one character at least.
        return text.isEmpty()
                ? regex("\\C*")
                : StringMatcher.newBuilder().setPrefix(text).build();
    }

    static StringMatcher regex(String regex) {
        return StringMatcher.newBuilder()
                .setSafeRegex(RegexMatcher.newBuilder().setRegex(regex))
                .build();
    }

    /** The text itself inside of a regular expression. */
    static String quote(String text) {
        StringBuilder quoted = new StringBuilder();
        text.chars().forEach(c -> {
            boolean plain = c >= 0x80 || c == '_' || Character.isLetterOrDigit(c);
            quoted.append(plain ? "" : "\\").append((char) c);
        });
        return quoted.toString();
    }

    /** A header with such a value; "*" is satisfied by its being there. */
    static HeaderMatcher header(String name, TextPattern pattern) {
        HeaderMatcher.Builder header = HeaderMatcher.newBuilder().setName(name);
        return pattern instanceof TextPattern.Any
                ? header.setPresentMatch(true).build()
                : header.setStringMatch(match(pattern)).build();
    }

    /** "10.0.0.0/8" or an address alone. */
    static CidrRange range(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        int whole = address.contains(":") ? 128 : 32;
        return CidrRange.newBuilder()
                .setAddressPrefix(address)
                .setPrefixLen(Wire.number(slash < 0 ? whole : Integer.parseInt(text.substring(slash + 1))))
                .build();
    }
}
