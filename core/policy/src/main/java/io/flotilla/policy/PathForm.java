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
    private static final Pattern DOT = Pattern.compile("(?i)%2e");
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

    private static String merged(String path) {
        return SEVERAL.matcher(path).replaceAll("/");
    }

    /** RFC 3986, 5.2.4: dot segments, also escaped ones; a backslash is a slash. */
    private static String base(String path) {
        if (!path.startsWith("/")) {
            return path;
        }
        List<String> kept = new ArrayList<>();
        String[] segments = path.replace('\\', '/').substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            // A segment with parameters is what its name says: "..;x" goes up too.
            String plain = DOT.matcher(segments[i]).replaceAll(".");
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
