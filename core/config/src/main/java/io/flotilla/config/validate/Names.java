package io.flotilla.config.validate;

import java.util.regex.Pattern;

/** The syntax of names: of objects, hosts and labels. */
public final class Names {
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern HOST_LABEL = Pattern.compile("[a-zA-Z0-9_]([-a-zA-Z0-9_]*[a-zA-Z0-9_])?");
    private static final Pattern LABEL_VALUE = Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?");
    private static final int MAX_LABEL = 63;
    private static final int MAX_PORT_NAME = 15;
    private static final int MAX_SUBDOMAIN = 253;
    private static final int MAX_HOST = 255;

    private Names() {}

    /** A DNS label of RFC 1123, as namespaces and subsets are named. */
    public static boolean isLabel(String text) {
        return text.length() <= MAX_LABEL && LABEL.matcher(text).matches();
    }

    /** DNS labels with dots between, as objects of Kubernetes are named. */
    public static boolean isSubdomain(String text) {
        if (text.isEmpty() || text.length() > MAX_SUBDOMAIN) {
            return false;
        }
        for (String part : text.split("\\.", -1)) {
            if (!LABEL.matcher(part).matches()) {
                return false;
            }
        }
        return true;
    }

    /** A host name without wildcard; case does not matter, the last label is not a number. */
    public static boolean isHost(String text) {
        if (text.isEmpty() || text.length() > MAX_HOST) {
            return false;
        }
        String[] parts = text.split("\\.", -1);
        for (String part : parts) {
            if (part.length() > MAX_LABEL || !HOST_LABEL.matcher(part).matches()) {
                return false;
            }
        }
        return !parts[parts.length - 1].chars().allMatch(Character::isDigit);
    }

    /** A host name, "*", or a host name with a wildcard at the start of its first label: "*.x.y", "*-z.x.y". */
    public static boolean isWildcardHost(String text) {
        if (text.equals("*")) {
            return true;
        }
        if (!text.startsWith("*")) {
            return isHost(text);
        }
        String rest =
                text.startsWith("*.") ? text.substring(2) : text.substring(1).replaceFirst("^-", "");
        return isHost(rest);
    }

    /** The name of a container's port: at most 15 characters, with a letter among them. */
    public static boolean isPortName(String text) {
        return text.length() <= MAX_PORT_NAME
                && LABEL.matcher(text).matches()
                && text.chars().anyMatch(Character::isLetter);
    }

    /** The value of a label in Kubernetes. */
    public static boolean isLabelValue(String text) {
        return text.length() <= MAX_LABEL && LABEL_VALUE.matcher(text).matches();
    }

    /** The key of a label: a name, maybe after "DOMAIN/". */
    public static boolean isQualifiedName(String text) {
        int slash = text.indexOf('/');
        if (slash >= 0 && !isSubdomain(text.substring(0, slash))) {
            return false;
        }
        String name = text.substring(slash + 1);
        return !name.isEmpty() && isLabelValue(name);
    }
}
