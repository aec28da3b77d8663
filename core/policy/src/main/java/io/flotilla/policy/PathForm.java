package io.flotilla.policy;

import io.flotilla.api.mesh.v1alpha1.MeshConfig.ProxyPathNormalization.NormalizationType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Paths as Envoy normalises them, and as policies compare them. */
final class PathForm {
    private static final Pattern SLASHES = Pattern.compile("(?i)%2f|%5c");
    private static final Pattern SEVERAL = Pattern.compile("/{2,}");
    // "..;x" goes up too, as some servers take it; "%2e%2e;x" does not.
    private static final Pattern PARAMETERS = Pattern.compile("/(\\.\\.?);[^/]*");
    private static final Pattern ESCAPED = Pattern.compile("%([0-9a-fA-F]{2})");
    private static final String UNRESERVED = "-._~";
    // Envoy writes these as escapes.
    private static final String ESCAPES = "\"<>^`{|}";
    private static final String ANY_SEGMENT = "{*}";
    private static final String ANY_SEGMENTS = "{**}";

    private PathForm() {}

    /** The path that policies see, without query. */
    static String of(NormalizationType type, String target) {
        String path = target.split("[?#]", 2)[0];
        return switch (type) {
            case NONE -> path;
            case DEFAULT, BASE, UNRECOGNIZED -> base(path);
            case MERGE_SLASHES -> merged(base(path));
            case DECODE_AND_MERGE_SLASHES ->
                merged(base(SLASHES.matcher(path)
                        .replaceAll(
                                found -> found.group().toLowerCase(Locale.ROOT).equals("%2f") ? "/" : "\\\\")));
        };
    }

    /** The same with the query. */
    static String whole(NormalizationType type, String target) {
        int query = target.indexOf('?');
        return of(type, target) + (query < 0 ? "" : target.substring(query));
    }

    // Envoy leaves two of a path that is nothing but slashes.
    private static String merged(String path) {
        String merged = SEVERAL.matcher(path).replaceAll("/");
        return merged.equals("/") && path.length() > 1 ? "//" : merged;
    }

    /** RFC 3986, 5.2.4 and 6.2.2: dot segments, also escaped ones; a backslash is a slash. */
    private static String base(String path) {
        if (!path.startsWith("/")) {
            return path;
        }
        List<String> kept = new ArrayList<>();
        String[] segments = PARAMETERS
                .matcher(path)
                .replaceAll("/$1")
                .replace('\\', '/')
                .substring(1)
                .split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            String plain = plain(segments[i]);
            switch (plain) {
                case "." -> close(kept, last);
                case ".." -> {
                    if (!kept.isEmpty()) {
                        kept.removeLast();
                    }
                    close(kept, last);
                }
                default -> kept.add(plain);
            }
        }
        return "/" + String.join("/", kept);
    }

    /** RFC 3986, 6.2.2.2: what needs no escape has none. */
    private static String plain(String segment) {
        String unescaped = ESCAPED.matcher(segment).replaceAll(found -> {
            int is = Integer.parseInt(found.group(1), 16);
            return isUnreserved(is) ? Character.toString(is) : found.group();
        });
        StringBuilder plain = new StringBuilder();
        unescaped
                .chars()
                .forEach(each ->
                        plain.append(ESCAPES.indexOf(each) < 0 ? Character.toString(each) : "%%%02X".formatted(each)));
        return plain.toString();
    }

    private static boolean isUnreserved(int character) {
        return character < 0x80 && (Character.isLetterOrDigit(character) || UNRESERVED.indexOf(character) >= 0);
    }

    private static void close(List<String> kept, boolean last) {
        if (last) {
            kept.add("");
        }
    }

    static boolean isTemplate(String pattern) {
        return pattern.contains(ANY_SEGMENT) || pattern.contains(ANY_SEGMENTS);
    }

    /** "{*}" is one segment that is not empty, "{**}" any number of them, also none. */
    static boolean fits(String template, String path) {
        return fits(template.split("/", -1), 0, path, 0);
    }

    // "at" is where the next segment of the path begins.
    private static boolean fits(String[] template, int part, String path, int at) {
        boolean last = part == template.length - 1;
        if (template[part].equals(ANY_SEGMENTS)) {
            if (last) {
                return true;
            }
            for (int slash = path.indexOf('/', at); slash >= 0; slash = path.indexOf('/', slash + 1)) {
                if (fits(template, part + 1, path, slash + 1)) {
                    return true;
                }
            }
            return false;
        }
        int slash = path.indexOf('/', at);
        String segment = slash < 0 ? path.substring(at) : path.substring(at, slash);
        boolean here = template[part].equals(ANY_SEGMENT) ? !segment.isEmpty() : template[part].equals(segment);
        return here && (last ? slash < 0 : slash >= 0 && fits(template, part + 1, path, slash + 1));
    }
}
