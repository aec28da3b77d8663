package io.flotilla.policy;

import io.flotilla.config.authorization.TextPattern;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Hosts: upper and lower case are the same, so is a name with the dot of the root at its end, and any port will do unless
 * the policy names one.
 */
final class HostMatch {
    private static final Pattern PORT = Pattern.compile(":[0-9]+$");

    private HostMatch() {}

    static boolean matches(String pattern, String host) {
        String asked = host.toLowerCase(Locale.ROOT);
        return switch (TextPattern.parse(pattern.toLowerCase(Locale.ROOT))) {
            case TextPattern.Any any -> true;
            case TextPattern.Prefix(String prefix) ->
                asked.startsWith(prefix)
                        || withDot(prefix).filter(asked::startsWith).isPresent();
            case TextPattern.Exact(String wanted) -> exact(wanted, asked);
            case TextPattern.Suffix(String wanted) -> suffix(wanted, asked);
        };
    }

    private static boolean exact(String wanted, String asked) {
        if (!PORT.matcher(wanted).find()) {
            String name = relative(wanted);
            return asked.startsWith(name) && isRest(asked.substring(name.length()));
        }
        int colon = wanted.lastIndexOf(':');
        String name = relative(wanted.substring(0, colon));
        String port = wanted.substring(colon);
        return asked.equals(name + port) || asked.equals(name + "." + port);
    }

    private static boolean suffix(String wanted, String asked) {
        if (PORT.matcher(wanted).find()) {
            return asked.endsWith(wanted)
                    || withDot(wanted).filter(asked::endsWith).isPresent();
        }
        String name = relative(wanted);
        for (int at = asked.indexOf(name); at >= 0; at = asked.indexOf(name, at + 1)) {
            if (isRest(asked.substring(at + name.length()))) {
                return true;
            }
        }
        return false;
    }

    /** What may follow a name: the dot of the root, and a port. */
    private static boolean isRest(String rest) {
        String port = rest.startsWith(".") ? rest.substring(1) : rest;
        return port.isEmpty() || port.startsWith(":");
    }

    /** With the dot of the root before the port, where there is one. */
    private static Optional<String> withDot(String pattern) {
        int colon = pattern.lastIndexOf(':');
        return colon <= 0 || pattern.charAt(colon - 1) == '.'
                ? Optional.empty()
                : Optional.of(pattern.substring(0, colon) + "." + pattern.substring(colon));
    }

    private static String relative(String name) {
        return name.length() > 1 && name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
