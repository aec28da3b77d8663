package io.flotilla.config.analysis.route;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.flotilla.api.networking.v1alpha3.HTTPMatchRequest;
import io.flotilla.api.networking.v1alpha3.StringMatch;
import java.util.Locale;
import java.util.Set;

/** Which texts one match takes that another takes too. Says no where it cannot be known. */
final class Strings {
    private static final int MAX_REGEX = 1024;

    private Strings() {}

    /** Every text that {@code inner} takes is taken by {@code outer}; a match without a value takes all. */
    static boolean covers(StringMatch outer, StringMatch inner) {
        return switch (outer.getMatchTypeCase()) {
            case EXACT ->
                inner.getMatchTypeCase() == StringMatch.MatchTypeCase.EXACT
                        && inner.getExact().equals(outer.getExact());
            case PREFIX -> prefix(outer.getPrefix(), inner);
            case REGEX -> regex(outer.getRegex(), inner);
            case MATCHTYPE_NOT_SET -> true;
        };
    }

    /** The same for paths, which begin with a slash and may be compared without regard to case. */
    static boolean coversPath(HTTPMatchRequest outer, HTTPMatchRequest inner) {
        if (!outer.hasUri() || takesEveryPath(outer.getUri())) {
            return true;
        }
        if (!inner.hasUri()) {
            return false;
        }
        if (outer.getIgnoreUriCase()) {
            return covers(lower(outer.getUri()), lower(inner.getUri()));
        }
        return (!inner.getIgnoreUriCase() || caseless(inner.getUri())) && covers(outer.getUri(), inner.getUri());
    }

    private static boolean takesEveryPath(StringMatch uri) {
        return (uri.hasPrefix()
                        && (uri.getPrefix().equals("/") || uri.getPrefix().isEmpty()))
                || (uri.hasRegex()
                        && Set.of(".*", "/.*", "^/.*", "^/.*$", "^.*$").contains(uri.getRegex()));
    }

    private static boolean prefix(String prefix, StringMatch inner) {
        return switch (inner.getMatchTypeCase()) {
            case EXACT -> inner.getExact().startsWith(prefix);
            case PREFIX -> inner.getPrefix().startsWith(prefix);
            case REGEX, MATCHTYPE_NOT_SET -> prefix.isEmpty();
        };
    }

    private static boolean regex(String regex, StringMatch inner) {
        if (regex.equals(".*")) {
            return true;
        }
        return switch (inner.getMatchTypeCase()) {
            case EXACT -> regex.length() <= MAX_REGEX && matches(regex, inner.getExact());
            case REGEX -> inner.getRegex().equals(regex);
            case PREFIX ->
                regex.equals(Pattern.quote(inner.getPrefix()) + ".*") || regex.equals(inner.getPrefix() + ".*");
            case MATCHTYPE_NOT_SET -> false;
        };
    }

    /** Proxies match a regular expression against the whole text. */
    private static boolean matches(String regex, String text) {
        try {
            return Pattern.matches(regex, text);
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    private static StringMatch lower(StringMatch match) {
        return switch (match.getMatchTypeCase()) {
            case EXACT ->
                StringMatch.newBuilder()
                        .setExact(match.getExact().toLowerCase(Locale.ROOT))
                        .build();
            case PREFIX ->
                StringMatch.newBuilder()
                        .setPrefix(match.getPrefix().toLowerCase(Locale.ROOT))
                        .build();
            case REGEX, MATCHTYPE_NOT_SET -> match;
        };
    }

    /** Without letters, so that it is the same in any case. */
    private static boolean caseless(StringMatch match) {
        String text = match.getExact() + match.getPrefix();
        return !match.hasRegex() && text.toLowerCase(Locale.ROOT).equals(text.toUpperCase(Locale.ROOT));
    }
}
